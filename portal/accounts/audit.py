"""The audit log: one row per action, append-only; triggers of the database refuse updates and deletions.

Every row is chained in `portal.ledger`, which shows what somebody changed who owns the database.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.csv_files import BYTE_ORDER_MARK, csv_line
from portal.database import writing
from portal.ledger.chain import append
from portal.ledger.verification import Source

SYSTEM = "system"


def network_class(address: str) -> str:
    """The network of an address: machine, inside, outside-4, outside-6 or unknown; the address is not stored."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    if parsed.is_loopback:
        return "machine"
    if parsed.is_private or parsed.is_link_local:
        return "inside"
    return f"outside-{parsed.version}"


def record(session: Session, *, who: str, action: str, subject: str, now: datetime, network_class: str) -> None:
    """Add one action, in a transaction of its own; `who` and `subject` are ids, never names or addresses."""
    with writing(session):
        entry = AuditEntry(at=now, who=who[:32], action=action[:60], subject=subject[:200], network_class=network_class)
        session.add(entry)
        session.flush()
        append(session, LEDGER_SOURCE.name, str(entry.id), _chained(entry))


def entries(
    session: Session, *, who: str = "", action: str = "", before: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """The newest entries first: of one person, of actions with that prefix, older than the entry of that id."""
    query = _matching(who=who, action=action).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query))


def every_entry(session: Session, *, who: str = "", action: str = "") -> Iterator[AuditEntry]:
    """All those entries from the first on, read piece by piece."""
    query = _matching(who=who, action=action).order_by(AuditEntry.id).execution_options(yield_per=500)
    yield from session.scalars(query)


def csv_lines(rows: Iterable[AuditEntry], *, head: Sequence[str], words: Callable[[str], str]) -> Iterator[str]:
    """The entries as lines of CSV, the head first; instants in UTC, ids and no names, the action in words last."""
    yield BYTE_ORDER_MARK + csv_line(head)
    for row in rows:
        yield csv_line(
            (row.id, row.at.isoformat(), row.who, row.action, row.subject, row.network_class, words(row.action))
        )


def _matching(*, who: str, action: str) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if who:
        query = query.where(AuditEntry.who == who)
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    return query


def _chained(entry: AuditEntry) -> dict[str, object]:
    names = ("id", "at", "who", "action", "subject", "network_class")
    return {name: getattr(entry, name) for name in names}


LEDGER_SOURCE = Source("audit", AuditEntry, AuditEntry.id, _chained)
