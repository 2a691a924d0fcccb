"""Wrong passwords and codes, counted in the database: each try is counted before it is judged, then slowed down."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.accounts.models import Attempt
from portal.database import insert_into, writing

FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=24)


def subject_of(kind: str, account: str, *, key: str) -> str:
    """The digest under which tries at this account are counted; an account that does not exist has one as well."""
    return hmac.new(key.encode(), f"{kind}\x1f{account.strip().casefold()}".encode(), "sha256").hexdigest()


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many tries in a row: nothing at first, then doubling."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 10))


def take(session: Session, subject: str, *, now: datetime) -> timedelta:
    """Count one try, or give how long to wait for the next one; refused tries are not counted.

    Many tries at the same moment pass one by one, so no more of them get through than of slow ones.
    """
    with writing(session):
        first = insert_into(session, Attempt).values(subject=subject, failures=0, last_at=now)
        session.execute(first.on_conflict_do_nothing())
        row = session.get_one(Attempt, subject, with_for_update=True)
        if row.last_at <= now - FORGOTTEN:
            row.failures = 0
        left = row.last_at + wait_after(row.failures) - now
        if left > timedelta(0):
            return left
        row.failures, row.last_at = row.failures + 1, now
    return timedelta(0)


def forgive(session: Session, subject: str) -> None:
    """Forget the tries of whoever has just got it right."""
    with writing(session):
        session.execute(delete(Attempt).where(Attempt.subject == subject))


def forget(session: Session, *, now: datetime) -> int:
    """Delete what is older than a day; gives how many subjects were forgotten."""
    with writing(session):
        gone = session.execute(delete(Attempt).where(Attempt.last_at <= now - FORGOTTEN))
    return int(gone.rowcount)  # type: ignore[attr-defined]
