"""Work behind accounts: tries and sessions that are over are forgotten."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.authentication import attempts
from portal.accounts.authentication import sessions as staff_sessions
from portal.web.operations.jobs import Job
from portal.web.transactions import sessions


def forget(now: datetime) -> str:
    """Delete what no longer counts; gives one sentence for the log."""
    with sessions()() as session:
        tries = attempts.forget(session, now=now)
        over = staff_sessions.forget(session, now=now)
    return f"{tries} tries and {over} sessions forgotten" if tries or over else ""


JOBS = (Job(name="accounts", seconds=3600, run=forget),)
