"""What the calls of `/__admin` take and return, as `GET /__admin/openapi.json` of the mock describes it.

`tests/test_types.py` compares the members with that description.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, Literal, Optional, TypedDict

TaskType = Literal["import_api", "export_api"]
TaskStatus = Literal["waiting", "processing", "succeed", "failed"]


class _SucceedOutcome(TypedDict):
    status: Literal["succeed"]


class Succeed(_SucceedOutcome, total=False):
    task_result: str


class Failed(TypedDict):
    status: Literal["failed"]
    error_code: str
    error_msg: str


if sys.version_info >= (3, 10):
    Outcome = Succeed | Failed
else:
    from typing import Union

    Outcome = Union[Succeed, Failed]


class _Mode(TypedDict):
    mode: Literal["time", "polls", "manual", "immediate"]


class Plan(_Mode, total=False):
    """What moves a task: the clock (ms), reads, a call of `tasks.step`, or nothing but its creation."""

    waiting_ms: int
    processing_ms: int
    waiting_polls: int
    processing_polls: int
    outcome: Outcome


class _Task(TypedDict):
    task_id: str
    task_type: TaskType
    task_status: TaskStatus
    #: JSON as a text; empty until the task has ended.
    task_result: str
    plan: Plan
    #: A seed that stays in its state for ever.
    hold: bool
    #: How often the task was read.
    polls: int
    #: RFC 3339, by the clock of its project, as are the other times.
    created_at: str


class Task(_Task, total=False):
    #: Why it failed, or what an import left out.
    reason: str
    #: The file that is imported, or the group that is exported.
    subject: str
    project_id: str
    instance_id: str
    started_at: str
    ended_at: str


class Clock(TypedDict):
    #: `system` runs, `manual` stands still until it is advanced.
    mode: Literal["system", "manual"]
    #: RFC 3339.
    now: str
    #: Whether this scope has a clock of its own.
    own: bool


class _Fault(TypedDict):
    id: str
    action: Dict[str, Any]
    #: How often it was triggered.
    hits: int
    #: How many requests matched it.
    seen: int


class Fault(_Fault, total=False):
    operation: str
    method: str
    project_id: str
    instance_id: str
    task_id: str
    after: int
    times: int
    probability: float
    phase: str


class _Request(TypedDict):
    id: int
    at: str
    #: The provider's name of the operation; `None` for what is not emulated.
    operation: Optional[str]
    method: str
    path: str
    project_id: Optional[str]
    instance_id: Optional[str]
    task_id: Optional[str]
    credentials: str
    #: 0 when the connection was cut before a response.
    status: int
    duration_ms: float
    request_id: str


class Request(_Request, total=False):
    """An entry of the journal."""

    error_code: str
    #: Why it was rejected.
    reason: str
    fault_id: str
