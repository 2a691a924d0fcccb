"""The table of closings that were published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.drafts.models import fresh_id


class ClosedTime(Base):
    """A closing that was published as one change, with the texts before and after it, so that it can be undone."""

    __tablename__ = "editing_closed_time"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    author: Mapped[str] = mapped_column(String(36))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, str]] = mapped_column(JSON)
    after: Mapped[dict[str, str]] = mapped_column(JSON)
    revision: Mapped[str] = mapped_column(String(32))
    undone: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
