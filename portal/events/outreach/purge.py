"""Deleting the personal data of requests that are over: district, days and numbers stay."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.database import writing
from portal.events.outreach.models import DECLINED, DONE, OutreachRequest, RequestNote
from portal.events.registrations.purge import Purged, record_purge
from portal.mail import delete_messages

# After the last change: a request that is done or declined needs its contact no longer, nor does a forgotten one.
CLOSED_REQUEST_KEPT = timedelta(days=90)
OPEN_REQUEST_KEPT = timedelta(days=365)


def purge_requests(sessions: sessionmaker[Session], *, now: datetime) -> list[Purged]:
    """Blank names, contacts and words of requests that are over, and delete their messages."""
    with sessions() as session, writing(session):
        is_closed = OutreachRequest.state.in_((DONE, DECLINED))
        is_over = is_closed & (OutreachRequest.changed_at <= now - CLOSED_REQUEST_KEPT)
        is_old = OutreachRequest.changed_at <= now - OPEN_REQUEST_KEPT
        query = select(OutreachRequest.id).where(OutreachRequest.purged_at.is_(None), is_over | is_old)
        numbers = list(session.scalars(query))
        if not numbers:
            return []
        blank = dict.fromkeys(("host", "person", "place", "message", "phone", "email"), "")
        is_due = OutreachRequest.id.in_(numbers)
        session.execute(update(OutreachRequest).where(is_due).values(purged_at=now, **blank))
        session.execute(update(RequestNote).where(RequestNote.request_id.in_(numbers)).values(text=""))
        messages = sum(delete_messages(session, about=f"requests/{number}") for number in numbers)
        return [record_purge(session, Purged(about="requests", rows=len(numbers), messages=messages), now=now)]
