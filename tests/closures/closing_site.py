"""A site with a counter, three sessions and an event with ten parties on one day, for tests of closings."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask

from portal.content.sources.bundled import ensure_repository
from portal.events.jobs import maintain_events
from portal.web.forms.tokens import FormTokens
from portal.web.operations.housekeeping import mailer, send_mail
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.desk.desk_site import SHIPPED, DeskSite
from tests.events.event_site import SLUG, fields_of, write_event

OVERLAY = Path(__file__).parent.parent / "schedules" / "content"
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
PARTIES = 10
SESSIONS = """\
status: published
group: keliling
order: 9
# What staff noted here stays.
sessions:
  - id: pagi
    place: pasar
    hours: "08:00-10:00"
    dates: [2026-12-10, 2026-12-17]
    state: confirmed
  - id: siang
    venue: {id: Balai desa, en: Village hall}
    hours: "13:00-15:00"
    dates: [2026-12-10]
    state: confirmed
    changes:
      - date: 2026-12-10
        quota: {total: 20, taken: 4, as_of: "2026-12-01T08:00", source: {id: daftar, en: list}}
  - id: sore
    place: pasar
    hours: "15:00-16:00"
    dates: [2026-12-10]
    state: planned
sequence: 4
modified: "2026-11-20T08:00"
"""
WORDS = {"id": "---\ntitle: Mobil layanan\n---\n", "en": "---\ntitle: Service van\n---\n"}
DAY = "2026-12-10"
FIRST_STEP = {
    "date": DAY,
    "from": "12:00",
    "until": "",
    "until-date": "",
    "service": ["kantor", "mobil"],
    "reason-id": "Rapat kantor",
    "reason-en": "Office meeting",
    "alert": "site",
}


def content_of(folder: Path) -> Path:
    """The sample content with services, three sessions and an event on the day of the closing."""
    content = folder / "shipped"
    shutil.copytree(SAMPLE_CONTENT, content)
    shutil.copytree(OVERLAY, content, dirs_exist_ok=True)
    van = content / "schedules" / "mobil"
    van.mkdir()
    (van / "facts.yaml").write_text(SESSIONS, encoding="utf-8")
    for code, words in WORDS.items():
        (van / f"{code}.md").write_text(words, encoding="utf-8")
    write_event(content, starts=datetime(2026, 12, 10, 6, 0, tzinfo=UTC), capacity=20)
    return content


class ClosingSite(DeskSite):
    """The application on that content at the beginning of December, with a scheduler and registered parties."""

    def __init__(self, make_app: AppFactory, folder: Path, *, parties: int = PARTIES) -> None:
        self.path = folder / "content.git"
        ensure_repository(self.path, content_of(folder), at=SHIPPED)
        self.app: Flask = make_app(content=self.path, content_is_repository=True, clock=NOW)
        self.app.config["REAL_CLOCK"] = NOW
        self.scheduler = self.person("scheduler", name="Rambu Contoh")
        self.reader = self.app.test_client()
        for number in range(1, parties + 1):
            self.register(number)

    def register(self, number: int, **typed: str) -> None:
        """Register one party for the event as its form does; every second one reads English."""
        code = "en" if number % 2 == 0 else "id"
        stamps = FormTokens(secret=str(self.app.config["SECRET_KEY"]), purpose=f"register:{SLUG}")
        fields = fields_of(number, stamps.fresh(NOW - timedelta(minutes=1)), **typed)
        answer = self.reader.post(f"/{code}/events/{SLUG}/register", data=fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)

    def work(self, minutes: int = 1) -> list[EmailMessage]:
        """Run the jobs of events and mail; gives the letters sent so far."""
        with self.app.app_context():
            maintain_events(NOW + timedelta(minutes=minutes))
        with self.app.app_context():
            send_mail(NOW + timedelta(minutes=minutes))
            sent: list[EmailMessage] = mailer().sent  # type: ignore[attr-defined]
        return list(sent)

    def page(self, path: str) -> str:
        """A page as a reader sees it."""
        return self.reader.get(path).get_data(as_text=True)

    def check(self, **typed: Any) -> Any:
        """The second step with these answers."""
        return self.scheduler.post("/id/staff/closings/new/check", data=FIRST_STEP | typed)

    def publish(self, **typed: Any) -> Any:
        """Publish with these answers, as the page of the second step sends them."""
        seen = self.check(**typed).get_data(as_text=True).partition('name="seen" value="')[2].partition('"')[0]
        return self.scheduler.post("/id/staff/closings/new/publish", data=FIRST_STEP | {"seen": seen} | typed)
