"""Seats that nobody can squat: limits per network, addresses that are confirmed, one registration per address."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.database import WRITES, writing
from portal.events.registrations import attendance, limits
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.limits import NetworkFull
from portal.events.registrations.models import CONFIRMED, LAPSED, OFFERED, WAITING, Registration, SeatCounters
from portal.events.registrations.registration import (
    CONFIRM,
    KNOWN,
    FormSubmission,
    RegistrationResult,
    accept,
    cancel,
    change,
    expire_holds,
    register,
)
from portal.events.registrations.terms import Terms
from portal.mail import OutgoingMail
from portal.migrations import _configuration, empty, upgrade
from tests.events.conftest import NOW, OutreachApp, plain_notifications
from tests.events.event_site import SLUG

HALL = {"capacity": 70, "network_limit": 20, "anonymous_limit": 6, "confirm": timedelta(hours=24)}


@pytest.fixture
def hall(terms: Terms) -> Terms:
    return replace(terms, **HALL)


def sign_up(
    session: Session, terms: Terms, token: str, party_size: int = 1, *, network: str = "n", **contact: str
) -> RegistrationResult:
    return register(
        session,
        terms,
        attendee=Attendee(name=token, party_size=party_size, **contact),
        submission=FormSubmission(token=token, digest="d", network=network),
        language="id",
        now=NOW,
        notifications=plain_notifications,
    )


def rows(session: Session) -> list[tuple[str, int]]:
    session.rollback()
    query = select(Registration.state, Registration.party_size).order_by(Registration.joined)
    return [tuple(row) for row in session.execute(query)]


def taken(session: Session) -> int:
    session.rollback()
    return session.scalars(select(SeatCounters.taken)).one()


def at_once(works: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        barrier.wait()
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_anonymous_forms_of_one_network_cannot_take_a_hall(session: Session, hall: Terms) -> None:
    for number in range(3):
        with pytest.raises(NetworkFull) as refused:
            sign_up(session, hall, f"bulk-{number}", 20)
        assert refused.value.free == 6
    sign_up(session, hall, "family", 6)
    with pytest.raises(NetworkFull):
        sign_up(session, hall, "one-more")
    sign_up(session, hall, "elsewhere", 6, network="other")
    assert rows(session) == [(CONFIRMED, 6), (CONFIRMED, 6)]


def test_simultaneous_forms_never_pass_the_limit(sessions: sessionmaker[Session], hall: Terms) -> None:
    refused: list[int] = []

    def one(number: int) -> None:
        with sessions() as session:
            try:
                sign_up(session, hall, f"t{number}", 3, phone=f"+62812345678{number:02}")
            except NetworkFull as full:
                refused.append(full.free)

    at_once([lambda number=number: one(number) for number in range(20)])  # type: ignore[misc]
    with sessions() as session:
        assert rows(session) == [(CONFIRMED, 3)] * 6
    assert refused == [2] * 14


@pytest.mark.parametrize("confirmed_by", ["letter", "call", "entrance"])
def test_a_confirmed_contact_no_longer_counts_against_its_network(
    session: Session, hall: Terms, confirmed_by: str
) -> None:
    email = "ana@example.org" if confirmed_by == "letter" else ""
    code = sign_up(session, hall, "ana", 20, email=email, phone="" if email else "+6281234567890").registration.code
    with pytest.raises(NetworkFull):
        sign_up(session, hall, "next", email="next@example.org")
    if confirmed_by == "letter":
        accept(session, hall, code=code, now=NOW, notifications=plain_notifications)
    elif confirmed_by == "call":
        attendance.mark_called(session, hall.event, code=code, now=NOW)
    else:
        attendance.check_in(session, hall, code=code)
    assert session.scalars(select(Registration.network)).all() == [""]
    assert sign_up(session, hall, "next", email="next@example.org").registration.state == OFFERED


def test_an_address_nobody_confirms_loses_its_seats_to_the_next(session: Session, hall: Terms) -> None:
    sign_up(session, hall, "squatter", 20, email="nobody@example.org", network="a")
    small = replace(hall, capacity=20)
    sign_up(session, small, "maria", 4, email="maria@example.org", network="b")
    assert rows(session) == [(OFFERED, 20), (WAITING, 4)]
    assert expire_holds(session, small, now=NOW + timedelta(hours=23), notifications=plain_notifications) == 0
    expire_holds(session, small, now=NOW + timedelta(hours=24), notifications=plain_notifications)
    assert rows(session) == [(LAPSED, 20), (OFFERED, 4)]
    assert taken(session) == 4
    kinds = session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)).all()
    assert kinds == [CONFIRM, WAITING, LAPSED, OFFERED]
    assert session.scalars(select(Registration.network).where(Registration.state == LAPSED)).all() == [""]


def test_thirty_forms_at_once_with_one_address_are_one_registration(
    sessions: sessionmaker[Session], hall: Terms
) -> None:
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            with sessions() as session:
                sign_up(session, hall, f"t{number}", email="Ana@example.org" if number % 2 else "ana@example.org")
        except BaseException as error:
            errors.append(error)

    at_once([lambda number=number: one(number) for number in range(30)])  # type: ignore[misc]
    assert errors == []
    with sessions() as session:
        assert rows(session) == [(OFFERED, 1)]
        assert taken(session) == 1
        assert session.scalars(select(OutgoingMail.kind)).all() in ([CONFIRM, KNOWN], [KNOWN, CONFIRM])


def test_the_database_itself_refuses_a_second_live_registration(session: Session, hall: Terms) -> None:
    first = sign_up(session, hall, "a", email="ana@example.org").registration
    sign_up(session, hall, "b", email="bria@example.org")
    with pytest.raises(IntegrityError), writing(session):
        session.execute(text("UPDATE registrations SET email_key = 'ana@example.org' WHERE form_token = 'b'"))
    cancel(session, hall, code=first.code, now=NOW, notifications=plain_notifications)
    assert not sign_up(session, hall, "c", email="ana@example.org").is_repeat


def test_registrations_of_before_keep_their_seats_when_the_index_comes(engine: Engine) -> None:
    empty(engine)
    to_revision(engine, "events_0001")
    columns = "event, code, form_token, form_digest, state, joined, seat, origin, name, heads, district, phone, email"
    columns += ", language, note, created_at, changed_at, changes, attendance, attended_heads"
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO event_places (event, taken, walked_in, waiting, joined, last_fits, announced)"
                " VALUES ('e', 2, 0, 0, 3, :no, '')"
            ),
            {"no": False},
        )
        for number, email, state in ((1, "A@example.org", CONFIRMED), (2, "a@example.org", CONFIRMED), (3, "", LAPSED)):
            connection.execute(
                text(
                    f"INSERT INTO registrations ({columns}) VALUES ('e', '{number}', '{number}', '', '{state}',"
                    f" {number}, 'booked', 'reader', 'Ana', 1, '', '', '{email}', 'id', '', :now, :now, 0, '', 0)"
                ),
                {"now": NOW},
            )
    upgrade(engine)
    with Session(engine) as session:
        kept = session.execute(select(Registration.state, Registration.email_key).order_by(Registration.id)).all()
    assert [tuple(row) for row in kept] == [(CONFIRMED, "a@example.org"), (CONFIRMED, ""), (LAPSED, "")]


def to_revision(engine: Engine, revision: str) -> None:
    """Bring an empty database to this revision alone."""
    config = _configuration()
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_changed_address_tells_nobody_that_it_is_registered(session: Session, hall: Terms) -> None:
    sign_up(session, hall, "ana", email="ana@example.org")
    other = sign_up(session, hall, "bria", email="bria@example.org").registration
    same = Attendee(name="bria", party_size=1, email="ana@example.org")
    change(session, hall, code=other.code, attendee=same, now=NOW, notifications=plain_notifications)
    registrations = session.scalars(select(Registration).order_by(Registration.joined)).all()
    assert [row.email_key for row in registrations] == ["ana@example.org", ""]
    assert limits.clusters(registrations) == {row.id: 2 for row in registrations}


def test_the_answer_is_the_same_whether_an_address_is_registered_or_not(outreach: OutreachApp) -> None:
    outreach.rewrite(starts=datetime.now(UTC) + timedelta(days=10), capacity=3, confirm_hours=24)
    first, again = outreach.register(1), outreach.register(1)
    assert (first.status_code, first.headers["Location"]) == (again.status_code, again.headers["Location"])
    assert first.headers["Location"].endswith(f"/id/events/{SLUG}/registered")
    page = outreach.client.get(first.headers["Location"])
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Konfirmasi dalam 24 jam" in page.get_data(as_text=True)
    code = outreach.code_in_letter("warga1@example.org")
    with outreach.database() as session:
        assert rows(session) == [(OFFERED, 1)]
    outreach.client.post(f"/id/events/registration/{code}/accept")
    with outreach.database() as session:
        assert rows(session) == [(CONFIRMED, 1)]
    sent = [str(message["Subject"]) for message in outreach.work()]
    assert [subject.partition(":")[0] for subject in sent] == [
        "Mohon konfirmasi",
        "Anda sudah terdaftar",
        "Anda terdaftar",
    ]


def test_a_full_network_is_told_how_to_go_on_and_nothing_typed_is_lost(outreach: OutreachApp) -> None:
    facts = outreach.content / "events" / SLUG / "facts.yaml"
    facts.write_text(facts.read_text().replace("anonymous_limit: 1000", "anonymous_limit: 2"))
    outreach.reload_content()
    answer = outreach.register(1, channel="none", email="", heads="3")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Dari sambungan Anda masih bisa mendaftar 2 orang" in page
    assert "Warga Nomor 1" in page
    assert outreach.register(2, channel="none", email="", heads="2").status_code == 303
    assert "belum dikonfirmasi" in outreach.register(3, channel="none", email="").get_data(as_text=True)
