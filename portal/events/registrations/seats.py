"""Seats of an event, counted in guests: allocated by one conditional statement, offered in the order of joining."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, case, insert, literal, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from portal.database import insert_into
from portal.events.registrations.models import CONFIRMED, WAITING, Registration, SeatCounters
from portal.events.registrations.terms import Terms


def ensure_counters(session: Session, event: str, *, announced: str = "") -> None:
    """Insert the counters of an event unless they exist; `announced` is what its first guests know of the event."""
    zero = {"taken": 0, "walked_in": 0, "waiting": 0, "joined": 0, "last_fits": False}
    statement = insert_into(session, SeatCounters).values(event=event, announced=announced, **zero)
    session.execute(statement.on_conflict_do_nothing())


def counters(session: Session, event: str, *, lock: bool = False, announced: str = "") -> SeatCounters:
    """The counters of an event; `lock` makes other writers of this event wait until the commit.

    `announced` is what its first guests know of the event, as in `ensure_counters`.
    """
    query = select(SeatCounters).where(SeatCounters.event == event).execution_options(populate_existing=True)
    if lock:
        query = query.with_for_update()
    row = session.scalar(query)
    if row is None:
        ensure_counters(session, event, announced=announced)
        row = session.scalars(query).one()
    return row


def guest_counts(session: Session, event: str) -> tuple[int, int]:
    """Guests with a seat and guests who wait; inserts no row."""
    query = select(SeatCounters.taken, SeatCounters.waiting).where(SeatCounters.event == event)
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (0, 0)


def availability(counts: tuple[int, int], *, bookable: int) -> str:
    """What readers learn of the seats: open, few (at most a tenth or three are free) or full."""
    taken, waiting = counts
    if waiting or taken >= bookable:
        return "full"
    return "few" if bookable - taken <= max(3, bookable // 10) else "open"


def allocate(session: Session, terms: Terms, *, fields: dict[str, Any]) -> Registration:
    """Insert a registration of these fields: confirmed when its guests fit and nobody waits, else waiting.

    On PostgreSQL counters and row are one statement; on SQLite two, inside one immediate transaction.
    """
    ensure_counters(session, terms.event, announced=terms.schedule_text)
    moved = _move_counters(terms.event, guests=fields["party_size"], bookable=terms.bookable)
    if session.get_bind().dialect.name == "postgresql":
        return _insert_with_counters(session, moved, fields)
    joined, fits = session.execute(moved).one()
    registration = Registration(**fields, joined=joined, state=CONFIRMED if fits else WAITING)
    session.add(registration)
    session.flush()
    return registration


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


def _insert_with_counters(session: Session, moved: Any, fields: dict[str, Any]) -> Registration:
    counted = moved.cte("place")
    columns = Registration.__mapper__.columns
    # An INSERT … SELECT does not fill in the defaults of columns by itself.
    defaults = {
        name: column.default.arg
        for name, column in columns.items()
        if isinstance(column.default, ScalarElementColumnDefault)
    }
    complete = defaults | fields
    names = [columns[name].name for name in (*complete, "joined", "state")]
    values = [literal(value, columns[name].type) for name, value in complete.items()]
    state: ColumnElement[str] = case((counted.c.last_fits, CONFIRMED), else_=WAITING)
    statement = insert(Registration).from_select(names, select(*values, counted.c.joined, state))
    number = session.scalars(statement.returning(Registration.id)).one()
    return session.get_one(Registration, number)


def promote_waiting(session: Session, counters: SeatCounters, *, bookable: int) -> Iterator[Registration]:
    """Move the counters for each waiting registration that fits, in the order of joining, and yield it.

    One that is too large for the free seats ends it, so nobody behind it overtakes. The caller holds the lock on the
    counters.
    """
    waiting = session.scalars(
        select(Registration)
        .where(Registration.event == counters.event, Registration.state == WAITING)
        .order_by(Registration.joined)
    ).all()
    for registration in waiting:
        if counters.taken + registration.party_size > bookable:
            return
        counters.taken += registration.party_size
        counters.waiting -= registration.party_size
        yield registration
