"""What staff do with registrations: add by hand, override the order, check in, count, call."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.registrations import codes, seats
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import (
    ABSENT,
    CONFIRMED,
    OFFERED,
    PRESENT,
    STAFF,
    WAITING,
    WALK_IN,
    Registration,
    SeatCounters,
)
from portal.events.registrations.registration import (
    FormSubmission,
    NoSuchRegistration,
    NotEnoughSeats,
    Notifications,
    notify,
    register,
)
from portal.events.registrations.terms import UNLIMITED, Terms


class ReasonMissing(Exception):
    """Staff may let a party overtake only with a reason."""


@dataclass(frozen=True, kw_only=True)
class QueryCounter:
    """The numbers of one event; heads unless it says parties."""

    bookable: int | None
    walk_in: int
    confirmed: int
    offered: int
    walked_in: int
    waiting: int
    waiting_parties: int
    present: int
    absent_parties: int

    @property
    def free(self) -> int | None:
        """Seats that can still be booked ahead; None when seats are not limited."""
        return None if self.bookable is None else max(0, self.bookable - self.confirmed - self.offered)

    @property
    def over(self) -> int:
        """Heads above the seats, after the capacity was made smaller."""
        return 0 if self.bookable is None else max(0, self.confirmed + self.offered - self.bookable)


def tally(session: Session, terms: Terms) -> QueryCounter:
    """Count the registrations of an event."""
    query = (
        select(
            Registration.state,
            Registration.seat,
            func.count(),
            func.sum(Registration.party_size),
            func.sum(Registration.attended_guests),
            func.count().filter(Registration.attendance == ABSENT),
        )
        .where(Registration.event == terms.event)
        .group_by(Registration.state, Registration.seat)
    )
    rows = {(row[0], row[1] == WALK_IN): row[2:] for row in session.execute(query)}
    nothing = (0, 0, 0, 0)
    return QueryCounter(
        bookable=None if terms.bookable == UNLIMITED else terms.bookable,
        walk_in=terms.walk_in,
        confirmed=rows.get((CONFIRMED, False), nothing)[1],
        offered=rows.get((OFFERED, False), nothing)[1],
        walked_in=rows.get((CONFIRMED, True), nothing)[1],
        waiting=rows.get((WAITING, False), nothing)[1],
        waiting_parties=rows.get((WAITING, False), nothing)[0],
        present=sum(row[2] for row in rows.values()),
        absent_parties=sum(row[3] for row in rows.values()),
    )


def listed(session: Session, event: str, *, text: str = "") -> list[Registration]:
    """Give the registrations of an event by name, those that contain the text in name, code or contact."""
    query = select(Registration).where(Registration.event == event)
    wanted = text.strip()[:100].lower()
    if wanted:
        parts = [func.lower(Registration.name).contains(wanted, autoescape=True)]
        parts.append(func.lower(Registration.email).contains(wanted, autoescape=True))
        parts.append(Registration.code.startswith(codes.normalised(wanted) or "-", autoescape=True))
        digits = "".join(sign for sign in wanted if sign.isdecimal()).lstrip("0")
        if len(digits) >= 3:
            parts.append(Registration.phone.contains(digits, autoescape=True))
        query = query.where(or_(*parts))
    return list(session.scalars(query.order_by(func.lower(Registration.name), Registration.joined)))


def add_by_hand(
    session: Session, terms: Terms, *, attendee: Attendee, language: str, now: datetime, notifications: Notifications
) -> Registration:
    """Register a party that telephoned or came by; it waits its turn like everyone else."""
    submission = FormSubmission(token=f"staff-{secrets.token_hex(16)}", digest="")
    made = register(
        session,
        terms,
        attendee=attendee,
        submission=submission,
        language=language,
        now=now,
        notifications=notifications,
        origin=STAFF,
    )
    return made.registration


def walk_in(session: Session, terms: Terms, *, attendee: Attendee, language: str, now: datetime) -> Registration:
    """Seat a party that came without registering; raises NotEnoughSeats beyond the walk-in seats.

    Seats that nobody booked count as well, once nobody waits for them.
    """
    with writing(session):
        places = seats.counters(session, terms.event, lock=True)
        free = _free_for_walk_in(terms, places)
        if attendee.party_size > free:
            raise NotEnoughSeats(free)
        places.walked_in += attendee.party_size
        places.joined += 1
        registration = Registration(
            event=terms.event,
            code=codes.fresh_code(),
            form_token=f"walk-in-{secrets.token_hex(16)}",
            form_digest="",
            state=CONFIRMED,
            joined=places.joined,
            seat=WALK_IN,
            origin=STAFF,
            name=attendee.name,
            party_size=attendee.party_size,
            district=attendee.district,
            phone=attendee.phone,
            email=attendee.email,
            note=attendee.note,
            language=language,
            created_at=now,
            changed_at=now,
            attendance=PRESENT,
            attended_guests=attendee.party_size,
        )
        session.add(registration)
    return registration


def _free_for_walk_in(terms: Terms, places: SeatCounters) -> int:
    if terms.capacity is None:
        return UNLIMITED
    reserved = terms.walk_in - places.walked_in
    whole = terms.capacity - places.taken - places.walked_in
    return max(0, min(reserved, whole) if places.waiting else whole)


def promote_manually(
    session: Session, terms: Terms, *, code: str, reason: str, now: datetime, notifications: Notifications
) -> Registration:
    """Confirm a waiting party out of turn; raises ReasonMissing, NotEnoughSeats or NoSuchRegistration."""
    if not reason.strip():
        raise ReasonMissing
    with writing(session):
        places, registration = _with_counters(session, terms, code)
        if registration.state == WAITING:
            free = terms.bookable - places.taken
            if registration.party_size > free:
                raise NotEnoughSeats(max(0, free))
            places.taken += registration.party_size
            places.waiting -= registration.party_size
            registration.note = reason.strip()
            registration.state = CONFIRMED
            registration.changed_at = now
            registration.changes += 1
            notify(session, notifications, CONFIRMED, registration, now=now)
    return registration


def check_in(session: Session, terms: Terms, *, code: str, party_size: int | None = None) -> Registration:
    """Mark a party as present, with all its heads or as many as came; raises NoSuchRegistration."""
    with writing(session):
        _places, registration = _with_counters(session, terms, code)
        came = registration.party_size if party_size is None else party_size
        registration.attendance = PRESENT
        registration.attended_guests = max(1, min(came, 10 * registration.party_size))
    return registration


def mark_absent(session: Session, terms: Terms, *, code: str) -> Registration:
    """Mark a party that did not come."""
    return _set_attendance(session, terms, code, ABSENT)


def unmark(session: Session, terms: Terms, *, code: str) -> Registration:
    """Take back a mark of attendance that was a slip."""
    return _set_attendance(session, terms, code, "")


def _set_attendance(session: Session, terms: Terms, code: str, mark: str) -> Registration:
    with writing(session):
        _places, registration = _with_counters(session, terms, code)
        registration.attendance = mark
        registration.attended_guests = 0
    return registration


def _with_counters(session: Session, terms: Terms, code: str) -> tuple[SeatCounters, Registration]:
    places = seats.counters(session, terms.event, lock=True)
    query = select(Registration).where(Registration.event == terms.event, Registration.code == codes.normalised(code))
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NoSuchRegistration
    return places, found


def to_call(session: Session, event: str) -> list[Registration]:
    """Give the parties whom no e-mail reaches and whose state changed since they were last called."""
    query = (
        select(Registration)
        .where(Registration.event == event, Registration.email == "", Registration.phone != "")
        .where(or_(Registration.called_at.is_(None), Registration.called_at < Registration.changed_at))
        .order_by(Registration.changed_at)
    )
    return [party for party in session.scalars(query) if party.state != CONFIRMED or party.changes]


def mark_called(session: Session, event: str, *, code: str, now: datetime) -> None:
    """Note that a party was told by telephone."""
    with writing(session):
        query = select(Registration).where(Registration.event == event)
        found = session.scalar(query.where(Registration.code == codes.normalised(code)))
        if found is None:
            raise NoSuchRegistration
        found.called_at = now
