"""After its date nothing personal of an event is left: not in a table, the outbox, the log, or the raw file."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select, text
from sqlalchemy.orm import Session, sessionmaker

from portal.database import scrub, writing
from portal.events.outreach.models import OutreachRequest
from portal.events.outreach.purge import CLOSED_REQUEST_KEPT, purge_requests
from portal.events.outreach.requests import RequestDetails, move, numbers_by_district, submit
from portal.events.registrations import purge
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import EventCount, Purge
from portal.events.registrations.registration import FormSubmission, register
from portal.events.registrations.terms import Terms
from portal.mail import MemoryMailer, deliver
from tests.conftest import AppFactory
from tests.events.conftest import NOW, OutreachApp, plain_notifications
from tests.events.event_site import content_with_event

SECRETS = ("Maria Rahasia", "maria.rahasia", "81234500099")


def everything(engine: Engine) -> str:
    """Every value of every table as text."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))
        )


def fill(session: Session, terms: Terms) -> None:
    for number in range(12):
        attendee = Attendee(
            name=f"Maria Rahasia {number}",
            party_size=1,
            district="kota",
            phone=f"+62812345000{99 - number}",
            email=f"maria.rahasia{number}@example.org",
        )
        submission = FormSubmission(token=f"t{number}", digest=f"d{number}")
        register(
            session,
            terms,
            attendee=attendee,
            submission=submission,
            language="id",
            now=NOW,
            notifications=plain_notifications,
        )


def test_numbers_stay_and_people_go(
    sessions: sessionmaker[Session], engine: Engine, terms: Terms, tmp_path: Path
) -> None:
    with sessions() as session:
        fill(session, terms)
        with writing(session):
            purge.store_deletion_date(session, terms.event, delete_on=terms.delete_on)
    # Some messages went out, some never did.
    deliver(sessions, MemoryMailer(), sender="p@example.org", now=NOW, most=5)
    day = terms.delete_on
    assert purge.purge_events(sessions, now=day - timedelta(seconds=1)) == []
    assert all(secret in everything(engine) for secret in SECRETS)
    (done,) = purge.purge_events(sessions, now=day)
    assert (done.about, done.rows, done.messages) == ("events/sosialisasi", 12, 12)
    assert purge.scrub_purged(sessions, engine, now=day)
    assert not any(secret in everything(engine) for secret in SECRETS)
    with sessions() as session:
        counts = session.execute(select(EventCount.state, EventCount.bookings, EventCount.guests)).all()
        assert sorted(tuple(row) for row in counts) == [("confirmed", 10, 10), ("waiting", 2, 2)]
        logged = session.scalars(select(Purge)).one()
        assert (logged.rows, logged.scrubbed_at) == (12, day)
    assert purge.purge_events(sessions, now=day) == []
    if engine.dialect.name == "sqlite":
        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert not any(secret.encode() in raw for secret in SECRETS)


def test_the_purge_is_repeated_until_no_reader_holds_the_old_pages(
    sessions: sessionmaker[Session], engine: Engine, terms: Terms, tmp_path: Path
) -> None:
    if engine.dialect.name != "sqlite":
        assert scrub(engine)
        return
    with sessions() as session:
        fill(session, terms)
        with writing(session):
            purge.store_deletion_date(session, terms.event, delete_on=terms.delete_on)
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM registrations")).all()
        purge.purge_events(sessions, now=terms.delete_on)
        assert not purge.scrub_purged(sessions, engine, now=terms.delete_on)
    assert purge.scrub_purged(sessions, engine, now=terms.delete_on)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert SECRETS[0].encode() not in raw


def test_a_request_keeps_its_numbers_only(sessions: sessionmaker[Session], engine: Engine) -> None:
    details = RequestDetails(
        host="Paroki Rahasia",
        person="Maria Rahasia",
        place="Aula",
        district="kota",
        audience="warga",
        topic="kartu",
        guests=40,
        dates=(),
        message="tolong maria.rahasia",
        phone="+6281234500099",
    )
    with sessions() as session:
        asked = submit(session, details, token="t", language="id", now=NOW)
        move(session, asked.id, state="declined", by="Petugas", text="Maria Rahasia menelepon", now=NOW)
    assert purge_requests(sessions, now=NOW + CLOSED_REQUEST_KEPT - timedelta(days=1)) == []
    (done,) = purge_requests(sessions, now=NOW + CLOSED_REQUEST_KEPT)
    assert done.rows == 1
    assert purge.scrub_purged(sessions, engine, now=NOW)
    assert not any(secret in everything(engine) for secret in (*SECRETS, "Paroki"))
    with sessions() as session:
        assert [(row.district, row.asked, row.guests) for row in numbers_by_district(session)] == [("kota", 1, 40)]
        assert session.scalars(select(OutreachRequest)).one().purged_at is not None


def test_nothing_personal_reaches_a_log(make_app: AppFactory, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = content_with_event(tmp_path / "c", capacity=3)
    from portal.web.operations.commands import prepare

    app = make_app(content=content)
    prepare(app)
    outreach = OutreachApp(app, content)
    with caplog.at_level(logging.DEBUG):
        code = outreach.code_of(1, name="Maria Rahasia", email="maria.rahasia@example.org")
        outreach.client.get(f"/id/events/registration/{code}")
        outreach.register(2, name="Maria Rahasia", heads="viele")
        outreach.work(datetime.now(UTC))
    text = caplog.text + "".join(path.read_text(errors="ignore") for path in tmp_path.rglob("*.log"))
    assert not any(secret in text for secret in SECRETS)
    assert code not in text
