"""What staff pages and jobs read of the registrations of an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.events.registrations import codes
from portal.events.registrations.models import (
    ACTIVE,
    CANCELLED,
    CONFIRMED,
    OFFERED,
    WAITING,
    WALK_IN,
    Registration,
    SeatCounters,
)
from portal.events.registrations.terms import UNLIMITED, Terms


@dataclass(frozen=True, kw_only=True)
class RegistrationTotals:
    """The guests of one event by state; `bookable` is None when seats are not limited."""

    bookable: int | None
    confirmed: int
    offered: int
    waiting: int
    present: int

    @property
    def free(self) -> int | None:
        """Seats that can still be booked ahead; None when seats are not limited."""
        return None if self.bookable is None else max(0, self.bookable - self.confirmed - self.offered)

    @property
    def over(self) -> int:
        """Guests above the seats, after the capacity was made smaller."""
        return 0 if self.bookable is None else max(0, self.confirmed + self.offered - self.bookable)


def totals(session: Session, terms: Terms) -> RegistrationTotals:
    """The sums over the registrations of an event; guests at walk-in seats count as present alone."""
    sums = (func.sum(Registration.party_size), func.sum(Registration.attended_guests))
    query = select(Registration.state, Registration.seat, *sums).where(Registration.event == terms.event)
    guests: dict[str, int] = {}
    present = 0
    for state, seat, party_sizes, attended in session.execute(query.group_by(Registration.state, Registration.seat)):
        if seat != WALK_IN:
            guests[state] = party_sizes
        present += attended
    return RegistrationTotals(
        bookable=None if terms.bookable == UNLIMITED else terms.bookable,
        confirmed=guests.get(CONFIRMED, 0),
        offered=guests.get(OFFERED, 0),
        waiting=guests.get(WAITING, 0),
        present=present,
    )


def registrations_by_name(session: Session, event: str, *, text: str = "") -> list[Registration]:
    """The registrations of an event by name; with `text` those that contain it in name, code or contact."""
    query = select(Registration).where(Registration.event == event)
    wanted = text.strip()[:100].lower()
    if wanted:
        conditions = [
            func.lower(Registration.name).contains(wanted, autoescape=True),
            func.lower(Registration.email).contains(wanted, autoescape=True),
            Registration.code.startswith(codes.normalised(wanted) or "-", autoescape=True),
        ]
        digits = "".join(sign for sign in wanted if sign.isdecimal()).lstrip("0")
        if len(digits) >= 3:
            conditions.append(Registration.phone.contains(digits, autoescape=True))
        query = query.where(or_(*conditions))
    return list(session.scalars(query.order_by(func.lower(Registration.name), Registration.joined)))


def registrations_in(session: Session, event: str, *states: str) -> list[Registration]:
    """The registrations of an event in these states, in the order of joining."""
    query = select(Registration).where(Registration.event == event, Registration.state.in_(states))
    return list(session.scalars(query.order_by(Registration.joined)))


def pending_calls(session: Session, event: str) -> list[Registration]:
    """Registrations without an e-mail address whose state changed since somebody was last called about it."""
    query = (
        select(Registration)
        .where(Registration.event == event, Registration.email == "", Registration.phone != "")
        .where(or_(Registration.called_at.is_(None), Registration.called_at < Registration.changed_at))
        .order_by(Registration.changed_at)
    )
    return [row for row in session.scalars(query) if row.state != CONFIRMED or row.changes]


def registrations_with_email(session: Session, event: str) -> tuple[int, int]:
    """The number of active registrations of an event, and how many of them have an e-mail address."""
    query = select(func.count()).where(Registration.event == event, Registration.state.in_(ACTIVE))
    return session.scalar(query) or 0, session.scalar(query.where(Registration.email != "")) or 0


def registered_since(session: Session, instant: datetime) -> tuple[int, int]:
    """The number of registrations made at or after `instant` and not cancelled, and of their guests."""
    query = select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(
        Registration.created_at >= instant, Registration.state != CANCELLED
    )
    registrations, guests = session.execute(query).one()
    return int(registrations), int(guests)


def events_with_counters(session: Session) -> set[str]:
    """The slugs of the events that somebody registered for, purged ones included."""
    return set(session.scalars(select(SeatCounters.event)))
