"""The tables of registrations: seats, registrations, and what a purge leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import NOT_BACKED_UP, Base

CONFIRMED, WAITING, OFFERED, CANCELLED, LAPSED = "confirmed", "waiting", "offered", "cancelled", "lapsed"
# States that have a seat, and those that have one or wait for one.
HOLDING = (CONFIRMED, OFFERED)
ACTIVE = (CONFIRMED, OFFERED, WAITING)
PRESENT, ABSENT = "present", "absent"
READER, STAFF = "reader", "staff"
BOOKED, WALK_IN = "booked", "walk-in"
_LIVE_EMAIL = text("email_key <> '' AND state IN ('confirmed', 'offered', 'waiting')")


class SeatCounters(Base):
    """The seats of one event, counted in guests; every writer of the event's registrations locks this row first.

    `taken` counts the guests of confirmed and offered registrations, `walked_in` those seated at the entrance,
    `waiting` those on the waiting list. `joined` is the number of the last registration in the order of joining.
    `last_fits` tells the statement that moved the counters whether it moved `taken` or `waiting`. `announced` is the
    schedule text (state, time and place) of the last notification; `delete_on` keeps the date of the purge when the
    content is gone.
    """

    __tablename__ = "event_places"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("walked_in >= 0", name="walked_in"),
        CheckConstraint("waiting >= 0", name="waiting"),
        # Free space on the page lets PostgreSQL update the hot row in place.
        {"postgresql_with": {"fillfactor": 50}},
    )

    event: Mapped[str] = mapped_column(String(100), primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)
    walked_in: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    joined: Mapped[int] = mapped_column(default=0)
    last_fits: Mapped[bool] = mapped_column(default=False)
    announced: Mapped[str] = mapped_column(String(300), default="")
    delete_on: Mapped[datetime | None]


class Registration(Base):
    """One registration for one or more guests: the only table with personal data of attendees.

    `email_key` is the address under which it is the only live one of its event. `network` is a digest of the network
    it came from, blank once the contact is confirmed or the registration is over.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event", "joined"),
        CheckConstraint("heads > 0", name="heads"),
        Index(
            "uq_registrations_live_email",
            "event",
            "email_key",
            unique=True,
            sqlite_where=_LIVE_EMAIL,
            postgresql_where=_LIVE_EMAIL,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(100), ForeignKey("event_places.event"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    form_digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    joined: Mapped[int]
    seat: Mapped[str] = mapped_column(String(10), default=BOOKED)
    origin: Mapped[str] = mapped_column(String(10), default=READER)
    name: Mapped[str] = mapped_column(String(100))
    party_size: Mapped[int] = mapped_column("heads")
    district: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="", index=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    email_key: Mapped[str] = mapped_column(String(254), default="", server_default="")
    network: Mapped[str] = mapped_column(String(32), default="", server_default="", info=NOT_BACKED_UP)
    language: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    hold_until: Mapped[datetime | None]
    attendance: Mapped[str] = mapped_column(String(10), default="")
    attended_guests: Mapped[int] = mapped_column("attended_heads", default=0)
    called_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        """Whether it has a seat or waits for one."""
        return self.state in ACTIVE


class EventCount(Base):
    """What a purge keeps of an event: numbers by district, state and attendance, no person."""

    __tablename__ = "event_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(100), index=True)
    district: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(12))
    attendance: Mapped[str] = mapped_column(String(10), default="")
    bookings: Mapped[int] = mapped_column("parties")
    guests: Mapped[int] = mapped_column("heads")
    attended_guests: Mapped[int] = mapped_column("attended_heads")


class Purge(Base):
    """The record of one purge; `scrubbed_at` is set when its rows were overwritten in the files of the database."""

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime]
    rows: Mapped[int]
    messages: Mapped[int]
    scrubbed_at: Mapped[datetime | None]
