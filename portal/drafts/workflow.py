"""Four eyes: who may move a draft from writing to review, to approval and back, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import writing
from portal.drafts.models import (
    APPROVED,
    OPEN_STATES,
    PUBLISHED,
    PUBLISHING,
    REVIEW,
    SCHEDULED,
    WITHDRAWN,
    WRITING,
    Draft,
    Note,
)

LONGEST_REASON = 500
LONGEST_NOTE = 4000
# What the thread above a draft shows, in order.
STEPS = (WRITING, REVIEW, APPROVED, PUBLISHED)


class OwnChange(Exception):
    """Nobody approves what they wrote themselves."""


class TextMoved(Exception):
    """The draft was saved again after this person read it."""


class WrongState(Exception):
    """The draft is in another state than the deed needs; carries that state."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.key} is {draft.state}")
        self.state = draft.state


def send_to_review(session: Session, id_: str, *, version: int, reason: str, now: datetime) -> Draft:
    """Ask for a second pair of eyes; `reason` says to them, and later to the history, why the page changes."""
    with _changing(session, id_, WRITING, version=version) as draft:
        draft.state, draft.reason, draft.reviewer = REVIEW, _one_line(reason), ""
        draft.edited_at = now
    return draft


def approve(session: Session, id_: str, *, by: str, version: int, now: datetime) -> Draft:
    """Approve exactly the version that was read; raises OwnChange, TextMoved, WrongState."""
    with _changing(session, id_, REVIEW, version=version) as draft:
        if is_own(draft, by):
            raise OwnChange(draft.key)
        draft.state, draft.reviewer, draft.edited_at = APPROVED, by, now
    return draft


def send_back(session: Session, id_: str, *, by: str, note: str, now: datetime) -> Draft:
    """Give the draft back to be written further, with a note that says why."""
    with _changing(session, id_, REVIEW, APPROVED) as draft:
        draft.state, draft.reviewer, draft.edited_at = WRITING, "", now
        if note.strip():
            session.add(Note(draft=id_, author=by, at=now, text=note.strip()[:LONGEST_NOTE]))
    return draft


def reopen(session: Session, id_: str, *, now: datetime) -> Draft:
    """Take a draft that cannot be published as it is back to writing, where its texts are merged."""
    with _changing(session, id_, REVIEW, APPROVED, WRITING) as draft:
        draft.state, draft.reviewer, draft.edited_at = WRITING, "", now
    return draft


def bypass(session: Session, id_: str, *, version: int, reason: str) -> Draft:
    """Let a draft be published before anybody read it; it waits for its review afterwards."""
    with _changing(session, id_, WRITING, REVIEW, version=version) as draft:
        draft.bypass_reason = _one_line(reason)
        draft.reason = draft.reason or draft.bypass_reason
    return draft


def review_afterwards(session: Session, id_: str, *, by: str) -> Draft:
    """Approve what was published in an emergency; raises OwnChange."""
    with _changing(session, id_, PUBLISHED, SCHEDULED, WITHDRAWN) as draft:
        if is_own(draft, by):
            raise OwnChange(draft.key)
        draft.reviewer = by
    return draft


def say(session: Session, id_: str, *, by: str, text: str, field: str = "", now: datetime) -> None:
    """Add to the talk about a draft."""
    with writing(session):
        session.add(Note(draft=id_, author=by, at=now, text=text.strip()[:LONGEST_NOTE], field=field[:80]))


def notes_of(session: Session, id_: str) -> Sequence[Note]:
    """The talk about a draft, the oldest first."""
    return session.scalars(select(Note).where(Note.draft == id_).order_by(Note.at, Note.id)).all()


def is_own(draft: Draft, person: str) -> bool:
    """Whether that person began the draft or wrote its newest version."""
    return person in (draft.author, draft.editor)


def step_of(draft: Draft) -> int:
    """How far the draft is on the thread of states."""
    if draft.state in (SCHEDULED, PUBLISHED, WITHDRAWN):
        return len(STEPS)
    return STEPS.index(APPROVED if draft.state == PUBLISHING else draft.state) if draft.state in OPEN_STATES else 0


def waiting_for_review(session: Session) -> Sequence[Draft]:
    """Drafts that wait for a second pair of eyes, the longest first."""
    return session.scalars(select(Draft).where(Draft.state == REVIEW).order_by(Draft.edited_at)).all()


def approved(session: Session) -> Sequence[Draft]:
    """Drafts that may be published, the longest first."""
    return session.scalars(select(Draft).where(Draft.state == APPROVED).order_by(Draft.edited_at)).all()


def to_review_afterwards(session: Session) -> Sequence[Draft]:
    """What was published in an emergency and nobody has read since, the oldest first."""
    unread = (Draft.bypass_reason != "", Draft.reviewer == "", Draft.state.in_((PUBLISHED, SCHEDULED, WITHDRAWN)))
    return session.scalars(select(Draft).where(*unread).order_by(Draft.edited_at)).all()


def scheduled(session: Session, *, now: datetime) -> Sequence[Draft]:
    """What waits for its moment, the nearest first."""
    waiting = (Draft.state == SCHEDULED, Draft.publish_at > now)
    return session.scalars(select(Draft).where(*waiting).order_by(Draft.publish_at)).all()


@contextmanager
def _changing(session: Session, id_: str, *states: str, version: int | None = None) -> Iterator[Draft]:
    with writing(session):
        draft = session.scalar(
            select(Draft).where(Draft.id == id_).with_for_update().execution_options(populate_existing=True)
        )
        if draft is None:
            raise KeyError(id_)
        if version is not None and draft.version != version:
            raise TextMoved(draft.key)
        if draft.state not in states:
            raise WrongState(draft)
        yield draft


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]
