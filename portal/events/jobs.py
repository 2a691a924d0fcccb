"""What `flask work` does for events: holds that end, reminders, news of moved events, purges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.event import Event
from portal.events.registrations import seats
from portal.events.registrations.models import CONFIRMED, OFFERED, WAITING, Registration, SeatCounters
from portal.events.registrations.notifications import CALLED_OFF, MOVED, REMIND_BEFORE, REMINDER, REVIVED
from portal.events.registrations.purge import finish, purge_events, purge_requests, remember_date
from portal.events.registrations.registration import expire_holds, notify
from portal.events.views.queries import every_event, notifications_for, seats_changed
from portal.web.operations.jobs import Job
from portal.web.transactions import engine, sessions


def maintain_events(now: datetime) -> str:
    """Look after every event that has registrations: holds, reminders, changes, the date of deletion."""
    with sessions()() as session:
        known = set(session.scalars(select(SeatCounters.event)))
    told = []
    for event in every_event():
        if event.slug not in known:
            continue
        with sessions()() as session:
            changes = _tend(session, event, now=now)
        if changes:
            seats_changed(event.slug)
            told.append(f"{event.slug}: {changes}")
    return "; ".join(told)


def _tend(session: Session, event: Event, *, now: datetime) -> int:
    notifications, terms = notifications_for(event), event.terms
    changes = announce(session, event, now=now)
    changes += expire_holds(session, terms, now=now, notifications=notifications)
    with writing(session):
        remember_date(session, event.slug, delete_on=terms.delete_on)
        if not terms.is_cancelled and terms.starts - REMIND_BEFORE <= now < terms.starts:
            for party in _parties(session, event.slug, CONFIRMED):
                notify(session, notifications, REMINDER, party, now=now)
    return changes


def _parties(session: Session, event: str, *states: str) -> list[Registration]:
    query = select(Registration).where(Registration.event == event, Registration.state.in_(states))
    return list(session.scalars(query.order_by(Registration.joined)))


def announce(session: Session, event: Event, *, now: datetime) -> int:
    """Tell every live party once of each published move, cancellation or return; gives the number of parties.

    It does not matter who published the change or how: the event as it is described now is compared
    with what parties were last told, and both change in the transaction that writes the letters.
    """
    described = event.described
    with writing(session):
        places = seats.counters(session, event.slug, lock=True)
        before, places.announced = places.announced, described
        if before in ("", described) or now >= event.facts.ends:
            return 0
        kind = _kind_of(before, described)
        parties = _parties(session, event.slug, CONFIRMED, OFFERED, WAITING)
        for party in parties:
            party.changed_at = now
            party.changes += 1
            notify(session, notifications_for(event), kind, party, now=now)
    return len(parties)


def _kind_of(before: str, described: str) -> str:
    if described.startswith("off"):
        return CALLED_OFF
    return REVIVED if before.startswith("off") else MOVED


def purge(now: datetime) -> str:
    """Delete what is past its date and overwrite it in the files."""
    done = [*purge_events(sessions(), now=now), *purge_requests(sessions(), now=now)]
    is_finished = finish(sessions(), engine(), now=now)
    told = [f"{one.about}: {one.rows} rows and {one.messages} messages deleted" for one in done]
    if not is_finished:
        told.append("the database's log is still in use and will be emptied at the next run")
    return "; ".join(told)


JOBS = (
    Job(name="events", seconds=30, run=maintain_events),
    Job(name="purge", seconds=900, run=purge),
)
