"""What staff do with registrations: seat guests without one, promote out of turn, check in, call."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.registrations import seats
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import CONFIRMED, PRESENT, STAFF, WAITING, WALK_IN, Registration, SeatCounters
from portal.events.registrations.registration import (
    FormSubmission,
    NoSuchRegistration,
    NotEnoughSeats,
    Notifications,
    find,
    locked,
    notify,
    registration_fields,
    set_state,
)
from portal.events.registrations.terms import UNLIMITED, Terms


class ReasonMissing(Exception):
    """Staff may promote somebody out of turn only with a reason."""


def add_walk_in(session: Session, terms: Terms, *, attendee: Attendee, language: str, now: datetime) -> Registration:
    """Seat guests who came without registering; raises NotEnoughSeats beyond the walk-in seats.

    Seats that nobody booked count as well, once nobody waits for them.
    """
    with writing(session):
        counters = seats.counters(session, terms.event, lock=True)
        free = _free_for_walk_in(terms, counters)
        if attendee.party_size > free:
            raise NotEnoughSeats(free)
        counters.walked_in += attendee.party_size
        counters.joined += 1
        fields = registration_fields(
            terms, attendee, staff_submission("walk-in"), language=language, origin=STAFF, now=now
        )
        registration = Registration(
            **fields,
            state=CONFIRMED,
            joined=counters.joined,
            seat=WALK_IN,
            attendance=PRESENT,
            attended_guests=attendee.party_size,
        )
        session.add(registration)
    return registration


def staff_submission(prefix: str) -> FormSubmission:
    """The submission of a form of staff, which no other one repeats."""
    return FormSubmission(token=f"{prefix}-{secrets.token_hex(16)}", digest="")


def _free_for_walk_in(terms: Terms, counters: SeatCounters) -> int:
    if terms.capacity is None:
        return UNLIMITED
    reserved = terms.walk_in - counters.walked_in
    unused = terms.capacity - counters.taken - counters.walked_in
    return max(0, min(reserved, unused) if counters.waiting else unused)


def promote_manually(
    session: Session, terms: Terms, *, code: str, reason: str, now: datetime, notifications: Notifications
) -> Registration:
    """Confirm a waiting registration out of turn; raises ReasonMissing, NotEnoughSeats or NoSuchRegistration."""
    if not reason.strip():
        raise ReasonMissing
    with writing(session):
        counters, registration = locked(session, terms, code)
        if registration.state == WAITING:
            free = terms.bookable - counters.taken
            if registration.party_size > free:
                raise NotEnoughSeats(max(0, free))
            counters.taken += registration.party_size
            counters.waiting -= registration.party_size
            registration.note = reason.strip()
            set_state(registration, CONFIRMED, now=now)
            notify(session, notifications, CONFIRMED, registration, now=now)
    return registration


def check_in(session: Session, terms: Terms, *, code: str, came: int | None = None) -> Registration:
    """Mark as present, with all guests or as many as came; raises NoSuchRegistration."""
    with writing(session):
        _counters, registration = locked(session, terms, code)
        guests = registration.party_size if came is None else came
        registration.network = ""
        registration.attendance = PRESENT
        registration.attended_guests = max(1, min(guests, 10 * registration.party_size))
    return registration


def set_attendance(session: Session, terms: Terms, *, code: str, attendance: str) -> None:
    """Mark as ABSENT, or take a mark back with ""; nobody of it counts as present."""
    with writing(session):
        _counters, registration = locked(session, terms, code)
        registration.attendance = attendance
        registration.attended_guests = 0


def mark_called(session: Session, event: str, *, code: str, now: datetime) -> None:
    """Record that somebody was called about the last change; raises NoSuchRegistration."""
    with writing(session):
        registration = find(session, code)
        if registration.event != event:
            raise NoSuchRegistration
        registration.called_at = now
        registration.network = ""
