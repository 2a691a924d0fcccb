"""From an upload to a published file: waiting, looked at by somebody else, published, refused or taken back.

    waiting ──approve (another)──▶ published        waiting ──refuse──▶ refused
    waiting ──publish-unread──▶ unread ──read (another)──▶ published        waiting ──withdraw (author)──▶ withdrawn

Each function locks the row and moves it in one transaction; what is not allowed raises and changes nothing.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from portal.content.parsing import from_plain
from portal.database import transactional
from portal.media.proposals.models import PUBLISHED, REFUSED, UNREAD, WAITING, WITHDRAWN, MediaProposal, fresh_id
from portal.media.record import MediaRecord

# Each may hold 13 MB; reviewers look within days, so this many waiting ones are a mistake or an attack.
MOST_WAITING = 60
LONGEST_REASON = 500


class NotAllowed(Exception):
    """The step is not possible: `reason` is one word, which the view translates."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What somebody wants to publish: the record, and the files by path below the content root."""

    media_id: str
    action: str
    record: MediaRecord
    files: Mapping[str, bytes]
    base: str = ""


def digest_of(record_text: str) -> str:
    """The mark of the record that a proposal replaces."""
    return sha256(record_text.encode()).hexdigest()


def propose(session: Session, proposed: Proposed, *, author: str, now: datetime) -> str:
    """Keep a proposal and give its id; raises NotAllowed `waiting` (one waits for this file already) or `many`."""
    id_ = fresh_id()
    row = MediaProposal(
        id=id_,
        media_id=proposed.media_id,
        action=proposed.action,
        record=msgspec.to_builtins(proposed.record),
        files={path: b64encode(data).decode() for path, data in proposed.files.items()},
        base=proposed.base,
        author=author,
        created_at=now,
    )
    try:
        _add(session, row)
    except IntegrityError:
        raise NotAllowed("waiting") from None
    return id_


@transactional
def _add(session: Session, row: MediaProposal) -> None:
    waiting = session.scalar(select(func.count()).select_from(MediaProposal).where(MediaProposal.state == WAITING))
    if (waiting or 0) >= MOST_WAITING:
        raise NotAllowed("many")
    session.add(row)


def record_of(row: MediaProposal) -> MediaRecord:
    """The record that the proposal wants."""
    return from_plain(row.record, MediaRecord)


def files_of(row: MediaProposal) -> dict[str, bytes]:
    """The files by path below the content root; none once the proposal is decided."""
    return {path: b64decode(text) for path, text in row.files.items()}


def to_look_at(session: Session) -> list[MediaProposal]:
    """What waits and what was published unread, the oldest first, without the files."""
    query = select(MediaProposal).where(MediaProposal.state.in_((WAITING, UNREAD))).order_by(MediaProposal.created_at)
    return list(session.scalars(query.options(defer(MediaProposal.files))))


def latest_of(session: Session, media_id: str) -> MediaProposal | None:
    """The newest proposal about a file, without the files."""
    query = select(MediaProposal).where(MediaProposal.media_id == media_id).order_by(MediaProposal.created_at.desc())
    return session.scalar(query.limit(1).options(defer(MediaProposal.files)))


def check_reader(row: MediaProposal, *, by: str) -> None:
    """Raise NotAllowed where this person may not look in the place of a second reader."""
    if row.state not in (WAITING, UNREAD):
        raise NotAllowed("decided")
    if row.author == by:
        raise NotAllowed("own")


@transactional
def approve(session: Session, id_: str, *, by: str, now: datetime) -> None:
    """Note that somebody else looked, once the files are published or were so in an emergency."""
    row = _locked(session, id_, WAITING, UNREAD)
    check_reader(row, by=by)
    _decide(row, PUBLISHED, by=by, now=now)


@transactional
def publish_unread(session: Session, id_: str, *, reason: str) -> None:
    """Note that it was published in an emergency; raises NotAllowed `reason` without one."""
    row = _locked(session, id_, WAITING)
    row.reason = checked_reason(reason)
    row.state, row.files = UNREAD, {}


@transactional
def refuse(session: Session, id_: str, *, by: str, note: str, now: datetime) -> None:
    """Refuse what waits and forget its files; raises NotAllowed `reason` without a note to its author."""
    row = _locked(session, id_, WAITING)
    row.note = checked_reason(note)
    _decide(row, REFUSED, by=by, now=now)


@transactional
def withdraw(session: Session, id_: str, *, by: str, now: datetime) -> None:
    """Take back what this person proposed, and forget its files."""
    row = _locked(session, id_, WAITING)
    if row.author != by:
        raise NotAllowed("not-own")
    _decide(row, WITHDRAWN, by="", now=now)


def checked_reason(text: str) -> str:
    """The words in one line; raises NotAllowed `reason` when there are none."""
    words = " ".join(text.split())[:LONGEST_REASON]
    if not words:
        raise NotAllowed("reason")
    return words


def _decide(row: MediaProposal, state: str, *, by: str, now: datetime) -> None:
    row.state, row.reviewer, row.decided_at, row.files = state, by, now, {}


def _locked(session: Session, id_: str, *states: str) -> MediaProposal:
    row = session.get(MediaProposal, id_, with_for_update=True, populate_existing=True)
    if row is None or row.state not in states:
        raise NotAllowed("decided")
    return row
