"""Deleting personal data when its time is over: numbers stay, people go, the deed is logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from portal.database import scrub, writing
from portal.events.outreach.models import DECLINED, DONE, OutreachRequest, RequestNote
from portal.events.registrations import seats
from portal.events.registrations.models import EventCount, Purge, Registration, SeatCounters
from portal.mail import forget

# A request that is done or declined needs its contact no longer; one that nobody touches neither.
REQUEST_KEPT = timedelta(days=90)
REQUEST_KEPT_OPEN = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What one purge deleted: rows with personal data, and messages."""

    about: str
    rows: int
    messages: int


def remember_date(session: Session, event: str, *, delete_on: datetime) -> None:
    """Keep in the database when an event's registrations are to be deleted.

    The caller holds a transaction; the date must survive an event whose text was removed or broken.
    """
    places = seats.counters(session, event)
    if places.delete_on != delete_on:
        places.delete_on = delete_on


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
    """Count the registrations of an event by district and state, then delete them and their messages."""
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
        messages = forget(session, about=f"events/{event}")
        session.add(Purge(about=f"events/{event}", at=now, rows=rows, messages=messages))
    return Purged(about=f"events/{event}", rows=rows, messages=messages)


def purge_requests(sessions: sessionmaker[Session], *, now: datetime) -> list[Purged]:
    """Blank the people of requests that are over; where, when and how many heads stay."""
    with sessions() as session, writing(session):
        is_over = OutreachRequest.state.in_((DONE, DECLINED)) & (OutreachRequest.changed_at <= now - REQUEST_KEPT)
        is_old = OutreachRequest.changed_at <= now - REQUEST_KEPT_OPEN
        query = select(OutreachRequest.id).where(OutreachRequest.purged_at.is_(None), is_over | is_old)
        numbers = list(session.scalars(query))
        if not numbers:
            return []
        blank = dict.fromkeys(("host", "person", "place", "message", "phone", "email"), "")
        chosen = OutreachRequest.id.in_(numbers)
        session.execute(update(OutreachRequest).where(chosen).values(purged_at=now, **blank))
        session.execute(update(RequestNote).where(RequestNote.request_id.in_(numbers)).values(text=""))
        messages = sum(forget(session, about=f"requests/{number}") for number in numbers)
        session.add(Purge(about="requests", at=now, rows=len(numbers), messages=messages))
    return [Purged(about="requests", rows=len(numbers), messages=messages)]


def finish(sessions: sessionmaker[Session], engine: Engine, *, now: datetime) -> bool:
    """Overwrite what purges left in the files of the database; False when a reader still needs the old pages.

    Repeat until it is true: the purges stay marked as unfinished until then.
    """
    with sessions() as session:
        open_purges = session.scalars(select(Purge.id).where(Purge.scrubbed_at.is_(None))).all()
    if not open_purges:
        return True
    if not scrub(engine):
        return False
    with sessions() as session, writing(session):
        session.execute(update(Purge).where(Purge.id.in_(open_purges)).values(scrubbed_at=now))
    return True
