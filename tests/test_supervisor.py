"""The supervisor: children come back, one end for all of them, and a reason instead of an endless loop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import supervisor
from portal.settings import SettingsError
from portal.supervisor import Child, Supervisor, port_of
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.system

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"
# A server that leaves a worker behind when it is killed outright.
WITH_WORKER = (
    "import subprocess, sys, time;"
    "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('worker', worker.pid, flush=True); time.sleep(600)"
)


def _child(name: str, script: str) -> Child:
    return Child(name=name, command=[sys.executable, "-c", script], environ=dict(os.environ))


def _lives(pid: int) -> bool:
    try:
        # A process that ended but was not collected yet is no longer alive.
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


class Running:
    """A supervisor in a thread of this process, and what it printed."""

    def __init__(self, *children: Child, is_ready: Callable[[], bool] = lambda: True) -> None:
        self.supervisor = Supervisor(children, is_ready=is_ready, ready_line="all is up")
        self.lines: list[str] = []
        self.supervisor.write = lambda name, line: self.lines.append(f"{name} | {line}")  # type: ignore[method-assign]
        self.code: int | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.code = self.supervisor.run()

    def said(self, text: str) -> bool:
        return any(text in line for line in list(self.lines))

    def end(self) -> int | None:
        self.supervisor.end()
        self._thread.join(PATIENCE_SECONDS)
        return self.code


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    # The thread that starts children is not the main one here, and Linux would take its end for the supervisor's.
    monkeypatch.setattr(supervisor, "_LIBC", None)
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 1.0)


@pytest.fixture
def running(quick: None) -> Iterator[Running]:
    result = Running(_child("web", SLEEPS), _child("work", SLEEPS))
    yield result
    result.end()


def test_lines_carry_the_name_of_who_said_them(running: Running) -> None:
    until(lambda: running.said("web | up") and running.said("work | up") and running.said("ready | all is up"))
    assert running.end() == 0


def test_a_killed_child_comes_back(running: Running) -> None:
    web = running.supervisor.children[0]
    until(lambda: running.said("web | up"))
    assert web.process is not None
    os.kill(first := web.process.pid, signal.SIGKILL)
    until(lambda: web.process is not None and web.process.pid != first and web.process.poll() is None)
    assert running.said("ended with code -9")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_outlives_a_killed_child_or_the_end(quick: None) -> None:
    running = Running(_child("web", WITH_WORKER))
    web = running.supervisor.children[0]
    workers: list[int] = []

    def seen(count: int) -> bool:
        workers[:] = [int(line.rsplit(" ", 1)[1]) for line in running.lines if line.startswith("web | worker")]
        return len(workers) == count

    until(lambda: seen(1))
    assert web.process is not None
    web.process.kill()
    until(lambda: seen(2))
    assert not _lives(workers[0])
    assert running.end() == 0
    until(lambda: not _lives(workers[1]))


def test_a_child_that_ignores_the_end_is_killed(quick: None) -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    running = Running(_child("web", stubborn))
    until(lambda: running.said("web | up"))
    assert running.end() == 0
    assert running.said("killed")


def test_a_child_that_cannot_start_ends_everything(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_SECONDS", 0.01)
    running = Running(_child("web", "raise SystemExit('no content')"), _child("work", SLEEPS), is_ready=lambda: False)
    until(lambda: running.code is not None)
    assert running.code == 1
    assert running.said("web | no content")
    assert running.said("giving up")
    work = running.supervisor.children[1].process
    assert work is not None and work.poll() is not None


@pytest.mark.parametrize("named", ["0", "70000", "eight", "-1"])
def test_a_port_that_is_none_is_named(named: str) -> None:
    with pytest.raises(SettingsError, match=f"'{named}'"):
        port_of({"PORT": named})


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match=str(taken.getsockname()[1])):
            port_of({"PORT": str(taken.getsockname()[1])})


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells children of their parent's death")
def test_children_end_when_the_supervisor_is_killed_outright() -> None:
    script = (
        "import os, sys; from portal.supervisor import Child, Supervisor;"
        f"child = Child(name='web', command=[sys.executable, '-c', {SLEEPS!r}], environ=dict(os.environ));"
        "shown = lambda: bool(child.process and not print(child.process.pid, flush=True));"
        "Supervisor([child], is_ready=shown, ready_line='up').run()"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as main:
        assert main.stdout is not None
        child = int(next(line for line in main.stdout if line.strip().isdecimal()))
        assert _lives(child)
        main.kill()
        until(lambda: not _lives(child))
