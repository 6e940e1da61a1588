"""The pytest plugin: one mock for the session, one project for each test, and its requests in the report of a failure."""

from __future__ import annotations

import os
import shlex
from typing import Any, Generator

import pytest

from .client import ApigMock, Project
from .process import StartError, start

_PROJECT = pytest.StashKey[Project]()
_SHOWN = 50


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("apig_mock_args", "arguments of the mock that is started, such as --strict", default="")


@pytest.fixture(scope="session")
def apig_mock(pytestconfig: pytest.Config) -> Generator[ApigMock, None, None]:
    """The mock of this session: the one at `APIG_MOCK_URL`, else one that is started here and stopped at the end."""
    url = os.environ.get("APIG_MOCK_URL", "").strip()
    try:
        if url:
            mock = ApigMock(url)
            mock.ready()
        else:
            mock = start(*shlex.split(pytestconfig.getini("apig_mock_args")), folder=pytestconfig.rootpath)
    except (StartError, ConnectionError, ValueError) as cause:
        pytest.exit(f"apig_mock: {cause}", returncode=pytest.ExitCode.USAGE_ERROR)
    with mock:
        yield mock


@pytest.fixture
def apig_project(apig_mock: ApigMock, request: pytest.FixtureRequest) -> Generator[Project, None, None]:
    """A project that no other test meets; it is reset at the end of the test."""
    project = apig_mock.project()
    request.node.stash[_PROJECT] = project
    yield project
    project.reset()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, None]:
    report = (yield).get_result()
    project = item.stash.get(_PROJECT, None)
    if report.when == "call" and report.failed and project is not None:
        report.sections.append(("requests to apig-mock", _journal(project)))


def _journal(project: Project) -> str:
    try:
        entries = project.requests.list()
    except Exception as cause:  # The report of the test's own failure goes first, whatever happens here.
        return f"not available: {cause}"
    lines = [
        f"{entry['method']} {entry['path']} -> {entry['status']}"
        + "".join(f"  {entry[name]}" for name in ("error_code", "reason") if name in entry)
        for entry in entries[-_SHOWN:]
    ]
    return "\n".join(lines or ["none came"])
