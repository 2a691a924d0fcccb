"""What a background process puts right: publications that a crash interrupted, due drafts, the copy of the content.

`reconcile` takes the publish lock; it runs before the first request and every ten seconds.
"""

from __future__ import annotations

import logging
import subprocess
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.content.sources.repository import AUDIT, AUDIT_COPIED
from portal.database import writing
from portal.drafts.models import PUBLISHING, SCHEDULED, Draft
from portal.drafts.workflow import move
from portal.publishing.edits import TRAILER
from portal.publishing.models import DONE, Publication
from portal.publishing.publish import finish, undo
from portal.publishing.publisher import Publisher

log = logging.getLogger("portal.editing")


def reconcile(publisher: Publisher, session: Session, *, now: datetime) -> list[Publication]:
    """Finish or undo every publication that was begun and not ended; gives those rows.

    One whose commit is found by its trailer is done, else its draft is approved again. A publication that runs now is
    waited for.
    """
    unfinished = select(Publication.revision).where(Publication.state == PUBLISHING)
    if session.scalar(unfinished.limit(1)) is None:
        return []
    session.rollback()
    reconciled = []
    with publisher.publish_lock():
        repository = publisher.repository()
        try:
            for revision in session.scalars(unfinished).all():
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


def publish_due(session: Session, *, now: datetime) -> int:
    """Mark the scheduled drafts whose time has come as published; gives how many.

    Nothing is written into the content: readers get the scheduled version at its time by itself.
    """
    due = select(Draft).where(Draft.state == SCHEDULED, Draft.publish_at <= now)
    if session.scalar(due.limit(1)) is None:
        return 0
    with writing(session):
        drafts = session.scalars(due.with_for_update().execution_options(populate_existing=True)).all()
        for draft in drafts:
            move(draft, "due")
    return len(drafts)


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
    """Send what was published, and checkpoints, to the remote; gives one sentence for the log, also when it refuses."""
    waiting = session.scalars(
        select(Publication.revision).where(Publication.state == DONE, Publication.pushed_at.is_(None))
    ).all()
    session.rollback()
    repository = publisher.repository()
    try:
        if not waiting and repository.head(AUDIT) == repository.head(AUDIT_COPIED):
            return ""
        repository.push(remote)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        output = getattr(failed, "stderr", b"") or b""
        reason = output.decode("utf-8", "replace").strip().splitlines()[-1:] or [type(failed).__name__]
        return f"{len(waiting)} changes wait for the remote, which cannot be reached: {reason[0]}"
    finally:
        repository.close()
    with writing(session):
        session.execute(update(Publication).where(Publication.revision.in_(waiting)).values(pushed_at=now))
    return f"{len(waiting)} changes pushed" if waiting else "a checkpoint pushed"
