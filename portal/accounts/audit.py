"""The audit log: one line per deed, added and never changed; the database itself refuses anything else."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.accounts.models import AuditEntry
from portal.database import writing

SYSTEM = "system"
STRANGER = "stranger"
CLASSES = ("machine", "inside", "outside-4", "outside-6", "unknown")


def network_class(address: str) -> str:
    """What kind of network an address belongs to; the address itself is kept nowhere."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return "machine"
    if found.is_private or found.is_link_local:
        return "inside"
    return f"outside-{found.version}"


def record(session: Session, *, who: str, deed: str, subject: str, now: datetime, network_class: str) -> None:
    """Add one deed, in a transaction of its own; `who` and `subject` are ids, never names or addresses."""
    with writing(session):
        session.add(
            AuditEntry(at=now, who=who[:32], deed=deed[:60], subject=subject[:200], network_class=network_class)
        )


def entries(
    session: Session, *, who: str = "", deed: str = "", before: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """The newest entries first: of one person, of deeds that begin so, older than the entry of that id."""
    query = _matching(who=who, deed=deed).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query))


def every_entry(session: Session, *, who: str = "", deed: str = "") -> Iterator[AuditEntry]:
    """All those entries from the first on, read piece by piece."""
    query = _matching(who=who, deed=deed).order_by(AuditEntry.id).execution_options(yield_per=500)
    yield from session.scalars(query)


def _matching(*, who: str, deed: str) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if who:
        query = query.where(AuditEntry.who == who)
    if deed:
        query = query.where(AuditEntry.deed.startswith(deed, autoescape=True))
    return query
