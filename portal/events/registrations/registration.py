"""Registering, changing, accepting, cancelling: every action and its notification in one transaction.

States of a registration:

    (form) --> confirmed ----------------> cancelled
           \\-> waiting --> offered --> confirmed
           |       |          |-------> lapsed      (hold time over)
           |       |----------|-------> cancelled
           \\-> offered                             (until the e-mail address is confirmed by the letter's code)

Callers: `views.register` and `views.registration` for people with a form or a code, `staff.registrations` through
`attendance` for staff, and the job `events` (`jobs.maintain_events`) for holds that are over.

Locks: each action first locks the event's row of `SeatCounters`, then reads its registration, so two actions on one
event never wait for each other in a cycle. `register` takes the lock with the conditional UPDATE of `seats.allocate`.

Invariants, checked by tests/events/test_waiting_list.py:

- `taken` is the sum of guests of confirmed and offered registrations with booked seats, never more than the bookable
  seats unless the capacity was made smaller; `waiting` is the sum of guests on the waiting list.
- An e-mail address has one live registration of an event, by a unique index. Whoever registers it again gets no other
  answer; the letter says so to whom the address belongs.
- Nobody overtakes: a registration gets a seat only when everybody who joined earlier has one or is gone. Staff alone
  can decide otherwise (`attendance.promote_manually`).
- Free seats are offered to the first on the waiting list as soon as they suffice for it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.registrations import codes, seats
from portal.events.registrations.attendee import Attendee
from portal.events.registrations.limits import email_key, live_with_email, require_network_room
from portal.events.registrations.models import (
    ACTIVE,
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
from portal.mail import OutboxMessage, enqueue

# Kinds of letters beside the states: confirm this address, and this address is registered already.
CONFIRM, KNOWN = "confirm", "known"


class NotEnoughSeats(Exception):
    """Some seats are free, fewer than the guests need; `free` is their number."""

    def __init__(self, free: int) -> None:
        super().__init__(free)
        self.free = free


class PartyTooLarge(Exception):
    """More guests than one registration for this event can be for; `most` is the largest number."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TokenReused(Exception):
    """This form was already sent with other content; `registration` is what it made then."""

    def __init__(self, registration: Registration) -> None:
        super().__init__(registration.id)
        self.registration = registration


class NoSuchRegistration(Exception):
    """No registration has this code."""


class Notifications(Protocol):
    """Composes the notification of an action in the language of the registration; None without an e-mail address."""

    def __call__(self, kind: str, registration: Registration, *, position: int) -> OutboxMessage | None: ...


@dataclass(frozen=True, kw_only=True)
class FormSubmission:
    """The single-use token of one form, a digest of its content, and one of the network that it came from."""

    token: str
    digest: str
    network: str = ""


@dataclass(frozen=True, kw_only=True)
class RegistrationResult:
    """A registration, whether it was there already, and whether the shown availability changed."""

    registration: Registration
    is_repeat: bool
    availability_changed: bool = False


@dataclass(frozen=True, kw_only=True)
class QueuePosition:
    """The number on the waiting list, from 1, and the guests before it."""

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
    """Register: confirmed when the guests fit and nobody waits, else on the waiting list.

    An address that has to be confirmed gets its seats held until then. The same form sent twice, or an address that is
    registered already, gives what is there. Raises RegistrationClosed, PartyTooLarge, TokenReused, NetworkFull, or
    NotEnoughSeats when some seats are free and `accepts_waiting` is false.
    """
    try:
        with writing(session):
            # Locked before anything is read, so that of many at once nobody passes a limit.
            seats.counters(session, terms.event, lock=True, announced=terms.schedule_text)
            repeated = _repeated(session, submission)
            if repeated is not None:
                return repeated
            if origin == READER:
                terms.require_open(now)
            _require_size(terms, attendee.party_size)
            if not accepts_waiting:
                _require_fit(session, terms, party_size=attendee.party_size)
            require_network_room(session, terms, attendee, submission.network)
            known = live_with_email(session, terms.event, attendee.email)
            if known is not None:
                notify(session, notifications, KNOWN, known, now=now)
                return RegistrationResult(registration=known, is_repeat=True)
            fields = registration_fields(terms, attendee, submission, language=language, origin=origin, now=now)
            registration = seats.allocate(session, terms, fields=fields)
            availability_changed = _availability_changed(session, terms, registration)
            kind = _hold_for_confirmation(terms, registration, now=now)
            notify(session, notifications, kind, registration, now=now)
    except IntegrityError:
        # Two copies of one form raced and the other one won; its answer is the answer.
        repeated = _repeated(session, submission)
        if repeated is None:
            raise
        return repeated
    return RegistrationResult(registration=registration, is_repeat=False, availability_changed=availability_changed)


def _hold_for_confirmation(terms: Terms, registration: Registration, *, now: datetime) -> str:
    """Hold the seats of a reader with an e-mail address until it is confirmed; gives the kind of the letter."""
    must_confirm = registration.email and registration.origin == READER and terms.confirm
    if not must_confirm or registration.state != CONFIRMED:
        return registration.state
    registration.state = OFFERED
    registration.hold_until = terms.hold_until(now, hold=terms.confirm)
    return CONFIRM


def _availability_changed(session: Session, terms: Terms, registration: Registration) -> bool:
    # Inside the transaction, so that of many at once exactly those notice who passed a boundary.
    taken, waiting = seats.guest_counts(session, terms.event)
    guests = registration.party_size
    before = (taken, waiting - guests) if registration.state == WAITING else (taken - guests, waiting)
    return seats.availability((taken, waiting), bookable=terms.bookable) != seats.availability(
        before, bookable=terms.bookable
    )


def _repeated(session: Session, submission: FormSubmission) -> RegistrationResult | None:
    registration = session.scalar(select(Registration).where(Registration.form_token == submission.token))
    if registration is None:
        return None
    if registration.form_digest != submission.digest:
        raise TokenReused(registration)
    return RegistrationResult(registration=registration, is_repeat=True)


def _require_size(terms: Terms, party_size: int) -> None:
    if party_size > terms.largest_party:
        raise PartyTooLarge(terms.largest_party)


def _require_fit(session: Session, terms: Terms, *, party_size: int) -> None:
    counters = seats.counters(session, terms.event)
    free = terms.bookable - counters.taken
    if counters.waiting == 0 and 0 < free < party_size:
        raise NotEnoughSeats(free)


def registration_fields(
    terms: Terms, attendee: Attendee, submission: FormSubmission, *, language: str, origin: str, now: datetime
) -> dict[str, Any]:
    """The attributes of a new registration but for its state and its number in the order of joining."""
    return {
        "event": terms.event,
        "code": codes.fresh_code(),
        "form_token": submission.token,
        "form_digest": submission.digest,
        **asdict(attendee),
        "email_key": email_key(attendee.email),
        "network": submission.network,
        "language": language,
        "origin": origin,
        "created_at": now,
        "changed_at": now,
    }


def notify(
    session: Session, notifications: Notifications, kind: str, registration: Registration, *, now: datetime
) -> None:
    """Write the notification of an action into the outbox of the open transaction, if there is an e-mail address."""
    position = queue_position(session, registration).number if registration.state == WAITING else 0
    message = notifications(kind, registration, position=position)
    if message is not None:
        enqueue(session, message, now=now)


def find(session: Session, code: str) -> Registration:
    """The registration with this code, however it was typed; raises NoSuchRegistration."""
    registration = session.scalar(select(Registration).where(Registration.code == codes.normalised(code)))
    if registration is None:
        raise NoSuchRegistration
    return registration


def queue_position(session: Session, registration: Registration) -> QueuePosition:
    """The position of a waiting registration on the waiting list."""
    query = select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(
        Registration.event == registration.event,
        Registration.state == WAITING,
        Registration.joined < registration.joined,
    )
    registrations, guests = session.execute(query).one()
    return QueuePosition(number=registrations + 1, guests_before=guests)


def locked(session: Session, terms: Terms, code: str) -> tuple[SeatCounters, Registration]:
    """The locked counters of the event, then its registration of this code; raises NoSuchRegistration."""
    counters = seats.counters(session, terms.event, lock=True)
    registration = session.scalar(
        select(Registration)
        .where(Registration.code == codes.normalised(code), Registration.event == terms.event)
        .execution_options(populate_existing=True)
    )
    if registration is None:
        raise NoSuchRegistration
    return counters, registration


def cancel(session: Session, terms: Terms, *, code: str, now: datetime, notifications: Notifications) -> Registration:
    """Cancel a registration, offer its seats to the next in line and notify both; twice is once."""
    with writing(session):
        counters, registration = locked(session, terms, code)
        if registration.is_active:
            _release(counters, registration)
            set_state(registration, CANCELLED, now=now)
            notify(session, notifications, CANCELLED, registration, now=now)
            offer_free_seats(session, terms, counters, now=now, notifications=notifications)
    return registration


def _release(counters: SeatCounters, registration: Registration) -> None:
    if registration.state == WAITING:
        counters.waiting -= registration.party_size
    elif registration.seat == WALK_IN:
        counters.walked_in -= registration.party_size
    elif registration.state in HOLDING:
        counters.taken -= registration.party_size


def set_state(registration: Registration, state: str, *, now: datetime) -> None:
    """Set the state, end a hold and count the change; the caller moves the counters."""
    registration.state = state
    registration.changed_at = now
    registration.changes += 1
    registration.hold_until = None
    if state not in ACTIVE:
        registration.network = ""


def offer_free_seats(
    session: Session, terms: Terms, counters: SeatCounters, *, now: datetime, notifications: Notifications
) -> list[Registration]:
    """Offer free seats to the next on the waiting list and notify them; the registrations that got an offer.

    The caller holds the lock on the counters and the transaction.
    """
    if terms.is_cancelled or now >= terms.starts:
        return []
    offered = list(seats.promote_waiting(session, counters, bookable=terms.bookable))
    for registration in offered:
        set_state(registration, OFFERED, now=now)
        registration.hold_until = terms.hold_until(now)
        notify(session, notifications, OFFERED, registration, now=now)
    session.flush()
    return offered


def accept(session: Session, terms: Terms, *, code: str, now: datetime, notifications: Notifications) -> Registration:
    """Confirm an offered seat; a registration in any other state stays as it is."""
    with writing(session):
        _counters, registration = locked(session, terms, code)
        if registration.state == OFFERED:
            set_state(registration, CONFIRMED, now=now)
            registration.network = ""
            notify(session, notifications, CONFIRMED, registration, now=now)
    return registration


def expire_holds(session: Session, terms: Terms, *, now: datetime, notifications: Notifications) -> int:
    """End the offers whose hold time is over and offer free seats to the next; the number of changed registrations."""
    with writing(session):
        counters = seats.counters(session, terms.event, lock=True)
        expired = session.scalars(
            select(Registration)
            .where(Registration.event == terms.event, Registration.state == OFFERED)
            .where(Registration.hold_until <= now)
        ).all()
        for registration in expired:
            _release(counters, registration)
            set_state(registration, LAPSED, now=now)
            notify(session, notifications, LAPSED, registration, now=now)
        offered = offer_free_seats(session, terms, counters, now=now, notifications=notifications)
    return len(expired) + len(offered)


def change(
    session: Session, terms: Terms, *, code: str, attendee: Attendee, now: datetime, notifications: Notifications
) -> Registration:
    """Change name, guests, district and contact; raises NotEnoughSeats, PartyTooLarge or RegistrationClosed.

    Fewer guests free seats for the next in line; more guests are taken only into free seats for which nobody waits.
    """
    with writing(session):
        counters, registration = locked(session, terms, code)
        if not registration.is_active or terms.is_cancelled or now >= terms.starts:
            raise RegistrationClosed("late")
        _resize(terms, counters, registration, party_size=attendee.party_size)
        registration.name = attendee.name
        registration.district = attendee.district
        registration.phone = attendee.phone
        if email_key(attendee.email) != email_key(registration.email):
            # An address that another registration has is taken without a word here; staff see both.
            taken = live_with_email(session, terms.event, attendee.email) is not None
            registration.email_key = "" if taken else email_key(attendee.email)
        registration.email = attendee.email
        registration.changed_at = now
        registration.changes += 1
        notify(session, notifications, "changed", registration, now=now)
        offer_free_seats(session, terms, counters, now=now, notifications=notifications)
    return registration


def _resize(terms: Terms, counters: SeatCounters, registration: Registration, *, party_size: int) -> None:
    more = party_size - registration.party_size
    if more > 0:
        _require_size(terms, party_size)
    if registration.state == WAITING:
        counters.waiting += more
    elif registration.seat == WALK_IN:
        counters.walked_in += more
    else:
        free = max(0, terms.bookable - counters.taken) if counters.waiting == 0 else 0
        if more > free:
            raise NotEnoughSeats(free + registration.party_size)
        counters.taken += more
    registration.party_size = party_size
