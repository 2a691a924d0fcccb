"""The tables of drafts: their texts and earlier versions, notes, who has one open, copies kept after a conflict."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, Index, String, Text, column
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

WRITING, REVIEW, APPROVED = "writing", "review", "approved"
SCHEDULED, PUBLISHING, PUBLISHED = "scheduled", "publishing", "published"
WITHDRAWN, DISCARDED = "withdrawn", "discarded"
# A page has at most one draft in these states: the one that everybody works on.
OPEN_STATES = (WRITING, REVIEW, APPROVED, PUBLISHING)
CLOSED_STATES = (SCHEDULED, PUBLISHED, WITHDRAWN, DISCARDED)

_OPEN = column("state").in_(OPEN_STATES)


def fresh_id() -> str:
    """A new id of 32 hexadecimal digits."""
    return uuid4().hex


class Draft(Base):
    """The texts of one page as somebody would publish them, and how far they are.

    `files` and `base_files` hold whole texts under `facts.yaml`, `id.md`, `en.md`: as they would be
    published, and as they were at the commit `base` ("" when the page is new). `version` rises with each
    save, so two editors notice each other; `editor` saved last, at `edited_at`. `writers` are all who saved or
    merged since the draft began, in that order. `approved_digest` names the texts and the base of the last
    approval (`portal.drafts.workflow.digest_of`); it stays when the approval does not hold any more.
    """

    __tablename__ = "editing_draft"
    __table_args__ = (
        Index("uq_editing_draft_open", "kind", "slug", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    kind: Mapped[str] = mapped_column(String(40))
    slug: Mapped[str] = mapped_column(String(100))
    is_new: Mapped[bool] = mapped_column(default=False)
    base: Mapped[str] = mapped_column(String(64), default="")
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    base_files: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=WRITING, index=True)
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(36))
    editor: Mapped[str] = mapped_column(String(36), default="")
    writers: Mapped[list[str]] = mapped_column(JSON, default=list)
    edited_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    publish_at: Mapped[datetime | None]
    reviewer: Mapped[str] = mapped_column(String(36), default="")
    approved_digest: Mapped[str] = mapped_column(String(64), default="")
    bypass_reason: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]

    @property
    def key(self) -> str:
        """`kind/slug`, the name of the page."""
        return f"{self.kind}/{self.slug}"

    @property
    def is_open(self) -> bool:
        """Whether somebody may still work on it."""
        return self.state in OPEN_STATES


class Note(Base):
    """One contribution to the talk about a draft; `field` names what it is about, or is empty."""

    __tablename__ = "editing_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[str] = mapped_column(String(32), ForeignKey("editing_draft.id"), index=True)
    author: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    field: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)


class DraftVersion(Base):
    """The texts of a draft before a later save, and who saved them: what somebody may still have open."""

    __tablename__ = "editing_draft_version"

    draft: Mapped[str] = mapped_column(String(32), ForeignKey("editing_draft.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(String(36), default="")
    files: Mapped[dict[str, str]] = mapped_column(JSON)


class Presence(Base):
    """Who has a draft open, since when, and when their browser last said so."""

    __tablename__ = "editing_presence"

    draft: Mapped[str] = mapped_column(String(32), ForeignKey("editing_draft.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(36), primary_key=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class ConflictCopy(Base):
    """Texts that somebody typed on an older version of a draft, kept until they chose what stays."""

    __tablename__ = "editing_unmerged"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    draft: Mapped[str] = mapped_column(String(32), ForeignKey("editing_draft.id"), index=True)
    author: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime]
    files: Mapped[dict[str, str]] = mapped_column(JSON)
    base_files: Mapped[dict[str, str]] = mapped_column(JSON)
