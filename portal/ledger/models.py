"""The tables of the ledger: one entry per chained row, and the end of the chain."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class LedgerEntry(Base):
    """One row of a log in the chain: `source` and `key` name it, `content` is its digest.

    `digest` covers the entry and the digest of the one before, so no entry can change without all that follow.
    Digests are SHA-256, 64 hexadecimal digits.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_row", "source", "key"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class LedgerEnd(Base):
    """The last entry of the chain, in the one row with id 1; who adds an entry holds its lock."""

    __tablename__ = "ledger_end"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
