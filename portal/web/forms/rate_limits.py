"""Limits per network without keeping addresses: counts under an HMAC with a daily key, gone after 48 hours.

Limits are generous, because a whole village shares one carrier address; they stop machines, not people.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.database import NOT_BACKED_UP, Base, insert_into, writing

KEPT = timedelta(hours=48)


class NetworkKey(Base):
    """The random key of one day; without it the counts of that day name nobody."""

    __tablename__ = "network_keys"
    __table_args__ = {"info": NOT_BACKED_UP}

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class NetworkCount(Base):
    """How often one network did one thing in one hour."""

    __tablename__ = "network_counts"
    __table_args__ = (UniqueConstraint("purpose", "network", "hour"), {"info": NOT_BACKED_UP})

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    network: Mapped[str] = mapped_column(String(32))
    hour: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


def network_of(address: str) -> str:
    """Give the network that an address stands for: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        ip_address = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip_address, ipaddress.IPv6Address):
        if ip_address.ipv4_mapped:
            return str(ip_address.ipv4_mapped)
        return str(ipaddress.ip_network((ip_address, 64), strict=False))
    return str(ip_address)


def count(session: Session, purpose: str, *, address: str, now: datetime) -> int:
    """Count one more act of this network in this hour, in a transaction of its own; gives the new count."""
    with writing(session):
        network = _pseudonym(session, address, now=now)
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        row = insert_into(session, NetworkCount).values(purpose=purpose, network=network, hour=hour, count=1)
        row = row.on_conflict_do_update(
            index_elements=["purpose", "network", "hour"], set_={"count": NetworkCount.count + 1}
        )
        return int(session.scalars(row.returning(NetworkCount.count)).one())


def counted(session: Session, purpose: str, *, address: str, now: datetime) -> int:
    """Give how often this network did this in the hour, without counting."""
    key = session.scalar(select(NetworkKey.key).where(NetworkKey.day == now.astimezone(UTC).date()))
    if key is None:
        return 0
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    query = select(NetworkCount.count).where(
        NetworkCount.purpose == purpose,
        NetworkCount.network == _digest(key, address),
        NetworkCount.hour == hour,
    )
    return session.scalar(query) or 0


def forget_networks(session: Session, *, now: datetime) -> int:
    """Delete the counts and keys that are older than 48 hours; gives the number of counts deleted."""
    oldest = now.astimezone(UTC) - KEPT
    with writing(session):
        gone = list(session.scalars(select(NetworkCount.id).where(NetworkCount.hour < oldest)))
        session.execute(delete(NetworkCount).where(NetworkCount.id.in_(gone)))
        session.execute(delete(NetworkKey).where(NetworkKey.day <= oldest.date()))
    return len(gone)


def _pseudonym(session: Session, address: str, *, now: datetime) -> str:
    day = now.astimezone(UTC).date()
    fresh = insert_into(session, NetworkKey).values(day=day, key=secrets.token_hex(32))
    session.execute(fresh.on_conflict_do_nothing())
    return _digest(session.scalars(select(NetworkKey.key).where(NetworkKey.day == day)).one(), address)


def _digest(key: str, address: str) -> str:
    return hmac.new(bytes.fromhex(key), network_of(address).encode(), "sha256").hexdigest()[:32]
