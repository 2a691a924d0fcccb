"""Deleting what readers wrote when its time is over; counts without words stay longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.database import scrub, writing
from portal.feedback.models import NEW, Question, Reason, Votes
from portal.feedback.questions import target_of
from portal.mail import delete_messages

QUESTIONS_KEPT = timedelta(days=90)
OPEN_QUESTIONS_KEPT = timedelta(days=365)
REASONS_KEPT = timedelta(days=180)
VOTES_KEPT = timedelta(days=730)


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How many rows of each kind one purge deleted."""

    questions: int
    reasons: int
    votes: int

    def __str__(self) -> str:
        counts = {"questions": self.questions, "reasons": self.reasons, "days of votes": self.votes}
        return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def purge(sessions: sessionmaker[Session], engine: Engine, *, now: datetime, today: date) -> Purged:
    """Delete questions 90 days after their end (365 when nobody answered), reasons after 180, votes after 730.

    A question leaves the database only when its contact was overwritten in the files as well.
    """
    _empty_old_contacts(sessions, now=now)
    _scrub_contacts(sessions, engine, now=now)
    with sessions() as session, writing(session):
        is_over = (Question.state != NEW) & (Question.changed_at <= now - QUESTIONS_KEPT)
        is_old = Question.created_at <= now - OPEN_QUESTIONS_KEPT
        is_scrubbed = Question.emptied_at.is_(None) | Question.scrubbed_at.is_not(None)
        numbers = list(session.scalars(select(Question.id).where(is_over | is_old, is_scrubbed)))
        for number in numbers:
            delete_messages(session, about=target_of(number))
        session.execute(delete(Question).where(Question.id.in_(numbers)))
        reasons = list(session.scalars(select(Reason.id).where(Reason.day <= today - REASONS_KEPT)))
        session.execute(delete(Reason).where(Reason.id.in_(reasons)))
        votes = list(session.scalars(select(Votes.id).where(Votes.day <= today - VOTES_KEPT)))
        session.execute(delete(Votes).where(Votes.id.in_(votes)))
    return Purged(questions=len(numbers), reasons=len(reasons), votes=len(votes))


def _empty_old_contacts(sessions: sessionmaker[Session], *, now: datetime) -> None:
    with sessions() as session, writing(session):
        is_old = Question.created_at <= now - OPEN_QUESTIONS_KEPT
        query = select(Question.id).where(is_old, Question.contact != "")
        numbers = list(session.scalars(query))
        session.execute(update(Question).where(Question.id.in_(numbers)).values(contact="", emptied_at=now))


def _scrub_contacts(sessions: sessionmaker[Session], engine: Engine, *, now: datetime) -> None:
    """Overwrite emptied contacts in the files of the database; while a reader holds them up, later runs try again."""
    with sessions() as session:
        query = select(Question.id).where(Question.emptied_at.is_not(None), Question.scrubbed_at.is_(None))
        numbers = list(session.scalars(query))
    if numbers and scrub(engine):
        with sessions() as session, writing(session):
            session.execute(update(Question).where(Question.id.in_(numbers)).values(scrubbed_at=now))
