"""Seats that one network or one address can hold before anybody has shown to be reachable.

A registration keeps a digest of the network that it came from until its contact is confirmed: by the letter's
code, by a telephone call, or at the entrance. Until then its guests count against the event's limits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.events.registrations.attendee import Attendee
from portal.events.registrations.models import ACTIVE, Registration
from portal.events.registrations.terms import Terms


class NetworkFull(Exception):
    """Unconfirmed registrations of one network hold too many seats; `free` is the number of guests still possible."""

    def __init__(self, free: int) -> None:
        super().__init__(free)
        self.free = free


def require_network_room(session: Session, terms: Terms, attendee: Attendee, network: str) -> None:
    """Raise NetworkFull when the guests pass a limit of the event; the caller holds the lock on its counters.

    Guests without any contact have the smaller limit of the two.
    """
    if not network:
        return
    live = (
        Registration.event == terms.event,
        Registration.network == network,
        Registration.state.in_(ACTIVE),
    )
    held = select(func.coalesce(func.sum(Registration.party_size), 0)).where(*live)
    free = terms.network_limit - int(session.scalar(held) or 0)
    if not attendee.phone and not attendee.email:
        without_contact = held.where(Registration.phone == "", Registration.email == "")
        free = min(free, terms.anonymous_limit - int(session.scalar(without_contact) or 0))
    if attendee.party_size > free:
        raise NetworkFull(max(0, free))


def live_with_email(session: Session, event: str, email: str) -> Registration | None:
    """The registration with a seat or on the waiting list that has this address, or None."""
    if not email:
        return None
    query = select(Registration).where(Registration.event == event, Registration.email_key == email_key(email))
    return session.scalar(query.where(Registration.state.in_(ACTIVE)))


def email_key(email: str) -> str:
    """The form of an address under which it registers once for an event."""
    return email.lower()


def clusters(registrations: Iterable[Registration]) -> dict[int, int]:
    """How many live registrations share network, telephone number or address with each one that shares any, by id."""
    live = [registration for registration in registrations if registration.is_active]
    largest: dict[int, int] = defaultdict(int)
    traits: tuple[Callable[[Registration], Hashable], ...] = (
        lambda row: row.network,
        lambda row: row.phone,
        lambda row: email_key(row.email),
    )
    for trait in traits:
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for registration in live:
            groups[trait(registration)].append(registration.id)
        for value, members in groups.items():
            if value and len(members) > 1:
                for member in members:
                    largest[member] = max(largest[member], len(members))
    return dict(largest)
