"""The client of `/__admin`: one method for each call, and a handle that binds them to one project."""

from __future__ import annotations

import json
import os
import uuid
from datetime import datetime
from typing import Any, Callable, Dict, List, Optional
from urllib import error, parse, request

from .types import Clock, Fault, Outcome, Plan, Request, Task, TaskStatus, TaskType

_TIMEOUT_S = 30.0
#: How much longer than a wait its HTTP request may take.
_MARGIN_S = 10.0
_WAIT_S = 30.0
_DEFAULT_INSTANCE = "i1"
_DEFAULT_TOKEN = "dev-token"


class AdminError(Exception):
    """A call of `/__admin` was rejected; the message holds the reason."""

    def __init__(self, status: int, body: Dict[str, Any], reason: Optional[str]) -> None:
        self.status = status
        self.code = body.get("error_code")
        #: What the response had beside the error, such as the task that a wait was for.
        self.body = body
        self.reason = reason
        text = body.get("error_msg", "")
        super().__init__(f"{status}: {text}" + (f" ({reason})" if reason and reason not in text else ""))


class VerificationError(AssertionError):
    """The requests are not what was expected; the message shows the nearest ones, member by member."""

    def __init__(self, verification: Dict[str, Any]) -> None:
        self.verification = verification
        lines = [f"expected {verification['expected']}, got {verification['count']}"]
        if "reason" in verification:
            lines.append(verification["reason"])
        for near in verification["nearest"]:
            entry = near["request"]
            lines.append(f"  {entry['method']} {entry['path']} -> {entry['status']}")
            for name, pair in near["differs"].items():
                lines.append(f"    {name}: expected {pair.get('expected')!r}, was {pair.get('actual')!r}")
        if not verification["nearest"] and verification["count"] == 0:
            lines.append("  no request came")
        super().__init__("\n".join(lines))


def _given(**members: Any) -> Dict[str, Any]:
    """Without what the caller left out."""
    return {name: value for name, value in members.items() if value is not None}


class ApigMock:
    """A running mock. `close()`, or the end of its `with` block, stops it if `start` has started it."""

    def __init__(
        self, url: str, *, admin_token: Optional[str] = None, on_close: Callable[[], None] = lambda: None
    ) -> None:
        parts = parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"{url!r} is not an address such as http://127.0.0.1:8080")
        self.url = url.rstrip("/")
        self._admin_token = admin_token or os.environ.get("APIG_MOCK_ADMIN_TOKEN")
        self._on_close = on_close
        # Whatever proxy the environment names: a mock is near.
        self._opener = request.build_opener(request.ProxyHandler({}))

    def __enter__(self) -> ApigMock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        on_close, self._on_close = self._on_close, lambda: None
        on_close()

    def project(self, project_id: Optional[str] = None, *, instance_id: str = _DEFAULT_INSTANCE) -> Project:
        """The handle of a project; without an id, of one that nobody else has."""
        return Project(self, project_id or uuid.uuid4().hex, instance_id)

    def reset(self) -> None:
        """Resets everything, all projects included, to the state at the start."""
        self.call("POST", "/__admin/reset", {})

    def ready(self) -> None:
        """Raises unless the mock responds."""
        self.call("GET", "/__admin/ready")

    def call(
        self,
        method: str,
        path: str,
        body: Optional[Dict[str, Any]] = None,
        *,
        query: Optional[Dict[str, Any]] = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> Any:
        """One call of `/__admin`, for those without a method here. Raises `AdminError`, or `ConnectionError`."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        if self._admin_token:
            headers["Authorization"] = f"Bearer {self._admin_token}"
        address = self.url + path + (f"?{parse.urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        sent = request.Request(address, data=data, method=method, headers=headers)
        try:
            with self._opener.open(sent, timeout=timeout_s) as response:
                text = response.read()
        except error.HTTPError as cause:
            with cause:
                raise AdminError(cause.code, _object(cause.read()), cause.headers.get("X-Mock-Reason")) from None
        except error.URLError as cause:
            raise ConnectionError(f"no apig-mock responds at {self.url}: {cause.reason}") from None
        return json.loads(text) if text else None


def _object(text: bytes) -> Dict[str, Any]:
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"error_msg": text.decode(errors="replace")}


class Project:
    """One project of a mock: its tasks, plans, clock, faults and journal are its own, so tests never meet."""

    def __init__(self, mock: ApigMock, project_id: str, instance_id: str) -> None:
        self.mock = mock
        self.id = project_id
        #: The instance of what is created without one.
        self.instance_id = instance_id
        #: The mock's address, for clients that take an endpoint and a project id.
        self.endpoint = mock.url
        #: Where the emulated API of the instance begins: followed by `/openapi/async-import`, for example.
        self.url = f"{mock.url}/v2/{project_id}/apigw/instances/{instance_id}"
        #: A static token; it never expires.
        self.token = os.environ.get("APIG_MOCK_TOKENS", _DEFAULT_TOKEN).split(",")[0].strip()
        self.tasks = Tasks(self)
        self.plans = Plans(self)
        self.clock = ProjectClock(self)
        self.faults = Faults(self)
        self.requests = Requests(self)
        self.tokens = Tokens(self)

    def wait_idle(self, timeout_s: float = _WAIT_S) -> None:
        """Waits until no task is unfinished. `AdminError`: 408 in time, 409 when one never will end."""
        query = {"project_id": self.id, "timeout_ms": round(timeout_s * 1000)}
        self.mock.call("GET", "/__admin/idle", query=query, timeout_s=timeout_s + _MARGIN_S)

    def reset(self, *only: str) -> None:
        """Resets the project to its start, or parts of it: tasks, apis, journal, faults, plans, clock."""
        self.mock.call("POST", "/__admin/reset", _given(project_id=self.id, only=list(only) or None))


class _Part:
    def __init__(self, project: Project) -> None:
        self._project = project

    def _get(self, path: str, /, *, timeout_s: float = _TIMEOUT_S, **query: Any) -> Any:
        whole = {"project_id": self._project.id, **_given(**query)}
        return self._project.mock.call("GET", path, query=whole, timeout_s=timeout_s)

    def _send(self, method: str, path: str, /, **members: Any) -> Any:
        return self._project.mock.call(method, path, {"project_id": self._project.id, **_given(**members)})

    def _delete(self, path: str) -> None:
        self._project.mock.call("DELETE", path, query={"project_id": self._project.id})


class Tasks(_Part):
    def create(
        self,
        task_type: TaskType = "import_api",
        *,
        task_id: Optional[str] = None,
        instance_id: Optional[str] = None,
        plan: Optional[Plan] = None,
        outcome: Optional[Outcome] = None,
    ) -> Task:
        """Creates a task without a file, for tests of polling alone."""
        place = instance_id or self._project.instance_id
        return self._send(
            "POST",
            "/__admin/tasks",
            **{"instance_id": place, "task_type": task_type, "task_id": task_id, "plan": plan, "outcome": outcome},
        )

    def list(self, *, task_type: Optional[TaskType] = None, task_status: Optional[TaskStatus] = None) -> List[Task]:
        """The tasks of the project, at most 1000."""
        return self._get("/__admin/tasks", task_type=task_type, task_status=task_status, limit=1000)["tasks"]

    def get(self, task_id: str) -> Task:
        return self._get(f"/__admin/tasks/{parse.quote(task_id, safe='')}")

    def step(self, task_id: str) -> Task:
        """Moves a task whose plan is manual on by one state."""
        path = f"/__admin/tasks/{parse.quote(task_id, safe='')}/step?project_id={self._project.id}"
        return self._project.mock.call("POST", path, {})

    def wait(self, task_id: str, *, until: Optional[TaskStatus] = None, timeout_s: float = _WAIT_S) -> Task:
        """Waits until the task is in a state, or has ended. `AdminError`: 408 in time, 409 when it never will be."""
        path = f"/__admin/tasks/{parse.quote(task_id, safe='')}/wait"
        limit = {"timeout_ms": round(timeout_s * 1000), "timeout_s": timeout_s + _MARGIN_S}
        return self._get(path, until=until, **limit)


class Plans(_Part):
    def set(self, plan: Plan, *, task_type: Optional[TaskType] = None, times: Optional[int] = None) -> None:
        """How tasks created from now on move: all, those of a type, or the next few."""
        self._send("PUT", "/__admin/plan", plan=plan, task_type=task_type, times=times)

    def clear(self) -> None:
        """Back to the plan of the mock's settings."""
        self._delete("/__admin/plan")


class ProjectClock(_Part):
    """The project's own clock from the first change on; until then, the main one."""

    def get(self) -> Clock:
        return self._get("/__admin/clock")

    def time(self) -> float:
        """What it shows, in seconds since 1970: in place of `time.time` of a client under test."""
        return datetime.fromisoformat(self.get()["now"].replace("Z", "+00:00")).timestamp()

    def freeze(self, at: Optional[str] = None) -> Clock:
        """Stops it, now or at a time in RFC 3339."""
        return self._send("PUT", "/__admin/clock", mode="manual", now=at)

    def resume(self) -> Clock:
        return self._send("PUT", "/__admin/clock", mode="system")

    def advance(self, seconds: float) -> Clock:
        """Moves it on; returns once everything that fell due has happened. In place of `time.sleep` of a client."""
        return self._send("POST", "/__admin/clock/advance", ms=round(seconds * 1000))


class Faults(_Part):
    def add(
        self,
        type: str = "error",  # noqa: A002
        *,
        operation: Optional[str] = None,
        method: Optional[str] = None,
        instance_id: Optional[str] = None,
        task_id: Optional[str] = None,
        after: Optional[int] = None,
        times: Optional[int] = None,
        probability: Optional[float] = None,
        phase: Optional[str] = None,
        retry_after_s: Optional[int] = None,
        **action: Any,
    ) -> Fault:
        """Injects a failure into requests of the project.

        `type`: error (`status`, `error_code`, `error_msg`, `headers`, `retry_after_s`), delay (`ms`), reset, empty,
        truncate, malformed or dribble (`ms`). `after`: requests let through first; `times`: how often, by default always.
        """
        if retry_after_s is not None:
            action["retry_after_s"] = retry_after_s
        match = {"operation": operation, "method": method, "instance_id": instance_id, "task_id": task_id}
        often = {"after": after, "times": times, "probability": probability, "phase": phase}
        return self._send("POST", "/__admin/faults", action={"type": type, **action}, **match, **often)

    def list(self) -> List[Fault]:
        return self._get("/__admin/faults")["faults"]

    def clear(self) -> None:
        self._delete("/__admin/faults")

    def assert_all_used(self) -> None:
        """Raises `AssertionError` when a fault was never triggered, or less often than its `times`."""
        unused = [fault for fault in self.list() if fault["hits"] < fault.get("times", 1)]
        if unused:
            lines = [f"  {f['action']} {f.get('operation', 'any operation')}: {f['hits']} hits" for f in unused]
            raise AssertionError("\n".join(["faults that were not used up:", *lines]))


class Requests(_Part):
    def list(self, **filters: Any) -> List[Request]:
        """The journal of the project, by `operation`, `method`, `instance_id`, `task_id` and `status`."""
        return self._get("/__admin/requests", **filters)["requests"]

    def verify(
        self,
        *,
        exactly: Optional[int] = None,
        at_least: Optional[int] = None,
        at_most: Optional[int] = None,
        **filters: Any,
    ) -> None:
        """Raises `VerificationError` unless so many requests match (at least one where no number is given)."""
        numbers = {"exactly": exactly, "at_least": at_least, "at_most": at_most}
        verification = self._send("POST", "/__admin/requests/verify", **numbers, **filters)
        if not verification["satisfied"]:
            raise VerificationError(verification)

    def clear(self) -> None:
        self._delete("/__admin/requests")


class Tokens(_Part):
    def issue(self, *, ttl_s: Optional[float] = None) -> str:
        """A token for the project, good for so many seconds of its clock (default: the setting of the mock)."""
        members = {"project": self._project.id, **_given(ttl_ms=None if ttl_s is None else round(ttl_s * 1000))}
        return self._project.mock.call("POST", "/__admin/tokens", members)["token"]

    def expire(self, token: str) -> None:
        """Ends an issued token before its time: the next request with it gets 401."""
        self._project.mock.call("POST", "/__admin/tokens/expire", {"token": token})
