"""Adding rows to the chain, within the transaction that writes them.

The order is that in which transactions hold the one row of the chain's end: SQLite has one writer anyway, PostgreSQL
locks the row until the transaction ends. It is the last lock that a writer takes, so no two wait for each other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from portal.database import insert_into
from portal.ledger.models import LedgerEnd, LedgerEntry

END = 1
# What the first entry is linked to.
BEGINNING = "0" * 64
# The source of the entry before which rows were not chained when they were written.
START = "start"


def content_digest(row: Mapping[str, object]) -> str:
    """The SHA-256 of a row as canonical JSON: sorted keys, no spaces, UTF-8, instants in UTC to the microsecond."""
    return sha256(_canonical(row)).hexdigest()


def entry_digest(before: str, position: int, source: str, key: str, content: str) -> str:
    """The digest of an entry that follows the one with the digest `before`."""
    return sha256(_canonical([before, position, source, key, content])).hexdigest()


def append(session: Session, source: str, key: str, row: Mapping[str, object]) -> int:
    """Add a row of a log at the end of the chain; gives its position. Call it last in a writing transaction."""
    session.flush()
    end = session.get(LedgerEnd, END, with_for_update=True, populate_existing=True)
    if end is None:
        first = insert_into(session, LedgerEnd).values(id=END, position=0, digest=BEGINNING)
        session.execute(first.on_conflict_do_nothing())
        end = session.get_one(LedgerEnd, END, with_for_update=True, populate_existing=True)
    position, content = end.position + 1, content_digest(row)
    digest = entry_digest(end.digest, position, source, key, content)
    session.add(LedgerEntry(position=position, source=source, key=key, content=content, digest=digest))
    end.position, end.digest = position, digest
    return position


def _canonical(value: object) -> bytes:
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_instant)
    return written.encode("utf-8", "surrogatepass")


def _instant(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} has no canonical form")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
