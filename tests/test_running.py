"""The site as `make run` starts it: real server processes, a real kill, a real edit, one end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.conftest import SAMPLE_CONTENT
from tests.invariants import ROOT
from tests.waiting import PATIENCE_SECONDS, until

WORKERS = 2
# Strong, and known to everybody who reads this file: for tests alone.
STRONG_SECRET = "Yx3p-0Qw7ZtV9_bLmN4sKcR8uHdF2eGaJ6iToP1k"


class Site:
    """A supervised site on an instance and a content folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.content = shutil.copytree(SAMPLE_CONTENT, folder / "content")
        self.instance = folder / "instance"
        self.log = folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environ = {
            **os.environ,
            "PORT": str(self.port),
            "PORTAL_INSTANCE": str(self.instance),
            "PORTAL_CONTENT": str(self.content),
            "PORTAL_WORKERS": str(WORKERS),
        }
        with self.log.open("wb") as result:
            command = [sys.executable, "-m", "portal.supervisor"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=result, stderr=subprocess.STDOUT
            )

    def get(self, path: str) -> tuple[int, str]:
        """One request on a connection of its own; status 0 when nobody answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()

    def content_check(self) -> dict[str, str]:
        """What the worker that answers says of its content; nothing while none answers."""
        _status, text = self.get("/healthz")
        result: dict[str, str] = json.loads(text)["checks"]["content"] if text else {"state": ""}
        return result

    def family(self) -> list[int]:
        """Every process below the supervisor, by /proc."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        result, pending = [], [self.process.pid]
        while pending:
            below = children.get(pending.pop(), [])
            result += below
            pending += below
        return result

    def workers(self) -> list[int]:
        """The processes that answer readers: the children of the server, which is itself our child."""
        servers = [pid for pid in self.family() if b"granian" in _command(pid)]
        return sorted(servers)[1:]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def _until(condition: Callable[[], bool], site: Site) -> None:
    until(condition, detail=lambda: site.log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    result = Site(tmp_path_factory.mktemp("site"))
    _until(lambda: "ready | " in result.log.read_text(encoding="utf-8"), result)
    yield result
    result.process.terminate()
    result.process.wait(PATIENCE_SECONDS)


pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find the processes of the site"),
]


def test_both_languages_answer(site: Site) -> None:
    for language in ("id", "en"):
        status, page = site.get(f"/{language}/")
        assert status == 200
        assert f'lang="{language}"' in page


def test_the_instance_is_for_its_owner_alone(site: Site) -> None:
    assert site.instance.stat().st_mode & 0o777 == 0o700
    assert (site.instance / "secret").stat().st_mode & 0o777 == 0o600


def test_background_work_is_alive(site: Site) -> None:
    _until(lambda: json.loads(site.get("/healthz")[1])["checks"]["work"]["state"] == "ok", site)


def test_an_edited_file_reaches_every_worker(site: Site) -> None:
    path = site.content / "faq" / "berapa-biaya" / "en.md"
    original = path.read_text(encoding="utf-8")
    # Every worker has the page in its cache.
    assert all("What does a card cost?" in site.get("/en/faq/berapa-biaya")[1] for _ in range(20))
    try:
        path.write_text(original.replace("What does a card cost?", "How dear is a card?"), encoding="utf-8")
        # How soon that is, `make bench` measures; a loaded machine must not fail a test.
        _until(lambda: all("How dear is a card?" in site.get("/en/faq/berapa-biaya")[1] for _ in range(40)), site)
    finally:
        path.write_text(original, encoding="utf-8")


def test_a_broken_file_leaves_the_old_page_and_is_named(site: Site) -> None:
    path = site.content / "faq" / "berapa-biaya" / "facts.yaml"
    original = path.read_text(encoding="utf-8")
    try:
        path.write_text("status: [unclosed", encoding="utf-8")
        # Every worker looks by itself, and each request meets any of them.
        _until(lambda: all(site.content_check()["state"] == "degraded" for _ in range(20)), site)
        status, page = site.get("/en/faq/berapa-biaya")
        assert (status, "card cost" in page) == (200, True)
        assert "faq/berapa-biaya/facts.yaml" in site.content_check()["detail"]
        assert json.loads(site.get("/healthz")[1])["status"] == "degraded"
        assert site.get("/readyz")[0] == 200
    finally:
        path.write_text(original, encoding="utf-8")
    _until(lambda: all(site.content_check()["state"] == "ok" for _ in range(20)), site)


def test_a_killed_worker_comes_back_and_readers_go_on(site: Site) -> None:
    _until(lambda: len(site.workers()) == WORKERS, site)
    before = set(site.workers())
    os.kill(max(before), signal.SIGKILL)
    _until(lambda: len(site.workers()) == WORKERS and set(site.workers()) != before, site)
    _until(lambda: all(site.get("/id/")[0] == 200 for _ in range(20)), site)


def test_a_killed_server_comes_back(site: Site) -> None:
    server = min(pid for pid in site.family() if b"granian" in _command(pid))
    os.kill(server, signal.SIGKILL)
    _until(lambda: server not in site.family() and site.get("/readyz")[0] == 200, site)
    _until(lambda: len(site.workers()) == WORKERS, site)


def test_the_log_names_routes_and_never_addresses(site: Site) -> None:
    site.get("/id/faq?q=siti@example.org")
    _until(
        lambda: bool(re.search(r"web +\| info portal.request: answered", site.log.read_text(encoding="utf-8"))), site
    )
    assert "siti" not in site.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_ends_everything(tmp_path: Path, number: signal.Signals) -> None:
    site = Site(tmp_path)
    _until(lambda: "ready | " in site.log.read_text(encoding="utf-8"), site)
    family = site.family()
    assert len(family) >= 1 + WORKERS
    site.process.send_signal(number)
    assert site.process.wait(PATIENCE_SECONDS) == 0
    assert [pid for pid in family if _command(pid)] == []
    assert site.get("/readyz")[0] == 0


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": "k" * 40}, "PORTAL_SECRET_KEY"),
        ({"PORTAL_SECRET_KEY": STRONG_SECRET}, "PORTAL_BASE_URL"),
    ],
)
def test_an_unsafe_production_start_is_refused_in_one_sentence(
    tmp_path: Path, environ: dict[str, str], reason: str
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    known = {"PORTAL_ENV": "production", "PORTAL_INSTANCE": str(tmp_path / "instance"), "PORT": port}
    for command in (["-m", "portal.supervisor"], ["-m", "flask", "--app", "wsgi", "init"]):
        ran = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **known, **environ},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode != 0
        assert reason in ran.stderr
        assert len(ran.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "instance").exists()
