"""A person with a small phone and no JavaScript: registers, gets the mail, cancels; the next in line is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from tests.databases import sqlite_url
from tests.events.event_site import SLUG, OutreachSite
from tests.events.smtp_server import SmtpInbox, open_smtp_inbox
from tests.waiting import until

pytestmark = pytest.mark.browser
# Nobody reads a form faster; what comes back earlier is refused as a machine's.
READ = timedelta(seconds=2)

WORDS = {
    "id": {
        "register": "Daftar",
        "mailbox": "Periksa kotak surat Anda",
        "placed": "Anda mendapat tempat",
        "waits": "Anda di daftar tunggu",
        "confirmed": "Anda terdaftar",
        "offered": "Ada tempat untuk Anda",
        "cancel": "Batalkan",
        "cancel_mine": "Batalkan pendaftaran saya",
        "cancelled": "Dibatalkan",
        "show": "Tampilkan",
        "accept": "Terima tempat ini",
    },
    "en": {
        "register": "Register",
        "mailbox": "Look into your mailbox",
        "placed": "You have a place",
        "waits": "You are on the waiting list",
        "confirmed": "You are registered",
        "offered": "A place is free for you",
        "cancel": "Cancel",
        "cancel_mine": "Cancel my registration",
        "cancelled": "Cancelled",
        "show": "Show",
        "accept": "Accept the place",
    },
}


def message_to(box: SmtpInbox, address: str, subject: str) -> EmailMessage:
    """Wait for a letter."""

    def matching() -> list[EmailMessage]:
        return [one for one in box.to(address) if str(one["Subject"]).startswith(subject)]

    until(lambda: bool(matching()), detail=lambda: [(str(one["To"]), str(one["Subject"])) for one in box.notifications])
    return matching()[0]


def register(page: Any, base: str, words: dict[str, str], *, name: str, email: str) -> None:
    """Fill in the form by its labels' fields and send it."""
    page.goto(f"{base}/events/{SLUG}")
    page.get_by_role("link", name=words["register"], exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shown = datetime.now(UTC)
    page.fill("#field-name", name)
    page.select_option("#field-district", "kota-contoh")
    page.check("input[name=channel][value=email]")
    page.fill("#field-email", email)
    page.check("#field-consent")
    until(lambda: datetime.now(UTC) - shown >= READ)
    page.get_by_role("button", name=words["register"], exact=True).click()


def only_calendar_of(message: EmailMessage) -> Any:
    """The one event of the attached calendar file, as two parsers read it."""
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    vobject.readOne(raw.decode())
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    return event


@pytest.mark.parametrize("language", ["id", "en"])
def test_register_get_the_mail_cancel_and_the_next_is_told(tmp_path: Path, browser: Any, language: str) -> None:
    words = WORDS[language]
    with (
        open_smtp_inbox() as box,
        OutreachSite(tmp_path, database_url=sqlite_url(tmp_path), capacity=1, workers=1, smtp_port=box.port) as site,
    ):
        base = f"http://127.0.0.1:{site.port}/{language}"
        context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
        page = context.new_page()
        register(page, base, words, name="Maria Bria", email="maria@example.org")
        assert page.locator("h1").inner_text() == words["mailbox"]
        message = message_to(box, "maria@example.org", words["confirmed"])
        body = message.get_body(("plain",))
        assert body is not None
        page.goto(re.findall(r"http\S+/events/registration/\w+", body.get_content())[0])
        assert page.locator("h1").inner_text() == words["placed"]
        code = page.locator(".code").inner_text()
        assert code in body.get_content()
        assert only_calendar_of(message)["STATUS"] == "CONFIRMED"

        register(page, base, words, name="Yohanis Tefa", email="yohanis@example.org")
        assert page.locator("h1").inner_text() == words["mailbox"]
        assert message_to(box, "yohanis@example.org", words["waits"])

        page.goto(f"{base}/events/registration")
        page.fill("#field-code", code.lower())
        page.get_by_role("button", name=words["show"], exact=True).click()
        page.locator("summary").filter(has_text=words["cancel"]).last.click()
        page.get_by_role("button", name=words["cancel_mine"]).click()
        assert page.locator("h1").inner_text() == words["cancelled"]

        body = message_to(box, "yohanis@example.org", words["offered"]).get_body(("plain",))
        assert body is not None
        link = next(line for line in body.get_content().splitlines() if line.startswith("http"))
        page.goto(link)
        page.get_by_role("button", name=words["accept"]).click()
        assert page.locator("h1").inner_text() == words["placed"]
        assert message_to(box, "yohanis@example.org", words["confirmed"])
        context.close()
