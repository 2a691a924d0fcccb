"""The terms of one event by which its registrations are judged: seats, windows, holds and retention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

UNLIMITED = 1_000_000


class RegistrationClosed(Exception):
    """The event takes no registration now; `reason` is early, late, cancelled, over or never."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the content says about registering for an event; seats are counted in guests, times are aware.

    Who registers with an e-mail address confirms it within `confirm`; zero asks for no confirmation. `network_limit`
    is the number of guests that unconfirmed registrations of one network can be for, `anonymous_limit` that of
    those without any contact.

    `schedule_text` names state, time and place: when it changes, everybody registered is notified.
    """

    event: str
    starts: datetime
    ends: datetime
    opens: datetime | None = None
    closes: datetime | None = None
    capacity: int | None = None
    walk_in: int = 0
    party_limit: int = 50
    hold: timedelta = timedelta(hours=24)
    confirm: timedelta = timedelta()
    network_limit: int = UNLIMITED
    anonymous_limit: int = UNLIMITED
    retention: timedelta = timedelta(days=30)
    is_cancelled: bool = False
    takes_registrations: bool = True
    schedule_text: str = "on"

    @property
    def bookable(self) -> int:
        """Seats that can be booked ahead: the capacity without the walk-in seats."""
        return UNLIMITED if self.capacity is None else max(0, self.capacity - self.walk_in)

    @property
    def largest_party(self) -> int:
        """The most guests that one registration can be for."""
        return min(self.party_limit, self.bookable)

    @property
    def closes_at(self) -> datetime:
        """When registration ends: as said, at the latest when the event begins."""
        return min(self.closes or self.starts, self.starts)

    @property
    def delete_on(self) -> datetime:
        """When the personal data of its registrations is deleted."""
        return self.ends + self.retention

    def refusal(self, now: datetime) -> str:
        """Why registration is closed at `now`; empty when it is open."""
        if self.is_cancelled:
            return "cancelled"
        if not self.takes_registrations:
            return "never"
        if now >= self.ends:
            return "over"
        if now >= self.closes_at:
            return "late"
        if self.opens is not None and now < self.opens:
            return "early"
        return ""

    def require_open(self, now: datetime) -> None:
        """Raise RegistrationClosed when nobody can register at `now`."""
        if reason := self.refusal(now):
            raise RegistrationClosed(reason)

    def hold_until(self, now: datetime, *, hold: timedelta | None = None) -> datetime:
        """Until when an offered seat is held: the hold time, but never more than half of the time until the start.

        The other half remains for the next in line when the first does not answer.
        """
        remaining = max(self.starts - now, timedelta())
        return now + min(self.hold if hold is None else hold, remaining / 2)
