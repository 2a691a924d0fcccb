"""A change of a value on its way: written by one person, approved by another, then published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import writing
from portal.drafts.models import APPROVED, DISCARDED, OPEN_STATES, PUBLISHED, PUBLISHING, REVIEW, WRITING, fresh_id
from portal.drafts.workflow import OwnChange, TextMoved
from portal.publishing.models import DONE, Publication
from portal.reference_values.changes import Change, written
from portal.reference_values.models import ValueChange

LONGEST_REASON, LONGEST_NOTE = 500, 1000


class Closed(Exception):
    """The change is in another state than the deed needs; carries that state."""

    def __init__(self, change: ValueChange) -> None:
        super().__init__(f"{change.reference}/{change.record} is {change.state}")
        self.state = change.state


def open_change_of(session: Session, reference: str, record: str) -> ValueChange | None:
    """The change of that record on which people work now."""
    query = select(ValueChange).where(ValueChange.reference == reference, ValueChange.record == record)
    return session.scalar(query.where(ValueChange.state.in_(OPEN_STATES)))


def open_changes(session: Session) -> Sequence[ValueChange]:
    """Every change on which people work now, the longest first."""
    return session.scalars(
        select(ValueChange).where(ValueChange.state.in_(OPEN_STATES)).order_by(ValueChange.edited_at)
    ).all()


def propose(
    session: Session, reference: str, record: str, change: Change, *, reason: str, version: int, who: str, now: datetime
) -> ValueChange:
    """Save a change as written by `who`: a new one (version 0), or the open one in that version.

    Raises TextMoved when somebody else saved or began one meanwhile, and Closed when it is being published.
    """
    try:
        with writing(session):
            found = open_change_of(session, reference, record)
            if version != (found.version if found else 0):
                raise TextMoved(f"{reference}/{record}")
            if found is None:
                found = ValueChange(id=fresh_id(), reference=reference, record=record, author=who, created_at=now)
                found.version = 0
                session.add(found)
            elif found.state == PUBLISHING:
                raise Closed(found)
            found.change, found.version, found.state = written(change), found.version + 1, WRITING
            found.editor, found.edited_at = who, now
            found.reason, found.reviewer, found.mark = " ".join(reason.split())[:LONGEST_REASON], "", ""
    except IntegrityError as taken:
        raise TextMoved(f"{reference}/{record}") from taken
    return found


def send(session: Session, id_: str, *, version: int, now: datetime) -> ValueChange:
    """Ask for a second pair of eyes."""
    with _changing(session, id_, WRITING, version=version, now=now) as change:
        change.state, change.note = REVIEW, ""
    return change


def send_back(session: Session, id_: str, *, note: str, now: datetime) -> ValueChange:
    """Give the change back to be written further, with a note that says why."""
    with _changing(session, id_, REVIEW, APPROVED, now=now) as change:
        change.state, change.reviewer, change.mark = WRITING, "", ""
        change.note = note.strip()[:LONGEST_NOTE]
    return change


def approve(session: Session, id_: str, *, by: str, mark: str, now: datetime) -> ValueChange:
    """Approve what was read, named by its mark; raises OwnChange and Closed."""
    with _changing(session, id_, REVIEW, now=now) as change:
        if is_own(change, by):
            raise OwnChange(change.record)
        change.state, change.reviewer, change.mark = APPROVED, by, mark
    return change


def discard(session: Session, id_: str, *, now: datetime) -> ValueChange:
    """Close a change without publishing it."""
    with _changing(session, id_, WRITING, REVIEW, APPROVED, now=now) as change:
        change.state = DISCARDED
    return change


def begin(session: Session, id_: str, *, revision: str, mark: str, now: datetime) -> ValueChange:
    """Say that the approved change is being published; raises TextMoved when another thing was approved."""
    with _changing(session, id_, APPROVED, now=now) as change:
        if change.mark != mark:
            raise TextMoved(change.record)
        change.state, change.revision = PUBLISHING, revision
    return change


def finalize(session: Session, id_: str, *, now: datetime) -> ValueChange:
    """Say what became of a change that was being published; it waits again when nothing came out."""
    with _changing(session, id_, PUBLISHING, now=now) as change:
        done = session.get(Publication, change.revision) if change.revision else None
        if done is None or done.state != PUBLISHING:
            change.state = PUBLISHED if done is not None and done.state == DONE else APPROVED
    return change


def is_own(change: ValueChange, person: str) -> bool:
    """Whether that person began the change or wrote its newest version."""
    return person in (change.author, change.editor)


def mark_of(change: ValueChange, texts: Mapping[str, str | None]) -> str:
    """A mark of what a reader of the change sees: the change and the texts that it makes."""
    seen = msgspec.json.encode([change.change, change.version, sorted(texts.items())])
    return blake2b(seen, digest_size=16).hexdigest()


@contextmanager
def _changing(
    session: Session, id_: str, *states: str, version: int | None = None, now: datetime
) -> Iterator[ValueChange]:
    with writing(session):
        query: Any = select(ValueChange).where(ValueChange.id == id_).with_for_update()
        change = session.scalar(query.execution_options(populate_existing=True))
        if change is None:
            raise KeyError(id_)
        if change.state not in states:
            raise Closed(change)
        if version is not None and change.version != version:
            raise TextMoved(change.record)
        yield change
        change.edited_at = now
