"""The plugin and the start of the mock, in sessions of their own."""

import sys

import pytest

from apig_mock import ApigMock, StartError, start
from apig_mock.process import find_command

ONE = "def test_one(apig_project):\n    assert apig_project.tasks.create()['task_status'] == 'waiting'\n"


@pytest.fixture
def session(pytester, monkeypatch):
    """Runs pytest in a process of its own, in an empty folder."""
    monkeypatch.delenv("APIG_MOCK_URL", raising=False)
    return lambda *arguments: pytester.runpytest_subprocess("-p", "apig_mock.pytest_plugin", *arguments)


def test_a_session_starts_a_mock_and_stops_it(pytester, session):
    pytester.makepyfile(ONE + "def test_url(apig_mock):\n    open('url', 'w').write(apig_mock.url)\n")
    session().assert_outcomes(passed=2)
    with pytest.raises(ConnectionError):
        ApigMock((pytester.path / "url").read_text()).ready()


def test_a_session_takes_the_mock_of_the_environment_and_leaves_it_running(apig_mock, pytester, session, monkeypatch):
    monkeypatch.setenv("APIG_MOCK_URL", apig_mock.url)
    pytester.makepyfile(f"def test_url(apig_mock):\n    assert apig_mock.url == {apig_mock.url!r}\n")
    session().assert_outcomes(passed=1)
    apig_mock.ready()


def test_each_test_has_a_project_of_its_own_that_is_reset(apig_mock, pytester, session, monkeypatch):
    monkeypatch.setenv("APIG_MOCK_URL", apig_mock.url)
    case = "def test_{0}(apig_project):\n    apig_project.tasks.create(task_id='t')\n    open('{0}', 'w').write(apig_project.id)\n"
    pytester.makepyfile(case.format("a") + case.format("b"))
    session().assert_outcomes(passed=2)
    first, second = ((pytester.path / name).read_text() for name in "ab")
    assert first != second
    for project in (first, second):
        assert "t" not in [task["task_id"] for task in apig_mock.project(project).tasks.list()]


def test_the_arguments_of_the_settings_reach_the_mock(pytester, session):
    pytester.makeini("[pytest]\napig_mock_args = --clock manual --seed x\n")
    pytester.makepyfile("def test_clock(apig_project):\n    assert apig_project.clock.get()['mode'] == 'manual'\n")
    session().assert_outcomes(passed=1)


def test_a_failure_shows_the_requests_of_its_project_alone(apig_mock, pytester, session, monkeypatch):
    monkeypatch.setenv("APIG_MOCK_URL", apig_mock.url)
    pytester.makepyfile(
        """
        import urllib.error, urllib.request

        def test_fails(apig_project):
            try:
                urllib.request.urlopen(apig_project.url + "/async-tasks/t1")
            except urllib.error.HTTPError as cause:
                cause.close()
            assert False

        def test_sends_nothing(apig_project):
            assert False
        """
    )
    result = session()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*requests to apig-mock*", "GET /v2/*/async-tasks/t1 -> 401*APIG.1002*"])
    result.stdout.fnmatch_lines(["*requests to apig-mock*", "none came"])


@pytest.mark.parametrize(
    "name, value, line",
    [
        ("APIG_MOCK_URL", "http://127.0.0.1:1", "*no apig-mock responds at http://127.0.0.1:1*"),
        ("APIG_MOCK_URL", "localhost", "*'localhost' is not an address such as http://127.0.0.1:8080*"),
        ("APIG_MOCK_COMMAND", "/no/such/command", "*apig-mock could not be started:*/no/such/command*"),
        ("APIG_MOCK_WORKERS", "none", "*apig-mock ended with exit code 2 before it was ready:*APIG_MOCK_WORKERS*"),
    ],
)
def test_a_session_that_has_no_mock_ends_with_one_line(pytester, session, monkeypatch, name, value, line):
    pytester.makepyfile(ONE + ONE.replace("one", "two"))
    monkeypatch.setenv(name, value)
    result = session()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines([f"!*apig_mock: {line}"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_the_command_is_the_one_that_npm_installed_nearest(tmp_path, monkeypatch):
    monkeypatch.delenv("APIG_MOCK_COMMAND", raising=False)
    script = tmp_path / "node_modules" / "apig-mock" / "dist" / "cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    below = tmp_path / "services" / "orders"
    below.mkdir(parents=True)
    assert find_command(below)[1:] == [str(script)]
    monkeypatch.setenv("APIG_MOCK_COMMAND", "node 'my mock/cli.js'")
    assert find_command(below) == ["node", "my mock/cli.js"]


def test_no_node_is_one_line(tmp_path, monkeypatch):
    monkeypatch.delenv("APIG_MOCK_COMMAND", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match="Node 20.19 or newer"):
        find_command()


def test_a_mock_that_never_becomes_ready_is_ended(monkeypatch):
    monkeypatch.setattr("apig_mock.process._READY_WITHIN_S", 0.05)
    waits = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
    monkeypatch.setenv("APIG_MOCK_COMMAND", f"{sys.executable} -c '{waits}'")
    with pytest.raises(StartError, match="was not ready within"):
        start()


def test_a_mock_can_be_started_without_pytest():
    with start("--clock", "manual") as mock:
        assert mock.project().clock.get()["mode"] == "manual"
    with pytest.raises(ConnectionError):
        mock.ready()
