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

FEATURE = Feature(
    name="events",
    calendar_stamps={EVENT.kind: checks.stamp},
    types=(EVENT,),
    public=((bp, "/events"),),
    staff=((staff.staff, "/events"),),
    permissions=staff.PERMISSIONS,
    menu=(MenuEntry("events.index", N_("Events"), 30),),
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
