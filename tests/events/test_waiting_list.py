"""The invariants of the waiting list under any sequence of actions: seats add up, and nobody overtakes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from portal.database import Base, sessions_for
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import CONFIRMED, HOLDING, WAITING, Registration, SeatCounters
from portal.events.registrations.registration import FormSubmission, accept, cancel, expire_holds, register
from portal.events.registrations.terms import Terms
from portal.migrations import all_tables
from tests.conftest import FULL
from tests.events.conftest import NOW, STARTS, plain_notifications

CAPACITY = 6
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("register"), st.integers(1, CAPACITY)),
        st.tuples(st.sampled_from(["cancel", "accept"]), st.integers(0, 20)),
        st.tuples(st.just("wait"), st.integers(1, 30)),
    ),
    min_size=8,
    max_size=25,
)
_numbers = itertools.count()


@contextmanager
def fresh_session() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    all_tables()
    Base.metadata.create_all(engine)
    with sessions_for(engine)() as session:
        yield session
    engine.dispose()


def check(session: Session, *, order: list[int]) -> None:
    session.rollback()
    registrations = session.scalars(select(Registration).order_by(Registration.joined)).all()
    places = session.scalars(select(SeatCounters)).first()
    if places is None:
        return
    holding = [registration for registration in registrations if registration.state in HOLDING]
    waiting = [registration for registration in registrations if registration.state == WAITING]
    assert places.taken == sum(registration.party_size for registration in holding) <= CAPACITY
    assert places.waiting == sum(registration.party_size for registration in waiting)
    if waiting:
        # The first in line does not fit, or it would have been told already.
        assert places.taken + waiting[0].party_size > CAPACITY
    # Seats were given in the order of joining: whoever has one joined before everybody who waits.
    gone = [registration.joined for registration in waiting]
    assert all(registration.joined < min(gone, default=registration.joined + 1) for registration in holding)
    order.extend(registration.joined for registration in holding if registration.joined not in order)
    assert order == sorted(order)


@settings(max_examples=1000 if FULL else 100, deadline=None)
@given(ACTIONS)
def test_seats_add_up_and_nobody_overtakes(actions: list[tuple[str, int]]) -> None:
    terms = Terms(event="a", starts=STARTS, ends=STARTS + timedelta(hours=2), capacity=CAPACITY)
    now, codes, order = NOW, list[str](), list[int]()
    with fresh_session() as session:
        for action, number in actions:
            if action == "register" and now < STARTS:
                submission = FormSubmission(token=f"t{next(_numbers)}", digest="d")
                attendee = Attendee(name="Ana", party_size=number)
                made = register(
                    session,
                    terms,
                    attendee=attendee,
                    submission=submission,
                    language="id",
                    now=now,
                    notifications=plain_notifications,
                )
                codes.append(made.registration.code)
            elif action == "wait" and now + timedelta(hours=number) < STARTS:
                now += timedelta(hours=number)
                expire_holds(session, terms, now=now, notifications=plain_notifications)
            elif action in ("cancel", "accept") and codes and now < STARTS:
                act = cancel if action == "cancel" else accept
                act(session, terms, code=codes[number % len(codes)], now=now, notifications=plain_notifications)
            check(session, order=order)
        states = set(session.scalars(select(Registration.state)))
        assert states <= {CONFIRMED, WAITING, "offered", "cancelled", "lapsed"}
