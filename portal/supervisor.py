"""The supervisor: runs the web server and `flask work` as child processes of one command.

Each child leads a process group of its own, which is killed with it. A child that exits is restarted with exponential
back-off; after GIVES_UP_AFTER exits in a row, each before HEALTHY_SECONDS, the supervisor stops with exit code 1.
SIGTERM and SIGINT stop all children gracefully, after GRACE_SECONDS by SIGKILL. Output of children is prefixed by name;
one line says when /readyz answers.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from types import FrameType
from urllib.parse import urlsplit

from portal.settings import PROJECT, Settings, SettingsError, from_environment

# Time that a child has to finish its requests or its job before it is killed.
GRACE_SECONDS = 10.0
# A child that lived this long was healthy: its next exit counts as the first.
HEALTHY_SECONDS = 20.0
# Ends in a row, each before HEALTHY_SECONDS, after which starting again is given up.
GIVES_UP_AFTER = 5
LONGEST_PAUSE_SECONDS = 8.0
TICK_SECONDS = 0.1
PR_SET_PDEATHSIG = 1
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


@dataclass(kw_only=True)
class Child:
    """One command that is kept running."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    ends_in_a_row: int = 0
    starts_again_at: float = 0.0
    pump: threading.Thread | None = field(default=None, repr=False)

    def start(self, write: Callable[[str, str], None]) -> None:
        """Start the command; `write` gets its name and each line it prints."""
        self.process = subprocess.Popen(  # noqa: S603  Our own command lines only.
            self.command,
            cwd=PROJECT,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if _LIBC else None,
        )
        self.started = time.monotonic()
        self.pump = threading.Thread(target=_pump, args=(self.name, self.process, write), daemon=True)
        self.pump.start()

    def signal(self, number: int) -> None:
        """Send a signal to the command and to everything it started."""
        if self.process is not None:
            _signal_group(self.process.pid, number)


class Supervisor:
    """Keeps children running until it is told to end or one of them cannot start."""

    def __init__(self, children: Sequence[Child], *, is_ready: Callable[[], bool], ready_line: str) -> None:
        self.children = children
        self._is_ready = is_ready
        self._ready_line = ready_line
        self._ending = False
        self._lock = threading.Lock()
        self._width = max(len(child.name) for child in children)

    def end(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Ask the loop to end; a signal handler."""
        self._ending = True

    def write(self, name: str, line: str) -> None:
        """Print one line under the name of who said it."""
        with self._lock:
            sys.stdout.write(f"{name:<{self._width}} | {line}\n")
            sys.stdout.flush()

    def run(self) -> int:
        """Run until the end; gives the exit code: 0 when asked to end, 1 when a child could not start."""
        for child in self.children:
            child.start(self.write)
        failed = False
        announced = False
        while not self._ending and not failed:
            failed = any([not self._keep(child) for child in self.children])  # noqa: C419  Every child is looked at.
            if not announced and self._is_ready():
                announced = True
                self.write("ready", self._ready_line)
            time.sleep(TICK_SECONDS)
        self._stop_all()
        return 1 if failed else 0

    def _keep(self, child: Child) -> bool:
        """Start the child again if it ended and its pause is over; False when that was given up."""
        now = time.monotonic()
        process = child.process
        if process is None:
            if now >= child.starts_again_at:
                child.start(self.write)
            return True
        code = process.poll()
        if code is None:
            return True
        # What a killed server leaves behind would go on answering beside its successor.
        child.signal(signal.SIGKILL)
        child.process = None
        child.ends_in_a_row = 1 if now - child.started > HEALTHY_SECONDS else child.ends_in_a_row + 1
        if child.ends_in_a_row >= GIVES_UP_AFTER:
            self.write(child.name, f"ended {child.ends_in_a_row} times in a row (last code {code}); giving up")
            return False
        pause = min(LONGEST_PAUSE_SECONDS, 0.25 * 2**child.ends_in_a_row)
        child.starts_again_at = now + pause
        self.write(child.name, f"ended with code {code}; starting again in {pause:g} s")
        return True

    def _stop_all(self) -> None:
        running = [child for child in self.children if child.process is not None]
        for child in running:
            # Only the leader is told: a server that stops its workers itself lets them finish their answers.
            if child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in running:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.write(child.name, f"did not end within {GRACE_SECONDS:g} s; killed")
            child.signal(signal.SIGKILL)
            child.process.wait()
            if child.pump is not None:
                child.pump.join(1)


def _pump(name: str, process: subprocess.Popen[bytes], write: Callable[[str, str], None]) -> None:
    if process.stdout is None:
        return
    with process.stdout:
        for line in process.stdout:
            write(name, line.decode(errors="replace").rstrip())


def _signal_group(leader: int, number: int) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):
        # The group is gone; macOS says so with a permission error when only the unreaped leader is left.
        return


def _linux_libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if sys.platform == "linux" else None


_LIBC = _linux_libc()


def _die_with_parent() -> None:
    """Let Linux end the child when the supervisor is killed outright; elsewhere the child would stay."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def server_command(settings: Settings, *, port: int) -> list[str]:
    """Give the command line of the web server: several workers that come back when they are killed."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(settings.workers), "--respawn-failed-workers",
        "--workers-kill-timeout", "5", "--log-level", "error",
        "wsgi:app",
    ]  # fmt: skip


def port_of(environ: Mapping[str, str]) -> int:
    """Give the port to listen on; raises SettingsError when PORT is no port or somebody has it."""
    named = environ.get("PORT") or "8000"
    if not named.isdecimal() or not 0 < int(named) < 65536:
        raise SettingsError(f"PORT is '{named}'; give a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(named)))
        except OSError as error:
            raise SettingsError(
                f"Port {named} cannot be used ({error.strerror}); choose another, such as PORT=8001."
            ) from None
    return int(named)


def answers(port: int, *, host: str) -> bool:
    """Whether the site on this port says that it is ready."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def supervisor_of(settings: Settings, *, port: int, environ: Mapping[str, str]) -> Supervisor:
    """Give the supervisor of one web server and one `flask work`."""
    host = urlsplit(settings.base_url).netloc
    return Supervisor(
        [
            Child(name="web", command=server_command(settings, port=port), environ=environ),
            Child(name="work", command=[*FLASK, "work"], environ=environ),
        ],
        is_ready=lambda: answers(port, host=host),
        ready_line=f"http://127.0.0.1:{port} ({settings.workers} workers; Ctrl-C ends)",
    )


def main() -> int:
    """Prepare the instance, then run the site until SIGINT or SIGTERM; gives the exit code."""
    environ = dict(os.environ, PYTHONUNBUFFERED="1")
    try:
        port = port_of(environ)
        settings = from_environment(environ)
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  The one sentence for whoever started it.
        return 2
    supervisor = supervisor_of(settings, port=port, environ=environ)
    signal.signal(signal.SIGINT, supervisor.end)
    signal.signal(signal.SIGTERM, supervisor.end)
    if not settings.instance.exists():
        # Once and alone: later starts find everything made, and whatever is missing each process makes under a lock.
        made = subprocess.run([*FLASK, "init"], cwd=PROJECT, env=environ, check=False)  # noqa: S603
        if made.returncode:
            return made.returncode
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main())
