"""Starts apig-mock as a process of its own, from where npm has installed it."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import List, Optional, Sequence

from .client import ApigMock

_READY_WITHIN_S = 30.0
_STOPPED_WITHIN_S = 5.0
_POLL_S = 0.01


class StartError(RuntimeError):
    """The mock is not installed, or ended before it was ready; the message is one line."""


def find_command(folder: Optional[Path] = None) -> List[str]:
    """The command that starts the mock.

    `APIG_MOCK_COMMAND`, else the package that npm installed in `folder` (default: the current one) or a folder above
    it, else the package that this module is part of, else `apig-mock` on the PATH.
    """
    given = os.environ.get("APIG_MOCK_COMMAND", "")
    if given.strip():
        return shlex.split(given)
    here = (folder or Path.cwd()).resolve()
    scripts = [place / "node_modules" / "apig-mock" / "dist" / "cli.js" for place in (here, *here.parents)]
    scripts.append(Path(__file__).resolve().parents[3] / "dist" / "cli.js")
    node = shutil.which("node")
    for script in scripts:
        if script.is_file():
            if node is None:
                raise StartError("apig-mock needs Node 20.19 or newer: there is no node on the PATH")
            return [node, str(script)]
    on_path = shutil.which("apig-mock")
    if on_path is None:
        raise StartError(
            "apig-mock is not installed: run `npm install --save-dev apig-mock`, or set APIG_MOCK_COMMAND or APIG_MOCK_URL"
        )
    return [on_path]


class _Process:
    def __init__(self, command: Sequence[str], arguments: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="apig-mock-")
        self._port_file = Path(self._folder.name) / "port"
        self._log_file = Path(self._folder.name) / "log"
        whole = [*command, "--port", "0", "--port-file", str(self._port_file), "--log-level", "warn", *arguments]
        try:
            with self._log_file.open("wb") as log:
                # A group of its own: a Ctrl-C at the terminal is for the tests, which stop the mock themselves.
                self._child = subprocess.Popen(
                    whole,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={name: value for name, value in os.environ.items() if name != "APIG_MOCK_COMMAND"},
                    start_new_session=True,
                )
        except OSError as cause:
            self._folder.cleanup()
            raise StartError(f"apig-mock could not be started: {cause}") from None

    def port(self) -> int:
        """Waits until the mock is ready; the file is written whole once it is."""
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._port_file.is_file() or not self._port_file.read_text().strip():
            if self._child.poll() is not None:
                raise self._failed(f"ended with exit code {self._child.returncode} before it was ready")
            if time.monotonic() > deadline:
                raise self._failed(f"was not ready within {_READY_WITHIN_S:.0f} s")
            time.sleep(_POLL_S)
        return int(self._port_file.read_text())

    def _failed(self, what: str) -> StartError:
        lines = self._log_file.read_text(errors="replace").strip().splitlines()
        self.stop()
        return StartError(f"apig-mock {what}" + (f": {lines[-1]}" if lines else ""))

    def stop(self) -> None:
        if self._child.poll() is None:
            self._child.send_signal(signal.SIGTERM)
            try:
                self._child.wait(_STOPPED_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._folder.cleanup()


def start(*arguments: str, folder: Optional[Path] = None) -> ApigMock:
    """Starts a mock on a free port, with these arguments of the command (such as `"--strict"`); `close()` stops it."""
    process = _Process(find_command(folder), arguments)
    url = f"http://127.0.0.1:{process.port()}"
    return ApigMock(url, on_close=process.stop)
