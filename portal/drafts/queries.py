"""Lists of drafts for the staff pages."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.drafts.models import OPEN_STATES, Draft


def open_drafts(session: Session, *, limit: int | None = None) -> Sequence[Draft]:
    """The drafts on which somebody works, the latest edited first."""
    query = select(Draft).where(Draft.state.in_(OPEN_STATES)).order_by(Draft.edited_at.desc())
    return session.scalars(query.limit(limit)).all()


def open_slugs(session: Session, kind: str) -> set[str]:
    """The slugs of that kind for which there is an open draft."""
    return set(session.scalars(select(Draft.slug).where(Draft.kind == kind, Draft.state.in_(OPEN_STATES))))
