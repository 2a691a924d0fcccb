"""Deleting the personal data of registrations on its date: numbers stay, persons go, the purge is recorded.

`flask work` runs `purge_events` and `outreach.purge.purge_requests`, then `scrub_purged`, which overwrites the deleted
rows in the files of the database and repeats at every run until it succeeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.database import scrub, writing
from portal.events.registrations import seats
from portal.events.registrations.models import EventCount, Purge, Registration, SeatCounters
from portal.mail import delete_messages


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What one purge deleted: rows with personal data, and messages."""

    about: str
    rows: int
    messages: int


def record_purge(session: Session, purged: Purged, *, now: datetime) -> Purged:
    """Record a purge in the open transaction, as not yet scrubbed from the files."""
    session.add(Purge(about=purged.about, at=now, rows=purged.rows, messages=purged.messages))
    return purged


def store_deletion_date(session: Session, event: str, *, delete_on: datetime) -> None:
    """Store when an event's registrations are to be deleted, so that it is known when the content is gone or broken.

    The caller holds a transaction.
    """
    counters = seats.counters(session, event)
    if counters.delete_on != delete_on:
        counters.delete_on = delete_on


def purge_events(sessions: sessionmaker[Session], *, now: datetime) -> list[Purged]:
    """Delete the registrations of every event whose date has come."""
    with sessions() as session:
        due = session.scalars(
            select(SeatCounters.event)
            .where(SeatCounters.delete_on <= now)
            .where(select(Registration.id).where(Registration.event == SeatCounters.event).exists())
        ).all()
        return [purge_event(session, event, now=now) for event in due]


def purge_event(session: Session, event: str, *, now: datetime) -> Purged:
    """Count the registrations of an event by district, state and attendance; delete them and their messages."""
    with writing(session):
        seats.counters(session, event, lock=True)
        groups = (Registration.district, Registration.state, Registration.attendance)
        sums = (func.sum(Registration.party_size), func.sum(Registration.attended_guests))
        query = select(*groups, func.count(), *sums).where(Registration.event == event)
        rows = 0
        for district, state, attendance, bookings, guests, attended in session.execute(query.group_by(*groups)):
            rows += bookings
            session.add(
                EventCount(
                    event=event,
                    district=district,
                    state=state,
                    attendance=attendance,
                    bookings=bookings,
                    guests=guests,
                    attended_guests=attended,
                )
            )
        session.execute(delete(Registration).where(Registration.event == event))
        about = f"events/{event}"
        purged = Purged(about=about, rows=rows, messages=delete_messages(session, about=about))
        return record_purge(session, purged, now=now)


def scrub_purged(sessions: sessionmaker[Session], engine: Engine, *, now: datetime) -> bool:
    """Overwrite what purges left in the files of the database; False when a reader still needs the old pages."""
    with sessions() as session:
        unscrubbed = session.scalars(select(Purge.id).where(Purge.scrubbed_at.is_(None))).all()
    if not unscrubbed:
        return True
    if not scrub(engine):
        return False
    with sessions() as session, writing(session):
        session.execute(update(Purge).where(Purge.id.in_(unscrubbed)).values(scrubbed_at=now))
    return True
