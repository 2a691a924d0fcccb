"""Proposed changes of reference values, moved through the workflow of `portal.drafts.workflow`.

One person proposes, another approves exactly what was read (named by its digest), then it is published. A record has at
most one open change. Every function raises IllegalTransition when the state of the change does not allow the action.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.database import transactional, writing
from portal.drafts.models import APPROVED, OPEN_STATES, PUBLISHING, WRITING, fresh_id
from portal.drafts.workflow import StaleVersion, add_writer, lock, move
from portal.publishing.models import DONE, Publication
from portal.reference_values.changes import Change, to_stored
from portal.reference_values.models import ValueChange

LONGEST_REASON, LONGEST_NOTE = 500, 1000


def open_change_of(session: Session, reference: str, record: str) -> ValueChange | None:
    """The change of that record on which people work now."""
    query = select(ValueChange).where(ValueChange.reference == reference, ValueChange.record == record)
    return session.scalar(query.where(ValueChange.state.in_(OPEN_STATES)))


def open_changes(session: Session) -> Sequence[ValueChange]:
    """Every change on which people work now, the longest first."""
    query = select(ValueChange).where(ValueChange.state.in_(OPEN_STATES))
    return session.scalars(query.order_by(ValueChange.edited_at)).all()


def propose(
    session: Session, reference: str, record: str, change: Change, *, reason: str, version: int, who: str, now: datetime
) -> ValueChange:
    """Save a change as written by `who`: a new one (version 0), or the open one in that version.

    Raises StaleVersion when somebody else saved or began one meanwhile, IllegalTransition when it is being published.
    """
    try:
        with writing(session):
            row = open_change_of(session, reference, record)
            if version != (row.version if row else 0):
                raise StaleVersion(f"{reference}/{record}")
            if row is None:
                row = ValueChange(id=fresh_id(), reference=reference, record=record, author=who, created_at=now)
                row.version, row.state, row.reviewer, row.writers = 0, WRITING, "", []
                session.add(row)
            add_writer(row, who)
            move(row, "save")
            row.change, row.version, row.edited_at = to_stored(change), row.version + 1, now
            row.reason, row.digest = " ".join(reason.split())[:LONGEST_REASON], ""
    except IntegrityError as taken:
        raise StaleVersion(f"{reference}/{record}") from taken
    return row


@transactional
def send(session: Session, id_: str, *, version: int, now: datetime) -> ValueChange:
    """Ask for a second pair of eyes."""
    change = lock(session, ValueChange, id_)
    move(change, "send")
    if change.version != version:
        raise StaleVersion(change.key)
    change.note, change.edited_at = "", now
    return change


@transactional
def send_back(session: Session, id_: str, *, note: str, now: datetime) -> ValueChange:
    """Give the change back to be written further, with a note that says why."""
    change = lock(session, ValueChange, id_)
    move(change, "send-back")
    change.digest, change.note, change.edited_at = "", note.strip()[:LONGEST_NOTE], now
    return change


@transactional
def approve(session: Session, id_: str, *, by: str, digest: str, now: datetime) -> ValueChange:
    """Approve what was read, named by its digest; raises SelfApproval."""
    change = lock(session, ValueChange, id_)
    move(change, "approve", by=by)
    change.digest, change.edited_at = digest, now
    return change


@transactional
def void_stale_approval(session: Session, id_: str, *, digest: str, now: datetime) -> bool:
    """Return an approved change to review when another digest was approved; gives whether it was returned."""
    change = lock(session, ValueChange, id_)
    if change.state != APPROVED or change.digest == digest:
        return False
    move(change, "void")
    change.digest, change.edited_at = "", now
    return True


@transactional
def discard(session: Session, id_: str, *, now: datetime) -> ValueChange:
    """Close a change without publishing it."""
    change = lock(session, ValueChange, id_)
    move(change, "discard")
    change.edited_at = now
    return change


@transactional
def begin(session: Session, id_: str, *, revision: str, digest: str, now: datetime) -> ValueChange:
    """Say that the approved change is being published; raises StaleVersion when another thing was approved."""
    change = lock(session, ValueChange, id_)
    move(change, "publish")
    if change.digest != digest:
        raise StaleVersion(change.key)
    change.revision, change.edited_at = revision, now
    return change


@transactional
def finalize(session: Session, id_: str, *, now: datetime) -> ValueChange:
    """Give a change that was being published the state of its publication; approved again when nothing came out."""
    change = lock(session, ValueChange, id_)
    publication = session.get(Publication, change.revision) if change.revision else None
    is_running = publication is not None and publication.state == PUBLISHING
    if not is_running:
        move(change, "succeed" if publication is not None and publication.state == DONE else "fail")
    change.edited_at = now
    return change


def digest_of(change: ValueChange, texts: Mapping[str, str | None]) -> str:
    """The digest of what a reader of the change sees: the change and the texts that it makes."""
    seen = msgspec.json.encode([change.change, change.version, sorted(texts.items())])
    return blake2b(seen, digest_size=16).hexdigest()
