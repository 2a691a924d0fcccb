"""Servers that are measured: granian with one of the applications, nginx with files or before an application."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.measure import SERVER_CORE
from bench.programs import BROTLI_MODULE, NGINX, TASKSET
from portal.settings import PROJECT

STARTS_WITHIN_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running server: the process whose tree does the work, and where it listens."""

    pid: int
    port: int

    def url(self, path: str) -> str:
        """The address of a path on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def granian(
    target: str, *, environ: Mapping[str, str], workers: int = 1, pinned: bool = True, path: str = "/readyz"
) -> Iterator[Server]:
    """Run an application (`bench.apps:name`) until the block ends; `path` must answer before it begins."""
    port = free_port()
    pin = [str(TASKSET), "-c", SERVER_CORE] if pinned else []
    command = [
        *pin, sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--respawn-failed-workers", "--log-level", "error", target,
    ]  # fmt: skip
    with _running(command, port=port, environ={**os.environ, **environ, "PORT": str(port)}, path=path) as server:
        yield server


@contextmanager
def nginx(folder: Path, config: str, *, path: str) -> Iterator[Server]:
    """Run nginx with these lines inside its http block; `@PORT@` in them is where it listens."""
    port = free_port()
    text = (
        f"load_module {BROTLI_MODULE};\n"
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;\n"
        "events { worker_connections 2048; }\nhttp {\n"
        "access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
        f"client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;\n"
        f"uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{config.replace('@PORT@', str(port))}\n}}\n"
    )
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [str(TASKSET), "-c", SERVER_CORE, str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), *user]
    with _running(command, port=port, environ=os.environ, path=path) as server:
        yield server


@contextmanager
def _running(command: list[str], *, port: int, environ: Mapping[str, str], path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, cwd=PROJECT, env=dict(environ), start_new_session=True)
    server = Server(process.pid, port)
    try:
        _wait(server, process, path=path)
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes], *, path: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            if server.get(path)[0] == 200:
                return
        except (OSError, HTTPException):
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start: {process.args}")
        time.sleep(0.05)
