"""Starts apig-mock, or connects to one, and controls it: tasks, plans, clock, faults, waits, verification."""

from .client import AdminError, ApigMock, Project, VerificationError
from .process import StartError, start
from .types import Clock, Fault, Outcome, Plan, Request, Task

__all__ = [
    "AdminError",
    "ApigMock",
    "Clock",
    "Fault",
    "Outcome",
    "Plan",
    "Project",
    "Request",
    "StartError",
    "Task",
    "VerificationError",
    "start",
]
