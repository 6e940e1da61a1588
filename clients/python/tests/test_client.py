"""Each call of the client, against a mock."""

import threading
import urllib.error
import urllib.request

import pytest

from apig_mock import AdminError, ApigMock, VerificationError

POLL = "ShowAsyncTaskResult"


def poll(project, task_id):
    headers = {"X-Auth-Token": project.token}
    with urllib.request.urlopen(urllib.request.Request(f"{project.url}/async-tasks/{task_id}", headers=headers)) as got:
        return got.status


def test_tasks_are_created_listed_read_and_stepped(apig_project):
    task = apig_project.tasks.create("export_api", plan={"mode": "manual"})
    assert (task["task_status"], task["project_id"], task["instance_id"]) == ("waiting", apig_project.id, "i1")
    assert apig_project.tasks.step(task["task_id"])["task_status"] == "processing"
    assert apig_project.tasks.get(task["task_id"])["task_status"] == "processing"
    listed = apig_project.tasks.list(task_status="processing", task_type="export_api")
    assert [each["task_id"] for each in listed] == [task["task_id"]]
    others = apig_project.tasks.list(task_type="import_api", task_status="processing")
    assert all(each["hold"] for each in others)  # the documented examples, which every project sees


def test_a_task_takes_an_id_an_instance_and_an_outcome(apig_project):
    outcome = {"status": "failed", "error_code": "APIG.3201", "error_msg": "no"}
    task = apig_project.tasks.create(task_id="t1", instance_id="other", plan={"mode": "immediate"}, outcome=outcome)
    assert (task["task_id"], task["instance_id"], task["task_status"]) == ("t1", "other", "failed")


def test_projects_do_not_meet(apig_mock, apig_project):
    apig_project.tasks.create(task_id="mine")
    with pytest.raises(AdminError, match="mine") as caught:
        apig_mock.project().tasks.get("mine")
    assert caught.value.status == 404


def test_the_clock_stands_moves_and_runs_again(apig_project):
    apig_project.clock.freeze("2026-03-02T09:30:00.000Z")
    at = apig_project.clock.time()
    assert at == 1772443800
    task = apig_project.tasks.create(plan={"mode": "time", "waiting_ms": 1500, "processing_ms": 500})
    assert apig_project.clock.advance(1.5)["own"] is True
    assert apig_project.clock.time() == at + 1.5
    assert apig_project.tasks.get(task["task_id"])["task_status"] == "processing"
    apig_project.clock.advance(0.5)
    assert apig_project.tasks.get(task["task_id"])["task_status"] == "succeed"
    assert apig_project.clock.resume()["mode"] == "system"


def test_a_wait_ends_with_the_task(apig_project):
    apig_project.clock.freeze()
    task_id = apig_project.tasks.create(plan={"mode": "polls", "waiting_polls": 1, "processing_polls": 0})["task_id"]
    reader = threading.Timer(0, lambda: [poll(apig_project, task_id) for _ in range(2)])
    reader.start()
    assert apig_project.tasks.wait(task_id)["task_status"] == "succeed"
    reader.join()
    apig_project.wait_idle()


def test_a_wait_that_cannot_end_is_rejected(apig_project):
    apig_project.clock.freeze()
    task_id = apig_project.tasks.create()["task_id"]
    for wait in (lambda: apig_project.tasks.wait(task_id, until="succeed"), apig_project.wait_idle):
        with pytest.raises(AdminError, match="advance") as caught:
            wait()
        assert caught.value.status == 409


def test_a_wait_ends_in_time(apig_project):
    task_id = apig_project.tasks.create(plan={"mode": "polls"})["task_id"]
    with pytest.raises(AdminError, match="waiting") as caught:
        apig_project.tasks.wait(task_id, timeout_s=0.01)
    assert (caught.value.status, caught.value.body["task_status"]) == (408, "waiting")


def test_plans_apply_to_a_type_for_some_times_and_are_cleared(apig_project):
    apig_project.clock.freeze()
    apig_project.plans.set({"mode": "immediate"}, task_type="export_api", times=1)
    states = [apig_project.tasks.create(kind)["task_status"] for kind in ("import_api", "export_api", "export_api")]
    assert states == ["waiting", "succeed", "waiting"]
    apig_project.plans.set({"mode": "immediate"})
    apig_project.plans.clear()
    assert apig_project.tasks.create()["task_status"] == "waiting"


def test_faults_are_injected_listed_and_cleared(apig_project):
    apig_project.clock.freeze()
    task_id = apig_project.tasks.create()["task_id"]
    fault = apig_project.faults.add(operation=POLL, method="GET", after=1, times=1, status=429, retry_after_s=3)
    apig_project.faults.add("reset", operation="ListApisV2")
    with pytest.raises(AssertionError, match="not used up"):
        apig_project.faults.assert_all_used()
    assert poll(apig_project, task_id) == 200
    with pytest.raises(urllib.error.HTTPError) as caught:
        poll(apig_project, task_id)
    with caught.value as rejected:
        assert (rejected.code, rejected.headers["Retry-After"]) == (429, "3")
    by_id = {each["id"]: each for each in apig_project.faults.list()}
    assert (by_id[fault["id"]]["hits"], len(by_id)) == (1, 2)
    apig_project.faults.clear()
    assert apig_project.faults.list() == []
    apig_project.faults.assert_all_used()


def test_a_fault_that_is_none_is_rejected_with_its_reason(apig_project):
    with pytest.raises(AdminError, match="ShowAsyncTaskResult"):
        apig_project.faults.add(operation="ShowAsyncTaskResults", status=500)


def test_tokens_are_issued_for_a_time_and_ended_before_it(apig_project):
    apig_project.clock.freeze()
    task_id = apig_project.tasks.create()["task_id"]
    for end in (lambda _: apig_project.clock.advance(60), apig_project.tokens.expire):
        apig_project.token = apig_project.tokens.issue(ttl_s=60)
        assert poll(apig_project, task_id) == 200
        end(apig_project.token)
        with pytest.raises(urllib.error.HTTPError) as caught:
            poll(apig_project, task_id)
        with caught.value as rejected:
            assert rejected.code == 401


def test_requests_are_listed_verified_and_cleared(apig_project):
    task_id = apig_project.tasks.create()["task_id"]
    poll(apig_project, task_id)
    assert [entry["task_id"] for entry in apig_project.requests.list(operation=POLL)] == [task_id]
    apig_project.requests.verify(operation=POLL, task_id=task_id, exactly=1)
    apig_project.requests.verify(operation=POLL, at_least=1, at_most=2)
    with pytest.raises(VerificationError, match="(?s)got 0.*status: expected 500, was 200"):
        apig_project.requests.verify(operation=POLL, status=500)
    apig_project.requests.clear()
    with pytest.raises(VerificationError, match="no request came"):
        apig_project.requests.verify(operation=POLL)


def test_a_reset_takes_all_or_parts(apig_project):
    apig_project.tasks.create(task_id="t1")
    apig_project.faults.add(status=500)
    apig_project.reset("faults")
    assert apig_project.faults.list() == []
    assert apig_project.tasks.get("t1")["task_id"] == "t1"
    apig_project.reset()
    with pytest.raises(AdminError):
        apig_project.tasks.get("t1")


def test_an_address_that_is_none_and_one_where_nobody_listens():
    with pytest.raises(ValueError, match="'localhost:8080' is not an address"):
        ApigMock("localhost:8080")
    with pytest.raises(ConnectionError, match="no apig-mock responds at http://127.0.0.1:1"):
        ApigMock("http://127.0.0.1:1").ready()


def test_a_proxy_of_the_environment_is_left_out(apig_mock, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    ApigMock(apig_mock.url).ready()
