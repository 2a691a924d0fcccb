"""The staff desk as a feature of the application."""

from __future__ import annotations

from portal.desk import views
from portal.desk.dashboard.cards import DESK_CARDS
from portal.desk.dashboard.waiting import uncopied, waiting_count
from portal.desk.staff_services import install
from portal.desk.translations import outdated_count
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.publishing.jobs import JOBS
from portal.web.staff import StaffMenuEntry, StaffShortcut

WRITE = StaffShortcut("desk.index", N_("Write or change a text"), permission="write")
FEATURE = Feature(
    name="desk",
    staff=((views.staff, ""),),
    permissions=views.PERMISSIONS,
    staff_menu=(
        StaffMenuEntry("desk.today", N_("Today"), 10, waiting_count),
        StaffMenuEntry("desk.index", N_("Texts"), 20),
        StaffMenuEntry("desk.translations", N_("Translations"), 30, outdated_count),
        StaffMenuEntry("desk.publications", N_("History"), 50, uncopied),
    ),
    cards=(
        *(CardSource(slot="desk", make=card, position=10) for card in DESK_CARDS),
        CardSource(slot="desk-shortcuts", make=lambda: WRITE, position=10),
    ),
    jobs=JOBS,
    install=install,
)
