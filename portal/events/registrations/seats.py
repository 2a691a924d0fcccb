"""Seats of an event in heads: taken by one conditional statement, given back in the order of joining."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, case, insert, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from portal.database import insert_into
from portal.events.registrations.models import CONFIRMED, WAITING, Registration, SeatCounters
from portal.events.registrations.terms import Terms


def open_counter(session: Session, event: str, *, described: str = "") -> None:
    """Make the event's row of counters, once; `described` is the event as its first party knows it."""
    zero = {"taken": 0, "walked_in": 0, "waiting": 0, "joined": 0, "last_fits": False}
    fresh = insert_into(session, SeatCounters).values(event=event, announced=described, **zero)
    session.execute(fresh.on_conflict_do_nothing())


def counters(session: Session, event: str, *, lock: bool = False) -> SeatCounters:
    """Give the event's counters; `lock` makes other writers of this event wait until the commit."""
    query = select(SeatCounters).where(SeatCounters.event == event).execution_options(populate_existing=True)
    if lock:
        query = query.with_for_update()
    found = session.scalar(query)
    if found is None:
        open_counter(session, event)
        found = session.scalars(query).one()
    return found


def read(session: Session, event: str) -> tuple[int, int]:
    """Give the heads that have a seat and those that wait, without making a row."""
    query = select(SeatCounters.taken, SeatCounters.waiting).where(SeatCounters.event == event)
    found = session.execute(query).one_or_none()
    return (found[0], found[1]) if found else (0, 0)


def state_of(counts: tuple[int, int], *, bookable: int) -> str:
    """Give what a reader needs to know of the seats: open, few (a tenth, at least three) or full."""
    taken, waiting = counts
    if waiting or taken >= bookable:
        return "full"
    return "few" if bookable - taken <= max(3, bookable // 10) else "open"


def take(session: Session, terms: Terms, *, row: dict[str, Any]) -> Registration:
    """Insert a registration as confirmed when its heads fit and nobody waits, else as waiting.

    On PostgreSQL counters and row are one statement; on SQLite two, inside one immediate transaction.
    """
    open_counter(session, terms.event, described=terms.described)
    moved = _move_counters(terms.event, guests=row["party_size"], bookable=terms.bookable)
    if session.get_bind().dialect.name == "postgresql":
        place = moved.cte("place")
        columns = Registration.__mapper__.columns
        # An INSERT … SELECT does not fill in the defaults of columns by itself.
        defaults = {name: column.default for name, column in columns.items() if column.default is not None}
        full = {
            name: default.arg for name, default in defaults.items() if isinstance(default, ScalarElementColumnDefault)
        }
        full |= row
        names = [columns[name].name for name in (*full, "joined", "state")]
        values = [literal(value, columns[name].type) for name, value in full.items()]
        source = select(*values, place.c.joined, _state(place.c.last_fits))
        statement = insert(Registration).from_select(names, source)
        number = session.scalars(statement.returning(Registration.id)).one()
        return session.get_one(Registration, number)
    joined, fits = session.execute(moved).one()
    registration = Registration(**row, joined=joined, state=CONFIRMED if fits else WAITING)
    session.add(registration)
    session.flush()
    return registration


def _state(fits: ColumnElement[bool]) -> ColumnElement[str]:
    return case((fits, CONFIRMED), else_=WAITING)


def _move_counters(event: str, *, guests: int, bookable: int) -> Any:
    fits = and_(SeatCounters.waiting == 0, SeatCounters.taken + guests <= bookable)
    statement: Update = (
        update(SeatCounters)
        .where(SeatCounters.event == event)
        .values(
            taken=SeatCounters.taken + case((fits, guests), else_=0),
            waiting=SeatCounters.waiting + case((fits, 0), else_=guests),
            joined=SeatCounters.joined + 1,
            last_fits=fits,
        )
        .execution_options(synchronize_session=False)
    )
    return statement.returning(SeatCounters.joined, SeatCounters.last_fits)


def queue(session: Session, event: str) -> Iterator[Registration]:
    """Give the waiting parties of an event in the order in which they joined."""
    yield from session.scalars(
        select(Registration)
        .where(Registration.event == event, Registration.state == WAITING)
        .order_by(Registration.joined)
    )


def next_in_line(session: Session, places: SeatCounters, *, bookable: int) -> Iterator[Registration]:
    """Move the counters for each waiting party that fits, in strict order, and give those parties.

    A party too large for the free seats stops the line: nobody behind it overtakes. The caller holds
    the lock on the counters.
    """
    for party in list(queue(session, places.event)):
        if places.taken + party.party_size > bookable:
            return
        places.taken += party.party_size
        places.waiting -= party.party_size
        yield party
