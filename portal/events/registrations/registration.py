"""Registering, changing, accepting, cancelling: each deed and its message in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.registrations import codes, seats
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import (
    CANCELLED,
    CONFIRMED,
    HOLDING,
    LAPSED,
    OFFERED,
    READER,
    WAITING,
    WALK_IN,
    Registration,
    SeatCounters,
)
from portal.events.registrations.terms import RegistrationClosed, Terms
from portal.mail import Letter, enqueue


class NotEnoughSeats(Exception):
    """Some seats are free, fewer than the party needs; `free` says how many heads."""

    def __init__(self, free: int) -> None:
        super().__init__(free)
        self.free = free


class PartyTooLarge(Exception):
    """The party is larger than any party can be at this event; `most` says how large, in heads."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TokenReused(Exception):
    """This form was already sent with other words; `registration` is what it made then."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(registration.id)
        self.registration = registration


class NoSuchRegistration(Exception):
    """No registration has this code."""


class Notifications(Protocol):
    """Writes the message of a deed in the reader's language; None when the party left no e-mail."""

    def __call__(self, kind: str, registration: Registration, *, place: int) -> Letter | None: ...


@dataclass(frozen=True, kw_only=True)
class FormSubmission:
    """The single-use token of one form, and a digest of what the form said."""

    token: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class RegistrationResult:
    """A registration, whether the same form had already made it, and whether it changed what seats look like."""

    registration: Registration
    is_repeat: bool
    changed_seats: bool = False


@dataclass(frozen=True, kw_only=True)
class QueuePosition:
    """Where a waiting party stands: its number in the queue and the heads before it."""

    number: int
    guests_before: int


def register(
    session: Session,
    terms: Terms,
    *,
    attendee: Attendee,
    submission: FormSubmission,
    language: str,
    now: datetime,
    notifications: Notifications,
    accepts_waiting: bool = True,
    origin: str = READER,
) -> RegistrationResult:
    """Register a party; confirmed when it fits and nobody waits, else on the waiting list.

    The same form sent twice gives the first result again. Raises RegistrationClosed, PartyTooLarge,
    TokenReused, or NotEnoughSeats when some seats are free and `accepts_waiting` is false.
    """
    try:
        with writing(session):
            repeated = _repeated(session, submission)
            if repeated is not None:
                return repeated
            if origin == READER:
                terms.require_open(now)
            _require_size(terms, attendee.party_size)
            if not accepts_waiting:
                _require_fit(session, terms, party_size=attendee.party_size)
            row = _row(terms, attendee, submission=submission, language=language, now=now, origin=origin)
            registration = seats.take(session, terms, row=row)
            changed = _changed_seats(session, terms, registration)
            notify(session, notifications, registration.state, registration, now=now)
    except IntegrityError:
        # Two copies of one form raced and the other one won; its answer is the answer.
        repeated = _repeated(session, submission)
        if repeated is None:
            raise
        return repeated
    return RegistrationResult(registration=registration, is_repeat=False, changed_seats=changed)


def _changed_seats(session: Session, terms: Terms, registration: Registration) -> bool:
    # Inside the transaction, so that of many at once exactly those notice who passed a boundary.
    taken, waiting = seats.read(session, terms.event)
    is_waiting, party_size = registration.state == WAITING, registration.party_size
    before = (taken, waiting - party_size) if is_waiting else (taken - party_size, waiting)
    return seats.state_of((taken, waiting), bookable=terms.bookable) != seats.state_of(before, bookable=terms.bookable)


def _repeated(session: Session, submission: FormSubmission) -> RegistrationResult | None:
    found = session.scalar(select(Registration).where(Registration.form_token == submission.token))
    if found is None:
        return None
    if found.form_digest != submission.digest:
        raise TokenReused(found)
    return RegistrationResult(registration=found, is_repeat=True)


def _require_size(terms: Terms, party_size: int) -> None:
    most = min(terms.party_limit, terms.bookable)
    if party_size > most:
        raise PartyTooLarge(most)


def _require_fit(session: Session, terms: Terms, *, party_size: int) -> None:
    places = seats.counters(session, terms.event)
    free = terms.bookable - places.taken
    if places.waiting == 0 and 0 < free < party_size:
        raise NotEnoughSeats(free)


def _row(
    terms: Terms, attendee: Attendee, *, submission: FormSubmission, language: str, now: datetime, origin: str
) -> dict[str, object]:
    return {
        "event": terms.event,
        "code": codes.fresh_code(),
        "form_token": submission.token,
        "form_digest": submission.digest,
        "name": attendee.name,
        "party_size": attendee.party_size,
        "district": attendee.district,
        "phone": attendee.phone,
        "email": attendee.email,
        "note": attendee.note,
        "language": language,
        "origin": origin,
        "created_at": now,
        "changed_at": now,
    }


def notify(
    session: Session, notifications: Notifications, kind: str, registration: Registration, *, now: datetime
) -> None:
    """Put the message of this deed into the outbox, when the party left an e-mail address."""
    place = queue_position(session, registration).number if registration.state == WAITING else 0
    letter = notifications(kind, registration, place=place)
    if letter is not None:
        enqueue(session, letter, now=now)


def find(session: Session, code: str) -> Registration:
    """Give the registration with this code, however it was typed; raises NoSuchRegistration."""
    found = session.scalar(select(Registration).where(Registration.code == codes.normalised(code)))
    if found is None:
        raise NoSuchRegistration
    return found


def queue_position(session: Session, registration: Registration) -> QueuePosition:
    """Give the place of a waiting party in the queue."""
    ahead = (
        Registration.event == registration.event,
        Registration.state == WAITING,
        Registration.joined < registration.joined,
    )
    parties, party_size = session.execute(
        select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(*ahead)
    ).one()
    return QueuePosition(number=parties + 1, guests_before=party_size)


def has_same_contact(session: Session, event: str, *, phone: str, email: str, token: str = "") -> bool:
    """Whether a live registration of this event already has this phone number or e-mail address.

    The registration that the form with this token made does not count: that form only came twice.
    """
    same = []
    if phone:
        same.append(Registration.phone == phone)
    if email:
        same.append(func.lower(Registration.email) == email.lower())
    if not same:
        return False
    live = Registration.state.in_((CONFIRMED, OFFERED, WAITING))
    query = select(Registration.id).where(Registration.event == event, live, or_(*same))
    query = query.where(Registration.form_token != token)
    return session.scalar(query.limit(1)) is not None


def _locked(session: Session, terms: Terms, code: str) -> tuple[SeatCounters, Registration]:
    # The counters come first in every deed, so two deeds on one event never wait for each other in a ring.
    places = seats.counters(session, terms.event, lock=True)
    registration = session.scalar(
        select(Registration)
        .where(Registration.code == codes.normalised(code), Registration.event == terms.event)
        .execution_options(populate_existing=True)
    )
    if registration is None:
        raise NoSuchRegistration
    return places, registration


def cancel(session: Session, terms: Terms, *, code: str, now: datetime, notifications: Notifications) -> Registration:
    """Cancel a registration, give its seats to the next in line and tell both; twice is once."""
    with writing(session):
        places, registration = _locked(session, terms, code)
        if registration.is_active:
            _release(places, registration)
            _set_state(registration, CANCELLED, now=now)
            notify(session, notifications, CANCELLED, registration, now=now)
            promote(session, terms, places=places, now=now, notifications=notifications)
    return registration


def _release(places: SeatCounters, registration: Registration) -> None:
    if registration.state == WAITING:
        places.waiting -= registration.party_size
    elif registration.seat == WALK_IN:
        places.walked_in -= registration.party_size
    elif registration.state in HOLDING:
        places.taken -= registration.party_size


def _set_state(registration: Registration, state: str, *, now: datetime) -> None:
    registration.state = state
    registration.changed_at = now
    registration.changes += 1
    registration.hold_until = None


def promote(
    session: Session, terms: Terms, *, places: SeatCounters, now: datetime, notifications: Notifications
) -> list[Registration]:
    """Offer free seats to the parties next in line and tell them; gives those parties.

    The caller holds the lock on the counters and the transaction.
    """
    if terms.is_cancelled or now >= terms.starts:
        return []
    offered = list(seats.next_in_line(session, places, bookable=terms.bookable))
    for party in offered:
        _set_state(party, OFFERED, now=now)
        party.hold_until = terms.hold_until(now)
        notify(session, notifications, OFFERED, party, now=now)
    session.flush()
    return offered


def accept(session: Session, terms: Terms, *, code: str, now: datetime, notifications: Notifications) -> Registration:
    """Take up an offered seat; a registration in any other state stays as it is."""
    with writing(session):
        _places, registration = _locked(session, terms, code)
        if registration.state == OFFERED:
            _set_state(registration, CONFIRMED, now=now)
            notify(session, notifications, CONFIRMED, registration, now=now)
    return registration


def expire_holds(session: Session, terms: Terms, *, now: datetime, notifications: Notifications) -> int:
    """Let offers past their hold time lapse and offer free seats to the next; gives the number changed."""
    with writing(session):
        places = seats.counters(session, terms.event, lock=True)
        late = session.scalars(
            select(Registration)
            .where(Registration.event == terms.event, Registration.state == OFFERED)
            .where(Registration.hold_until <= now)
        ).all()
        for registration in late:
            _release(places, registration)
            _set_state(registration, LAPSED, now=now)
            notify(session, notifications, LAPSED, registration, now=now)
        offered = promote(session, terms, places=places, now=now, notifications=notifications)
    return len(late) + len(offered)


def change(
    session: Session, terms: Terms, *, code: str, attendee: Attendee, now: datetime, notifications: Notifications
) -> Registration:
    """Change what a party said about itself; raises NotEnoughSeats, PartyTooLarge or RegistrationClosed.

    Fewer heads free seats for the next in line; more heads are taken only when they are free and
    nobody waits for them.
    """
    with writing(session):
        places, registration = _locked(session, terms, code)
        if not registration.is_active or terms.is_cancelled or now >= terms.starts:
            raise RegistrationClosed("late")
        _resize(terms, places, registration, party_size=attendee.party_size)
        registration.name = attendee.name
        registration.district = attendee.district
        registration.phone = attendee.phone
        registration.email = attendee.email
        registration.changed_at = now
        registration.changes += 1
        notify(session, notifications, "changed", registration, now=now)
        promote(session, terms, places=places, now=now, notifications=notifications)
    return registration


def _resize(terms: Terms, places: SeatCounters, registration: Registration, *, party_size: int) -> None:
    more = party_size - registration.party_size
    if more > 0:
        _require_size(terms, party_size)
    if registration.state == WAITING:
        places.waiting += more
    elif registration.seat == WALK_IN:
        places.walked_in += more
    else:
        free = terms.bookable - places.taken if places.waiting == 0 else 0
        if more > max(0, free):
            raise NotEnoughSeats(max(0, free) + registration.party_size)
        places.taken += more
    registration.party_size = party_size
