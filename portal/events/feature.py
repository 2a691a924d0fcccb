"""Outreach events, registrations and requests as a feature of the application."""

from __future__ import annotations

from portal.events import checks, jobs, staff
from portal.events.event import EVENT
from portal.events.staff.cards import failed_messages, registrations_today
from portal.events.views import bp, coverage_card, home_card
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.search.sources import SearchSource
from portal.web.navigation import MenuEntry
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

AUDITED = {
    "events.add": N_("added a registration"),
    "events.walk-in": N_("let somebody in without a registration"),
    "events.present": N_("noted who came"),
    "events.absent": N_("noted who stayed away"),
    "events.unmark": N_("took a note of attendance back"),
    "events.let-in": N_("gave a waiting party its place"),
    "events.cancel": N_("cancelled an event or a registration"),
    "events.accept": N_("took an offered place for somebody"),
    "events.move": N_("moved an event"),
    "events.revive": N_("took the cancelling of an event back"),
    "events.called": N_("noted a call"),
    "events.request": N_("changed the state of a request for an event"),
    "events.draft": N_("began an event from a request"),
    "events.sheet": N_("made an attendance list"),
    "events.table": N_("exported the registrations"),
}
FEATURE = Feature(
    name="events",
    calendar_stamps={EVENT.kind: checks.stamp},
    types=(EVENT,),
    public=((bp, "/events"),),
    staff=((staff.staff, "/events"),),
    permissions=staff.PERMISSIONS,
    menu=(MenuEntry("events.index", N_("Events"), 30),),
    audited=AUDITED,
    staff_menu=(
        StaffMenuEntry("events_staff.index", N_("Registrations"), 10, StaffMenuGroup.EVENTS),
        StaffMenuEntry("events_staff.requests", N_("Requests for events"), 20, StaffMenuGroup.EVENTS),
    ),
    search=(SearchSource(kind="events", label=N_("Events"), prior=0.65, fades=lambda event: event.facts.ends),),
    cards=(
        CardSource(slot="home", make=home_card, position=30),
        CardSource(slot="coverage", make=coverage_card, position=20),
        CardSource(slot="desk", make=failed_messages, position=13),
        CardSource(slot="desk", make=registrations_today, position=14),
    ),
    checks=(checks.problems,),
    jobs=jobs.JOBS,
)
