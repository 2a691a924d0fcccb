"""Notifications: each action is told once, in the reader's language, with a calendar file that parses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import vobject
from icalendar import Calendar

from tests.events.conftest import OutreachApp
from tests.events.event_site import SLUG, fields_of

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def calendar_in(message: EmailMessage) -> Any:
    (attachment,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    raw = attachment.get_payload(decode=True)
    assert isinstance(raw, bytes)
    vobject.readOne(raw.decode())
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    return event


def subjects(sent: list[EmailMessage]) -> list[str]:
    return [str(message["Subject"]) for message in sent]


def test_a_confirmation_has_code_link_date_of_deletion_and_calendar(outreach: OutreachApp) -> None:
    code = outreach.code_of(1, heads="2")
    (message,) = outreach.work()
    text = text_of(message)
    assert message["To"] == "warga1@example.org"
    assert message["Subject"] == "Anda terdaftar: Pelatihan contoh"
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in text
    assert f"http://localhost/id/events/registration/{code}" in text
    assert "Anda mendapat 2 tempat." in text
    assert "Data Anda kami hapus pada" in text
    assert "Kantor belum mengadopsi" in text
    event = calendar_in(message)
    assert event["UID"] == f"events-{SLUG}@kantor.portal"
    assert event["STATUS"] == "CONFIRMED"


def test_a_reader_of_english_gets_english(outreach: OutreachApp) -> None:
    fields = fields_of(1, outreach.stamp())
    assert outreach.client.post(f"/en/events/{SLUG}/register", data=fields).status_code == 303
    (message,) = outreach.work()
    assert message["Subject"] == "You are registered: Sample training"
    assert message["Content-Language"] == "en"


def test_the_first_in_line_is_told_when_a_seat_becomes_free_and_only_it(outreach: OutreachApp) -> None:
    first = outreach.code_of(1, heads="3")
    second = outreach.code_of(2)
    outreach.code_of(3, heads="3")
    outreach.client.post(f"/id/events/registration/{first}/cancel")
    sent = outreach.work()
    assert subjects(sent) == [
        "Anda terdaftar: Pelatihan contoh",
        "Anda di daftar tunggu: Pelatihan contoh",
        "Anda di daftar tunggu: Pelatihan contoh",
        "Pendaftaran Anda dibatalkan: Pelatihan contoh",
        "Ada tempat untuk Anda: Pelatihan contoh",
    ]
    assert "nomor 2 di daftar tunggu" in text_of(sent[2])
    assert sent[-1]["To"] == "warga2@example.org"
    assert "Mohon terima sebelum" in text_of(sent[-1])
    page = f"/id/events/registration/{second}"
    assert "Terima tempat ini" in outreach.client.get(page).get_data(as_text=True)
    outreach.client.post(f"{page}/accept")
    assert outreach.work()[-1]["Subject"] == "Anda terdaftar: Pelatihan contoh"


def test_an_offer_that_nobody_takes_goes_on_to_the_next(outreach: OutreachApp) -> None:
    first = outreach.code_of(1, heads="3")
    outreach.code_of(2, heads="3")
    outreach.code_of(3, heads="3")
    outreach.client.post(f"/id/events/registration/{first}/cancel")
    sent = outreach.work(datetime.now(UTC) + timedelta(hours=25))
    assert [str(message["To"]) for message in sent[-2:]] == ["warga2@example.org", "warga3@example.org"]
    assert subjects(sent)[-2:] == [
        "Tempat Anda sudah dialihkan: Pelatihan contoh",
        "Ada tempat untuk Anda: Pelatihan contoh",
    ]


@pytest.mark.parametrize(
    ("starts", "more", "subject", "words", "status"),
    [
        (
            SOON + timedelta(days=2),
            (
                "sequence: 1\nreason: {id: Aula dipakai}\n"
                f"was: {{starts: {SOON.isoformat()}, ends: {(SOON + timedelta(hours=2)).isoformat()}}}\n"
            ),
            "Waktu atau tempat baru: Pelatihan contoh",
            "Alasan: Aula dipakai",
            "CONFIRMED",
        ),
        (
            SOON,
            "sequence: 1\ncancelled: true\nreason: {id: Hujan lebat}\n",
            "Acara dibatalkan: Pelatihan contoh",
            "Alasan: Hujan lebat",
            "CANCELLED",
        ),
    ],
)
def test_a_published_change_is_told_to_everybody_once(
    outreach: OutreachApp, starts: datetime, more: str, subject: str, words: str, status: str
) -> None:
    outreach.rewrite(starts=SOON, capacity=3)
    outreach.code_of(1, heads="3")
    outreach.code_of(2)
    outreach.work()
    outreach.rewrite(starts=starts, capacity=3, more=more)
    before = len(outreach.work()) - 2
    sent = outreach.work()
    assert before == 2
    assert subjects(sent)[2:] == [subject, subject]
    assert words in text_of(sent[-1])
    event = calendar_in(sent[2])
    assert (event["STATUS"], event["SEQUENCE"]) == (status, 1)


def test_an_event_that_was_called_off_can_take_place_after_all(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=SOON, capacity=3)
    outreach.code_of(1)
    outreach.rewrite(starts=SOON, capacity=3, more="sequence: 1\ncancelled: true\nreason: {id: Hujan}\n")
    outreach.work()
    outreach.rewrite(starts=SOON, capacity=3, more="sequence: 2\n")
    assert subjects(outreach.work())[-1] == "Acara jadi diadakan: Pelatihan contoh"


def test_a_reminder_goes_out_once_on_the_day_before(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=SOON, capacity=3)
    outreach.code_of(1)
    assert len(outreach.work(SOON - timedelta(days=3))) == 1
    for hours in (25, 20, 2):
        sent = outreach.work(SOON - timedelta(hours=hours))
    assert subjects(sent)[1:] == ["Pengingat: Pelatihan contoh"]


def test_a_change_without_news_is_told_to_nobody(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=SOON, capacity=3)
    outreach.code_of(1)
    outreach.work()
    outreach.rewrite(starts=SOON, capacity=5, more="access: {id: Kursi roda bisa masuk}\n")
    assert len(outreach.work()) == 1
