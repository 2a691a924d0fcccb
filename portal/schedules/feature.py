"""Opening hours, sessions and their calendar files as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.schedules import checks, commands, staff
from portal.schedules.holiday_uses import services_differing
from portal.schedules.place import GROUPS, HOLIDAYS, PLACE
from portal.schedules.search import PLACES
from portal.schedules.service import SERVICE
from portal.schedules.views import TEMPLATE_GLOBALS, bp, coverage_card, home_card, links, sessions_card
from portal.schedules.views.closed_days import closed_days
from portal.search.sources import SearchSource
from portal.web.navigation import MenuEntry
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

AUDITED = {
    "schedules.places": N_("stated the places of a session"),
    "schedules.planned": N_("declared a session as planned"),
    "schedules.confirmed": N_("confirmed a session"),
    "schedules.full": N_("declared a session as full"),
    "schedules.cancelled": N_("cancelled a session"),
    "schedules.moved": N_("moved a session"),
    "schedules.undone": N_("took a change of a session back"),
}
FEATURE = Feature(
    name="schedules",
    holiday_documents=(services_differing,),
    calendar_stamps={SERVICE.kind: checks.sequence_stamp},
    types=(SERVICE,),
    references=(PLACE, HOLIDAYS, GROUPS),
    public=((bp, "/schedules"), (links, "/j")),
    staff=((staff.staff, "/schedules"),),
    permissions=staff.PERMISSIONS,
    menu=(MenuEntry("schedules.index", N_("Schedule"), 20),),
    audited=AUDITED,
    staff_menu=(StaffMenuEntry("schedules_staff.index", N_("Sessions"), 20, StaffMenuGroup.SERVICES),),
    search=(SearchSource(kind="schedules", label=N_("Schedule"), prior=0.75),),
    search_references=(PLACES,),
    cards=(
        CardSource(slot="home", make=home_card, position=10),
        CardSource(slot="home", make=sessions_card, position=20),
        CardSource(slot="coverage", make=coverage_card, position=10),
        CardSource(slot="closed-days", make=closed_days),
        CardSource(slot="desk", make=staff.to_confirm, position=30),
    ),
    checks=(checks.problems,),
    template_globals=TEMPLATE_GLOBALS,
    commands=commands.COMMANDS,
)
