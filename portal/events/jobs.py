"""What `flask work` does for events: holds that are over, reminders, news of moved events, purges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.database import writing
from portal.events.event import Event
from portal.events.outreach.purge import purge_requests
from portal.events.registrations import queries, seats
from portal.events.registrations.models import ACTIVE, CONFIRMED
from portal.events.registrations.notifications import CALLED_OFF, MOVED, REMIND_BEFORE, REMINDER, REVIVED
from portal.events.registrations.purge import purge_events, scrub_purged, store_deletion_date
from portal.events.registrations.registration import expire_holds, notify
from portal.events.views.queries import every_event, notifications_for, seats_changed
from portal.web.operations.jobs import Job
from portal.web.transactions import engine, sessions


def maintain_events(now: datetime) -> str:
    """For every event with registrations: announce changes, expire holds, remind, store the date of deletion."""
    with sessions()() as session:
        with_counters = queries.events_with_counters(session)
    report = []
    for event in every_event():
        if event.slug not in with_counters:
            continue
        with sessions()() as session:
            changes = _maintain(session, event, now=now)
        if changes:
            seats_changed(event.slug)
            report.append(f"{event.slug}: {changes}")
    return "; ".join(report)


def _maintain(session: Session, event: Event, *, now: datetime) -> int:
    notifications, terms = notifications_for(event), event.terms
    changes = announce(session, event, now=now)
    changes += expire_holds(session, terms, now=now, notifications=notifications)
    with writing(session):
        store_deletion_date(session, event.slug, delete_on=terms.delete_on)
        if not terms.is_cancelled and terms.starts - REMIND_BEFORE <= now < terms.starts:
            for registration in queries.registrations_in(session, event.slug, CONFIRMED):
                notify(session, notifications, REMINDER, registration, now=now)
    return changes


def announce(session: Session, event: Event, *, now: datetime) -> int:
    """Notify everybody registered once of each published move, cancellation or revival; the number of registrations.

    It does not matter who published the change or how: the event's schedule text is compared with the one last
    announced, which is stored in the transaction that writes the notifications.
    """
    schedule_text = event.schedule_text
    with writing(session):
        counters = seats.counters(session, event.slug, lock=True)
        before, counters.announced = counters.announced, schedule_text
        if before in ("", schedule_text) or now >= event.facts.ends:
            return 0
        came_back = before.startswith("off")
        kind = CALLED_OFF if schedule_text.startswith("off") else REVIVED if came_back else MOVED
        registrations = queries.registrations_in(session, event.slug, *ACTIVE)
        for registration in registrations:
            registration.changed_at = now
            registration.changes += 1
            notify(session, notifications_for(event), kind, registration, now=now)
    return len(registrations)


def purge(now: datetime) -> str:
    """Delete what is past its date and overwrite it in the files."""
    purges = [*purge_events(sessions(), now=now), *purge_requests(sessions(), now=now)]
    is_scrubbed = scrub_purged(sessions(), engine(), now=now)
    report = [f"{purged.about}: {purged.rows} rows and {purged.messages} messages deleted" for purged in purges]
    if not is_scrubbed:
        report.append("the database's log is still in use and will be emptied at the next run")
    return "; ".join(report)


JOBS = (Job(name="events", seconds=30, run=maintain_events), Job(name="purge", seconds=900, run=purge))
