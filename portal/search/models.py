"""The one table of the search: how often something was searched on a day, without anything about who searched."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

LONGEST_KEPT = 100


class SearchCount(Base):
    """How often one query was asked in one language on one day, and what became of it."""

    __tablename__ = "search_counts"
    __table_args__ = (UniqueConstraint("day", "language", "query", "tier"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(10))
    query: Mapped[str] = mapped_column(String(LONGEST_KEPT))
    tier: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
