"""The tables of registrations: seats, registrations, and what a purge leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

CONFIRMED, WAITING, OFFERED, CANCELLED, LAPSED = "confirmed", "waiting", "offered", "cancelled", "lapsed"
HOLDING = (CONFIRMED, OFFERED)
PRESENT, ABSENT = "present", "absent"
READER, STAFF = "reader", "staff"
BOOKED, WALK_IN = "booked", "walk-in"


class SeatCounters(Base):
    """The seats of one event, in heads: the row that every registration of the event queues at.

    `taken` counts confirmed and offered heads, `waiting` the heads in the queue, `joined` numbers the
    parties in the order of joining; `last_fits` tells the statement that moved the counters which of the
    two it moved. `announced` describes time, place and state as parties were last told; `delete_on`
    keeps the date of the purge even when the event's text is gone.
    """

    __tablename__ = "event_places"
    __table_args__ = (
        CheckConstraint("taken >= 0", name="taken"),
        CheckConstraint("walked_in >= 0", name="walked_in"),
        CheckConstraint("waiting >= 0", name="waiting"),
        # Room on the page lets PostgreSQL update the hot row in place.
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
    """One party that registered: the only table with personal data of attendees."""

    __tablename__ = "registrations"
    __table_args__ = (
        UniqueConstraint("event", "joined"),
        CheckConstraint("heads > 0", name="heads"),
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
        """Whether the party still has or waits for a seat."""
        return self.state in (CONFIRMED, OFFERED, WAITING)


class EventCount(Base):
    """What a purge keeps of an event: numbers per district, no person."""

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
    """The record of one purge: what, when, how many rows; never whom."""

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime]
    rows: Mapped[int]
    messages: Mapped[int]
    scrubbed_at: Mapped[datetime | None]
