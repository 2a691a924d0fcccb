"""Notes for a second administrator: who made a first password, and so knows it, for whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.models import Staff
from portal.accounts.notices.models import FirstPasswordNote
from portal.accounts.permissions import ADMINISTER, PUBLISH, ROLES
from portal.database import writing


def note(session: Session, staff: Staff, *, by: str, now: datetime) -> None:
    """Add the note in the open transaction, when a member of staff made it for one of the powerful roles."""
    powers = frozenset[str]().union(*(ROLES.get(name, frozenset()) for name in staff.role_names))
    if by and by != staff.id and powers & {PUBLISH, ADMINISTER}:
        session.add(FirstPasswordNote(staff=staff.id, made_by=by, made_at=now))


def notes_for(session: Session, reader: Staff, *, about: str = "") -> list[FirstPasswordNote]:
    """The notes that wait for this administrator, the oldest first; not those that they made or that are about them."""
    query = select(FirstPasswordNote).where(
        FirstPasswordNote.made_by != reader.id, FirstPasswordNote.staff != reader.id
    )
    if about:
        query = query.where(FirstPasswordNote.staff == about)
    return list(session.scalars(query.order_by(FirstPasswordNote.made_at)))


def look_at(session: Session, reader: Staff, *, about: str) -> int:
    """Take away the notes about that account which waited for this administrator; gives how many there were."""
    with writing(session):
        ids = [one.id for one in notes_for(session, reader, about=about)]
        session.execute(delete(FirstPasswordNote).where(FirstPasswordNote.id.in_(ids)))
    return len(ids)
