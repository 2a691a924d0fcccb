"""The outbox: nothing is lost, the Message-ID stays, a sent letter leaves no text behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.database import engine_for, sessions_for, writing
from portal.mail import (
    LEASE,
    MailRefused,
    MailUnavailable,
    MemoryMailer,
    OutboxMessage,
    OutgoingMail,
    backlog,
    delete_messages,
    deliver,
    enqueue,
)
from portal.migrations import upgrade
from tests.databases import sqlite_url

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SENDER = "Portal <portal@example.org>"
LETTER = OutboxMessage(
    key="a",
    about="events/a",
    kind="confirmed",
    language="id",
    recipient="ana@example.org",
    subject="Anda terdaftar",
    body="Kode: K7QF",
)


class Moody:
    """A mailer that raises what it is given, then works."""

    def __init__(self, *moods: Exception) -> None:
        self.moods = list(moods)
        self.sent: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        if self.moods:
            raise self.moods.pop(0)
        self.sent.append(message)


@pytest.fixture
def sessions(tmp_path: Path) -> sessionmaker[Session]:
    engine = engine_for(sqlite_url(tmp_path))
    upgrade(engine)
    return sessions_for(engine)


def put(sessions: sessionmaker[Session], letter: OutboxMessage) -> bool:
    with sessions() as session, writing(session):
        return enqueue(session, letter, now=NOW)


def test_a_letter_is_sent_once_and_its_text_is_wiped(sessions: sessionmaker[Session]) -> None:
    put(sessions, replace(LETTER, calendar="BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"))
    mailer = MemoryMailer()
    assert deliver(sessions, mailer, sender=SENDER, now=NOW).sent == 1
    assert deliver(sessions, mailer, sender=SENDER, now=NOW).sent == 0
    (message,) = mailer.sent
    assert message["To"] == "ana@example.org"
    assert message["Content-Language"] == "id"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/calendar"]
    with sessions() as session:
        row = session.scalars(select(OutgoingMail)).one()
        assert (row.state, row.recipient, row.subject, row.body, row.calendar) == ("sent", "", "", "", "")


def test_the_same_deed_writes_one_letter(sessions: sessionmaker[Session]) -> None:
    assert [put(sessions, LETTER), put(sessions, LETTER)] == [True, False]


def test_a_server_that_is_down_for_a_day_loses_nothing(sessions: sessionmaker[Session]) -> None:
    put(sessions, LETTER)
    down = Moody(*[MailUnavailable("ConnectionRefusedError")] * 2000)
    now = NOW
    while now < NOW + timedelta(days=1):
        deliver(sessions, down, sender=SENDER, now=now)
        now += timedelta(minutes=5)
    tries = 2000 - len(down.moods)
    assert 24 <= tries <= 40
    mailer = MemoryMailer()
    assert deliver(sessions, mailer, sender=SENDER, now=now + timedelta(hours=1)).sent == 1


def test_a_worker_that_died_after_sending_repeats_with_the_same_message_id(sessions: sessionmaker[Session]) -> None:
    put(sessions, LETTER)
    first = MemoryMailer()

    class Dies(BaseException):
        pass

    class SendsAndDies:
        def send(self, message: EmailMessage) -> None:
            first.send(message)
            raise Dies

    with pytest.raises(Dies):
        deliver(sessions, SendsAndDies(), sender=SENDER, now=NOW)
    second = MemoryMailer()
    assert deliver(sessions, second, sender=SENDER, now=NOW).sent == 0
    assert deliver(sessions, second, sender=SENDER, now=NOW + LEASE + timedelta(seconds=1)).sent == 1
    assert first.sent[0]["Message-ID"] == second.sent[0]["Message-ID"]


def test_a_refused_letter_is_failed_and_does_not_hold_up_the_next(sessions: sessionmaker[Session]) -> None:
    put(sessions, LETTER)
    put(sessions, replace(LETTER, key="b"))
    mailer = Moody(MailRefused("server answered 550"))
    outcome = deliver(sessions, mailer, sender=SENDER, now=NOW)
    assert (outcome.sent, outcome.failed) == (1, 1)
    with sessions() as session:
        assert backlog(session) == {"sent": 1, "failed": 1}


def test_a_letter_that_comes_too_late_is_not_sent(sessions: sessionmaker[Session]) -> None:
    put(sessions, replace(LETTER, stale_at=NOW + timedelta(hours=1)))
    mailer = MemoryMailer()
    assert deliver(sessions, mailer, sender=SENDER, now=NOW + timedelta(hours=2)).failed == 1
    assert mailer.sent == []


def test_a_letter_waits_for_its_hour(sessions: sessionmaker[Session]) -> None:
    put(sessions, replace(LETTER, due_at=NOW + timedelta(hours=1)))
    assert deliver(sessions, MemoryMailer(), sender=SENDER, now=NOW).sent == 0
    assert deliver(sessions, MemoryMailer(), sender=SENDER, now=NOW + timedelta(hours=1)).sent == 1


def test_a_subject_with_line_breaks_cannot_add_a_header(sessions: sessionmaker[Session]) -> None:
    put(sessions, replace(LETTER, subject="Halo\r\nBcc: semua@example.org"))
    mailer = MemoryMailer()
    deliver(sessions, mailer, sender=SENDER, now=NOW)
    assert mailer.sent[0]["Bcc"] is None
    assert mailer.sent[0]["Subject"] == "Halo Bcc: semua@example.org"


def test_letters_about_a_thing_can_be_forgotten(sessions: sessionmaker[Session]) -> None:
    put(sessions, LETTER)
    put(sessions, replace(LETTER, key="b", about="events/b"))
    with sessions() as session:
        with writing(session):
            assert delete_messages(session, about="events/a") == 1
        assert [row.about for row in session.scalars(select(OutgoingMail))] == ["events/b"]
