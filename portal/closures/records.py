"""Published closings with the texts before and after each; whether one holds is told by its publication."""

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

SHOWN = 30


class UndoneAlready(Exception):
    """Somebody undid the closing, or is about to."""


def remember(
    session: Session,
    plan: Plan,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
    revision: str,
    author: str,
    now: datetime,
) -> str:
    """Keep what a closing is about to change; gives the id of the record."""
    with writing(session):
        made = ClosedTime(
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
        session.add(made)
        return made.id


def forget(session: Session, id_: str) -> None:
    """Drop the record of a closing that was not published."""
    with writing(session):
        session.execute(delete(ClosedTime).where(ClosedTime.id == id_))


def begin_undo(session: Session, id_: str, *, revision: str) -> None:
    """Say by which publication a closing is being undone; raises UndoneAlready when another one does."""
    with writing(session):
        found = session.get_one(ClosedTime, id_, populate_existing=True, with_for_update=True)
        if found.undone and is_out(session, found.undone) is not False:
            raise UndoneAlready(id_)
        found.undone = revision


def give_up_undo(session: Session, id_: str, *, revision: str) -> None:
    """Say that the closing holds on, since it could not be undone."""
    with writing(session):
        found = session.get_one(ClosedTime, id_, populate_existing=True)
        if found.undone == revision:
            found.undone = ""


def is_out(session: Session, revision: str) -> bool | None:
    """Whether a publication came out; None while it runs."""
    found = session.get(Publication, revision)
    if found is None:
        return False
    return None if found.state == "publishing" else found.state == DONE


def plan_of(record: ClosedTime) -> Plan:
    """The closing of a record."""
    return from_plain(record.plan, Plan)


def published(session: Session) -> Sequence[ClosedTime]:
    """The closings that were published, the newest first."""
    query = select(ClosedTime).join(Publication, Publication.revision == ClosedTime.revision)
    return session.scalars(
        query.where(Publication.state == DONE).order_by(ClosedTime.created_at.desc()).limit(SHOWN)
    ).all()
