"""After a crash, a kill or a broken line: every publication is either out or waits again, and copies catch up."""

from __future__ import annotations

import logging
import subprocess
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from portal.database import writing
from portal.drafts.models import PUBLISHED, PUBLISHING, SCHEDULED, Draft
from portal.publishing.edits import TRAILER
from portal.publishing.models import DONE, Publication
from portal.publishing.publish import finish, undo
from portal.publishing.publisher import Publisher

log = logging.getLogger("portal.editing")


def reconcile(publisher: Publisher, session: Session, *, now: datetime) -> list[Publication]:
    """Settle every publication that was begun and not ended; gives those rows.

    Its commit is found by the trailer: then it is done, else its draft is approved again. A publication that
    runs at this moment is waited for.
    """
    if not session.scalars(_unfinished()).all():
        return []
    session.rollback()
    reconciled = []
    with publisher.publish_lock():
        repository = publisher.repository()
        try:
            for revision in session.scalars(select(Publication.revision).where(Publication.state == PUBLISHING)).all():
                commit = repository.commit_of(f"{TRAILER}: {revision}")
                session.rollback()
                if commit:
                    finish(session, revision, commit=commit, now=now)
                else:
                    undo(session, revision, now=now)
                reconciled.append(session.get_one(Publication, revision))
        finally:
            repository.close()
    publisher.generations.bump_content()
    return reconciled


def _unfinished() -> Select[str]:
    return select(Publication.revision).where(Publication.state == PUBLISHING).limit(1)


def open_the_scheduled(session: Session, *, now: datetime) -> int:
    """Say of drafts whose moment has come that they are public; the pages themselves followed at that moment."""
    due = select(Draft.id).where(Draft.state == SCHEDULED, Draft.publish_at <= now)
    if not session.scalars(due.limit(1)).all():
        return 0
    with writing(session):
        ids = session.scalars(due).all()
        session.execute(update(Draft).where(Draft.id.in_(ids)).values(state=PUBLISHED))
    return len(ids)


@dataclass(frozen=True)
class Unpushed:
    """What the other copy of the content lacks: how many changes, and since when."""

    count: int
    since: datetime


def unpushed(session: Session) -> Unpushed | None:
    """What the other copy of the content lacks, or nothing."""
    count, since = session.execute(
        select(func.count(), func.min(Publication.finished_at)).where(
            Publication.state == DONE, Publication.pushed_at.is_(None)
        )
    ).one()
    return Unpushed(count, since) if count and since else None


def push(publisher: Publisher, session: Session, remote: str, *, now: datetime) -> str:
    """Send what was published to the remote; gives one sentence for the log, also when it cannot be reached."""
    waiting = session.scalars(
        select(Publication.revision).where(Publication.state == DONE, Publication.pushed_at.is_(None))
    ).all()
    session.rollback()
    if not waiting:
        return ""
    repository = publisher.repository()
    try:
        repository.push(remote)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        output = getattr(failed, "stderr", b"") or b""
        reason = output.decode("utf-8", "replace").strip().splitlines()[-1:] or [type(failed).__name__]
        return f"{len(waiting)} changes wait for the remote, which cannot be reached: {reason[0]}"
    finally:
        repository.close()
    with writing(session):
        session.execute(update(Publication).where(Publication.revision.in_(waiting)).values(pushed_at=now))
    return f"{len(waiting)} changes pushed"
