"""Totals of registrations for staff pages: numbers only, no personal data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.events.registrations.models import CANCELLED, CONFIRMED, OFFERED, WAITING, Registration


def parties_with_email(session: Session, event: str) -> tuple[int, int]:
    """The parties of an event that hold or await seats, and how many of them have an e-mail address."""
    query = select(func.count()).where(
        Registration.event == event, Registration.state.in_((CONFIRMED, OFFERED, WAITING))
    )
    return session.scalar(query) or 0, session.scalar(query.where(Registration.email != "")) or 0


def registered_since(session: Session, instant: datetime) -> tuple[int, int]:
    """The parties that registered at or after `instant` and did not cancel, and their guests."""
    query = select(func.count(), func.coalesce(func.sum(Registration.party_size), 0)).where(
        Registration.created_at >= instant, Registration.state != CANCELLED
    )
    parties, guests = session.execute(query).one()
    return int(parties), int(guests)
