"""Fifty people at ten seats over HTTP, several server processes, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from portal.database import engine_for, sessions_for, writing
from portal.events.registrations.models import Registration, SeatCounters
from portal.mail import OutgoingMail
from portal.web.forms.tokens import FASTEST
from tests.conftest import FULL
from tests.events.event_site import OutreachSite
from tests.waiting import until

pytestmark = pytest.mark.system

CLIENTS, SEATS = 50, 10
ROUNDS = 20 if FULL else 2


def race(site: OutreachSite, *, first: int) -> list[tuple[int, str]]:
    """All clients at once; gives each answer's status and code."""
    stamps = [site.stamp() for _ in range(CLIENTS)]
    shown = datetime.now(UTC)
    until(lambda: datetime.now(UTC) - shown >= FASTEST)
    barrier = threading.Barrier(CLIENTS)
    answers: list[tuple[int, str]] = []

    def one(number: int) -> None:
        barrier.wait()
        answers.append(site.register(first + number, stamps[number]))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_ten_seats_are_given_ten_times_and_forty_people_wait(tmp_path: Path, database_url: str) -> None:
    with OutreachSite(tmp_path, database_url=database_url, capacity=SEATS) as site:
        engine = engine_for(database_url)
        for turn in range(ROUNDS):
            answers = race(site, first=turn * CLIENTS)
            assert Counter(status for status, _code in answers) == {303: CLIENTS}, site.log.read_text()
            with sessions_for(engine)() as session:
                codes = [code for _status, code in answers]
                rows = session.scalars(select(Registration).where(Registration.code.in_(codes))).all()
                assert Counter(row.state for row in rows) == {"confirmed": SEATS, "waiting": CLIENTS - SEATS}
                places = session.get_one(SeatCounters, rows[0].event)
                assert (places.taken, places.waiting) == (SEATS, CLIENTS - SEATS)
                kept = session.scalars(select(OutgoingMail.key).where(OutgoingMail.about == f"events/{places.event}"))
                assert len(set(kept)) == CLIENTS
            with sessions_for(engine)() as session, writing(session):
                session.execute(delete(Registration))
                session.execute(delete(OutgoingMail))
                session.execute(update(SeatCounters).values(taken=0, waiting=0))
        engine.dispose()
