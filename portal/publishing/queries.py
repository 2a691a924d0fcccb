"""Lists of publications for the staff pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.publishing.models import Publication


def latest_publications(session: Session, *, limit: int) -> Sequence[Publication]:
    """The publications of all pages, the newest first."""
    return session.scalars(select(Publication).order_by(Publication.started_at.desc()).limit(limit)).all()
