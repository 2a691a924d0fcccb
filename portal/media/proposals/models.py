"""The table of proposed files: what was uploaded, by whom, and who looked at it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

WAITING, UNREAD, PUBLISHED, REFUSED, WITHDRAWN = "waiting", "unread", "published", "refused", "withdrawn"
ADD, REPLACE, WORDS = "add", "replace", "words"
_WAITS = column("state") == WAITING


def fresh_id() -> str:
    """A new id of 32 hexadecimal digits."""
    return uuid4().hex


class MediaProposal(Base):
    """A file, or other words for one, that somebody wants to publish; a file has at most one that waits.

    `record` is the `MediaRecord` in builtins, `files` the new files by path below the content root in Base64; they are
    emptied once it is decided. `base` is the SHA-256 of the record that it replaces ("" for a new file). `unread` is
    published in an emergency, for the `reason`, and nobody else has looked yet.
    """

    __tablename__ = "media_proposal"
    __table_args__ = (
        Index("uq_media_proposal_waiting", "media_id", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    media_id: Mapped[str] = mapped_column(String(80), index=True)
    action: Mapped[str] = mapped_column(String(10))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    base: Mapped[str] = mapped_column(String(64), default="")
    author: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(12), default=WAITING, index=True)
    reviewer: Mapped[str] = mapped_column(String(36), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
