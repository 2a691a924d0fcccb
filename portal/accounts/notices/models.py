"""The table of notes about first passwords that no second administrator has looked at yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import fresh_id
from portal.database import Base


class FirstPasswordNote(Base):
    """A first password that one administrator made, and so knows, for somebody who lets texts out or gives rights."""

    __tablename__ = "accounts_notice"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=fresh_id)
    staff: Mapped[str] = mapped_column(ForeignKey("accounts_staff.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime]
