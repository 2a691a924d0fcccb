"""A running site with one open event: real server processes, real mail, for races and kills."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import engine_for
from portal.events.registrations.models import Registration
from tests.conftest import SAMPLE_CONTENT
from tests.invariants import ROOT
from tests.waiting import until

SLUG = "pelatihan"
FACTS = """\
status: published
topics: [kantor]
audience: [warga]
state: confirmed
starts: {starts}
ends: {ends}
venue: {{name: {{id: Balai Warga, en: Community Hall}}, address: {{id: Jalan Contoh 2, en: 2 Sample Street}}}}
district: kota-contoh
spoken: {{id: Indonesia, en: Indonesian}}
{more}registration:
  capacity: {capacity}
  party_limit: 20
  confirm_hours: {confirm_hours}
  network_limit: 1000
  anonymous_limit: 1000
"""
WORDS = {
    "id": "---\ntitle: Pelatihan contoh\nsummary: Belajar bersama.\n---\nBawa alat tulis.\n",
    "en": "---\ntitle: Sample training\nsummary: Learning together.\n---\nBring a pen.\n",
}


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def write_event(
    content: Path,
    *,
    starts: datetime,
    capacity: int,
    slug: str = SLUG,
    more: str = "",
    hours: int = 2,
    confirm_hours: int = 0,
) -> Path:
    """Write an event that is open for registration; `more` adds lines of facts. Gives its folder."""
    folder = content / "events" / slug
    folder.mkdir(parents=True, exist_ok=True)
    ends = starts + timedelta(hours=hours)
    times = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    text = FACTS.format(**times, capacity=capacity, more=more, confirm_hours=confirm_hours)
    (folder / "facts.yaml").write_text(text, encoding="utf-8")
    for language, words in WORDS.items():
        (folder / f"{language}.md").write_text(words, encoding="utf-8")
    return folder


def content_with_event(folder: Path, *, capacity: int, starts: datetime | None = None) -> Path:
    """Copy the sample content and add an event ten days from now."""
    content = shutil.copytree(SAMPLE_CONTENT, folder / "content")
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    write_event(content, starts=starts or soon, capacity=capacity)
    return content


def adopt(content: Path) -> None:
    """Write into site.yaml that the office runs the site: only then do forms store anything."""
    site = content / "site.yaml"
    official = "stage: official\ncontroller: {name: Kantor, contact: surat@example.org}\n"
    site.write_text(site.read_text().replace("stage: preview\n", official))


class OutreachSite:
    """The site under its supervisor, with several workers and `flask work`."""

    def __init__(self, folder: Path, *, database_url: str, capacity: int, workers: int = 3, smtp_port: int = 0) -> None:
        self.content = content_with_event(folder, capacity=capacity)
        adopt(self.content)
        self.database_url = database_url
        self._engine = engine_for(database_url)
        self.log = folder / "log"
        self.port = free_port()
        mail = {"PORTAL_SMTP_HOST": "127.0.0.1", "PORTAL_SMTP_PORT": str(smtp_port)} if smtp_port else {}
        environ = {
            **os.environ,
            **mail,
            "PORT": str(self.port),
            "PORTAL_INSTANCE": str(folder / "instance"),
            "PORTAL_CONTENT": str(self.content),
            "PORTAL_DATABASE_URL": database_url,
            "PORTAL_WORKERS": str(workers),
        }
        with self.log.open("wb") as log_file:
            command = [sys.executable, "-m", "portal.supervisor"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=log_file, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> OutreachSite:
        self.wait_until_ready()
        return self

    def __exit__(self, *_error: object) -> None:
        self._engine.dispose()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until_ready(self) -> None:
        """Wait until the site answers; raises AssertionError with its log."""

        def log_text() -> str:
            return self.log.read_text(errors="replace")

        def answers() -> bool:
            assert self.process.poll() is None, log_text()
            return self.ask("GET", f"/id/events/{SLUG}/register")[0] == 200

        until(answers, detail=log_text)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """One request on a connection of its own: status, body, Location; status 0 when nobody answered."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": f"127.0.0.1:{self.port}"}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=urlencode(fields) if fields is not None else None, headers=headers)
            response: HTTPResponse = connection.getresponse()
            return response.status, response.read().decode(), response.headers.get("Location", "")
        except (OSError, HTTPException):
            return 0, "", ""
        finally:
            connection.close()

    def stamp(self) -> str:
        """A stamp from a fresh form; asks again while the site is being started."""
        matches: list[str] = []

        def is_shown() -> bool:
            status, page, _location = self.ask("GET", f"/id/events/{SLUG}/register")
            if status == 200:
                matches.append(stamp_in(page))
            return bool(matches)

        until(is_shown, detail=lambda: self.log.read_text(errors="replace"))
        return matches[0]

    def register(self, number: int, stamp: str) -> tuple[int, str]:
        """Send one registration: status, and the code when it was taken."""
        fields = fields_of(number, stamp)
        status, _page, _location = self.ask("POST", f"/id/events/{SLUG}/register", fields)
        if status != 303:
            return status, ""
        query = select(Registration.code).where(Registration.email == fields["email"])
        with Session(self._engine) as session:
            return status, session.scalars(query).one()

    def kill_everything(self) -> int:
        """SIGKILL every process below the supervisor, which starts them again; gives their number."""
        family = self._family()
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return len(family)

    def _family(self) -> list[int]:
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        matches, pending = [], [self.process.pid]
        while pending:
            below = children.get(pending.pop(), [])
            matches += below
            pending += below
        return matches


def stamp_in(page: str) -> str:
    """The stamp of the form on that page."""
    matches = re.search(r'name="stamp" value="([^"]+)"', page)
    assert matches is not None, page
    return matches[1]


def fields_of(number: int, stamp: str, **more: str) -> dict[str, str]:
    """What a person types into the form."""
    typed = {
        "stamp": stamp,
        "website": "",
        "name": f"Warga Nomor {number}",
        "heads": "1",
        "district": "kota-contoh",
        "channel": "email",
        "email": f"warga{number}@example.org",
        "consent": "yes",
    }
    return typed | more
