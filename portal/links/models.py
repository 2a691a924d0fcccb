"""The table of outside links: what the last look found, and for how many nights in a row it found trouble."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class CheckedLink(Base):
    """One address; `failures` counts the nights in a row on which it was not in order."""

    __tablename__ = "links_checked"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(1000), unique=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    reason: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str] = mapped_column(String(300), default="")
    failures: Mapped[int] = mapped_column(default=0)
    failed_since: Mapped[datetime | None]
    checked_at: Mapped[datetime] = mapped_column(index=True)
