"""The tables of requests for an outreach event and of the notes that staff add to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base

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
    guests: Mapped[int] = mapped_column("heads")
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
