"""The table of publications: one row per change of the served content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.drafts.models import PUBLISHING, fresh_id
from portal.ledger.verification import Source

# A publication is PUBLISHING, then one of these.
DONE, FAILED = "done", "failed"


class Publication(Base):
    """One change of the served content: written before the commit, marked done after it.

    `revision` is also the trailer of the commit, by which a start after a crash finds out what happened. One that is
    `unread` went out at once, without a second reader: it waits until `reader`, who did not publish it, has read it.
    """

    __tablename__ = "editing_publication"

    revision: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    draft: Mapped[str | None] = mapped_column(String(32), ForeignKey("editing_draft.id"), index=True)
    author: Mapped[str] = mapped_column(String(36))
    reason: Mapped[str] = mapped_column(String(500), default="")
    paths: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=PUBLISHING, index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    commit: Mapped[str | None] = mapped_column(String(64))
    pushed_at: Mapped[datetime | None]
    unread: Mapped[bool] = mapped_column(default=False)
    reader: Mapped[str] = mapped_column(String(36), default="")


def chained_begin(publication: Publication) -> dict[str, object]:
    """What the ledger holds of a publication when it begins."""
    names = ("revision", "draft", "author", "reason", "paths", "started_at")
    return {name: getattr(publication, name) for name in names}


def chained_outcome(publication: Publication) -> dict[str, object]:
    """What the ledger holds of a publication when it has ended."""
    return {name: getattr(publication, name) for name in ("revision", "state", "commit", "finished_at")}


BEGUN = Source("publication", Publication, Publication.revision, chained_begin)
ENDED = Source("outcome", Publication, Publication.revision, chained_outcome, Publication.state != PUBLISHING)
