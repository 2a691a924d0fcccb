"""The table of proposed changes of reference values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, column
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.drafts.models import OPEN_STATES, WRITING, fresh_id

_OPEN = column("state").in_(OPEN_STATES)


class ValueChange(Base):
    """A change of one reference value that somebody proposes, and how far it is.

    `change` holds what shall hold from when on, as `portal.reference_values.changes` writes it; the text of the
    file is made anew whenever it is shown, so two changes of one file do not meet. `digest` names what was
    approved; `writers` are all who saved it.
    """

    __tablename__ = "editing_value_change"
    __table_args__ = (
        Index(
            "uq_editing_value_change_open",
            "reference",
            "record",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    reference: Mapped[str] = mapped_column(String(40))
    record: Mapped[str] = mapped_column(String(100))
    change: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default=WRITING, index=True)
    version: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(36))
    editor: Mapped[str] = mapped_column(String(36), default="")
    writers: Mapped[list[str]] = mapped_column(JSON, default=list)
    reviewer: Mapped[str] = mapped_column(String(36), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    digest: Mapped[str] = mapped_column("mark", String(64), default="")
    revision: Mapped[str | None] = mapped_column(String(32))
    edited_at: Mapped[datetime]
    created_at: Mapped[datetime]

    @property
    def key(self) -> str:
        """`reference/record`, what the change is about."""
        return f"{self.reference}/{self.record}"
