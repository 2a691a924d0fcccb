"""What `flask work` does for feedback: deletes what is past its time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.feedback.purge import purge
from portal.web.operations.jobs import Job
from portal.web.state import portal
from portal.web.transactions import engine, sessions


def purge_submissions(now: datetime) -> str:
    """Delete what is past its time and overwrite it in the files."""
    zone = ZoneInfo(portal().live.current().site.timezone)
    purged = str(purge(sessions(), engine(), now=now, today=now.astimezone(zone).date()))
    return f"{purged} deleted" if purged else ""


JOBS = (Job(name="voices", seconds=900, run=purge_submissions),)
