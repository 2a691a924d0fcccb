"""Which links are due for a look, and what a look changes: trouble counts only when it comes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.database import writing
from portal.links.models import CheckedLink
from portal.links.visiting import BROKEN, MOVED, OK, REFUSED, UNREACHABLE, Visit

# About half of what one look calls broken works for people; from these many nights on it is told.
NIGHTS = {BROKEN: 2, UNREACHABLE: 5, MOVED: 2, REFUSED: 1}


def due(session: Session, addresses: Collection[str], *, since: datetime, most: int) -> list[str]:
    """Give the addresses that were not looked at since then: new ones first, then those looked at longest ago."""
    query = select(CheckedLink.address, CheckedLink.checked_at)
    seen: Mapping[str, datetime] = {row.address: row.checked_at for row in session.execute(query)}
    waiting = [address for address in addresses if address not in seen or seen[address] < since]
    return sorted(waiting, key=lambda address: (address in seen, seen.get(address, since), address))[:most]


def note(session: Session, address: str, visit: Visit, *, now: datetime) -> None:
    """Keep what a look found."""
    with writing(session):
        row = session.scalar(select(CheckedLink).where(CheckedLink.address == address))
        if row is None:
            row = CheckedLink(address=address, failures=0, failed_since=None)
            session.add(row)
        row.state, row.reason, row.status, row.location = visit.state, visit.reason, visit.status, visit.location
        row.checked_at = now
        if visit.state == OK:
            row.failures, row.failed_since = 0, None
        else:
            row.failures += 1
            row.failed_since = row.failed_since or now


def forget_others(session: Session, addresses: Collection[str]) -> int:
    """Forget the links that no page names any more; gives their number."""
    with writing(session):
        rows = session.execute(select(CheckedLink.id, CheckedLink.address))
        gone = [number for number, address in rows if address not in addresses]
        session.execute(delete(CheckedLink).where(CheckedLink.id.in_(gone)))
    return len(gone)


def troubled(session: Session) -> list[CheckedLink]:
    """Give the links that staff should look at: broken ones first, then those that moved, then the others."""
    rows = session.scalars(select(CheckedLink).where(CheckedLink.state != OK).order_by(CheckedLink.failed_since))
    order = (BROKEN, MOVED, UNREACHABLE, REFUSED)
    reported = [row for row in rows if row.failures >= NIGHTS.get(row.state, 1)]
    return sorted(reported, key=lambda row: order.index(row.state))


def latest(session: Session) -> datetime | None:
    """When the last look was."""
    return session.scalar(select(CheckedLink.checked_at).order_by(CheckedLink.checked_at.desc()).limit(1))
