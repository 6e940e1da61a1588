"""The types have the members that the mock's description has, and require those that it requires."""

import pytest

from apig_mock.types import Clock, Fault, Request, Task

PLACES = [
    (Task, "/__admin/tasks", "post", "201", ()),
    (Clock, "/__admin/clock", "get", "200", ()),
    (Fault, "/__admin/faults", "post", "201", ()),
    (Request, "/__admin/requests", "get", "200", ("requests",)),
]


@pytest.mark.parametrize("kind, path, method, status, inside", PLACES)
def test_members(apig_mock, kind, path, method, status, inside):
    operation = apig_mock.call("GET", "/__admin/openapi.json")["paths"][path][method]
    schema = operation["responses"][status]["content"]["application/json"]["schema"]
    for name in inside:
        schema = schema["properties"][name]["items"]
    assert set(kind.__required_keys__) == set(schema["required"])
    assert set(kind.__required_keys__ | kind.__optional_keys__) == set(schema["properties"])
