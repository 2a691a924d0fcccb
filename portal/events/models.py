"""The tables of the events room: seats, registrations, requests for outreach, and what a purge leaves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base

CONFIRMED, WAITING, OFFERED, CANCELLED, LAPSED = "confirmed", "waiting", "offered", "cancelled", "lapsed"
HOLDING = (CONFIRMED, OFFERED)
PRESENT, ABSENT = "present", "absent"
READER, STAFF = "reader", "staff"
BOOKED, WALK_IN = "booked", "walk-in"


class EventPlaces(Base):
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
    heads: Mapped[int]
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
    attended_heads: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]

    @property
    def is_live(self) -> bool:
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
    parties: Mapped[int]
    heads: Mapped[int]
    attended_heads: Mapped[int]


class Purge(Base):
    """The record of one purge: what, when, how many rows; never whom."""

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime]
    rows: Mapped[int]
    messages: Mapped[int]
    scrubbed_at: Mapped[datetime | None]


NEW, IN_TALKS, SCHEDULED, DECLINED, DONE = "new", "in-talks", "scheduled", "declined", "done"
REQUEST_STATES = (NEW, IN_TALKS, SCHEDULED, DECLINED, DONE)


class OutreachRequest(Base):
    """One request for an outreach; contact and names are blanked by the purge, the numbers stay."""

    __tablename__ = "outreach_requests"
    __table_args__ = (CheckConstraint("heads > 0", name="heads"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(12), default=NEW, index=True)
    host: Mapped[str] = mapped_column(String(150), default="")
    person: Mapped[str] = mapped_column(String(100), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    district: Mapped[str] = mapped_column(String(60), index=True)
    audience: Mapped[str] = mapped_column(String(60), default="")
    topic: Mapped[str] = mapped_column(String(60), default="")
    heads: Mapped[int]
    wishes: Mapped[str] = mapped_column(String(200), default="")
    message: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(10))
    event: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]
    notes: Mapped[list[RequestNote]] = relationship(
        back_populates="request", order_by="RequestNote.id", cascade="all, delete-orphan"
    )


class RequestNote(Base):
    """What staff noted about a request, or the state they moved it to."""

    __tablename__ = "outreach_request_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("outreach_requests.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[OutreachRequest] = relationship(back_populates="notes")
