"""The tables of feedback: votes by page and day, reasons without a person, questions with an address for a while."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

NEW, ANSWERED, CLOSED = "new", "answered", "closed"
STATES = (NEW, ANSWERED, CLOSED)
EMAIL, PHONE, NO_ANSWER = "email", "phone", "none"
CHANNELS = (NO_ANSWER, EMAIL, PHONE)
REASONS = ("not-found", "hard", "wrong", "old", "other")


class Votes(Base):
    """How many found a page helpful on one day and how many not yet; `page` is the path without its language."""

    __tablename__ = "feedback_votes"
    __table_args__ = (
        UniqueConstraint("page", "language", "day"),
        CheckConstraint("helpful >= 0", name="helpful"),
        CheckConstraint("unhelpful >= 0", name="unhelpful"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(index=True)
    helpful: Mapped[int] = mapped_column(default=0)
    unhelpful: Mapped[int] = mapped_column(default=0)


class Reason(Base):
    """What was missing on a page, redacted; nothing says who wrote it."""

    __tablename__ = "feedback_reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    page: Mapped[str] = mapped_column(String(200), index=True)
    language: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(Text, default="")


class Question(Base):
    """One question, redacted; `contact` is emptied when it is answered, closed or too old.

    `emptied_at` is set when a contact was deleted, `scrubbed_at` when it was overwritten in the files as well.
    """

    __tablename__ = "feedback_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_token: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=NEW, index=True)
    page: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(10), default=NO_ANSWER)
    contact: Mapped[str] = mapped_column(String(254), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    draft: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]
    scrubbed_at: Mapped[datetime | None]
