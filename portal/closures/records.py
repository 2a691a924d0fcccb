"""Records of published closings, with the texts before and after each; pure.

A record is added before the publication and removed when that fails. Whether a closing holds, or was undone, is read
from the state of the publications that `revision` and `undone` name. Rows are locked while an undo begins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.closures.models import ClosedTime
from portal.closures.plan import Plan
from portal.content.parsing import from_plain
from portal.database import writing
from portal.drafts.models import fresh_id
from portal.publishing.models import DONE, Publication

LIST_LENGTH = 30


class AlreadyUndone(Exception):
    """Somebody undid the closing, or is about to."""


def add_record(
    session: Session,
    plan: Plan,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
    revision: str,
    author: str,
    now: datetime,
) -> str:
    """Store what a closing is about to change; gives the id of the record."""
    with writing(session):
        record = ClosedTime(
            id=fresh_id(),
            author=author,
            starts=plan.starts,
            ends=plan.ends,
            plan=msgspec.to_builtins(plan),
            before=dict(before),
            after=dict(after),
            revision=revision,
            created_at=now,
        )
        session.add(record)
        return record.id


def remove_record(session: Session, id_: str) -> None:
    """Delete the record of a closing that was not published."""
    with writing(session):
        session.execute(delete(ClosedTime).where(ClosedTime.id == id_))


def begin_undo(session: Session, id_: str, *, revision: str) -> None:
    """Store by which publication a closing is being undone; raises AlreadyUndone when another one does."""
    with writing(session):
        record = session.get_one(ClosedTime, id_, populate_existing=True, with_for_update=True)
        if record.undone and is_published(session, record.undone) is not False:
            raise AlreadyUndone(id_)
        record.undone = revision


def abandon_undo(session: Session, id_: str, *, revision: str) -> None:
    """Store that the closing still holds, since it could not be undone."""
    with writing(session):
        record = session.get_one(ClosedTime, id_, populate_existing=True)
        if record.undone == revision:
            record.undone = ""


def is_published(session: Session, revision: str) -> bool | None:
    """Whether a publication came out; None while it runs."""
    publication = session.get(Publication, revision)
    if publication is None:
        return False
    return None if publication.state == "publishing" else publication.state == DONE


def published_record(session: Session, id_: str) -> ClosedTime | None:
    """The record of that id, if its closing was published."""
    record = session.get(ClosedTime, id_) if len(id_) == 32 and id_.isalnum() else None
    return record if record is not None and is_published(session, record.revision) is True else None


def plan_of(record: ClosedTime) -> Plan:
    """The closing of a record."""
    return from_plain(record.plan, Plan)


def published_records(session: Session) -> Sequence[ClosedTime]:
    """The latest published closings, the newest first."""
    query = select(ClosedTime).join(Publication, Publication.revision == ClosedTime.revision)
    return session.scalars(
        query.where(Publication.state == DONE).order_by(ClosedTime.created_at.desc()).limit(LIST_LENGTH)
    ).all()
