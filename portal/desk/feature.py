"""The staff desk as a feature of the application."""

from __future__ import annotations

from portal.desk.dashboard import cards
from portal.desk.dashboard.waiting import unpushed_count, waiting_count
from portal.desk.staff_services import install
from portal.desk.translations.states import outdated_count
from portal.desk.views import PERMISSIONS, staff
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.publishing.checkpoints import jobs as checkpoints
from portal.publishing.checkpoints.commands import COMMANDS
from portal.publishing.jobs import JOBS
from portal.web.staff import StaffMenuEntry, StaffMenuGroup, StaffShortcut

WRITE = StaffShortcut("desk.index", N_("Write or change a text"), permission="write")
FEATURE = Feature(
    name="desk",
    staff=((staff, ""),),
    permissions=PERMISSIONS,
    staff_menu=(
        StaffMenuEntry("desk.today", N_("Today"), 10, StaffMenuGroup.FIRST, waiting_count),
        StaffMenuEntry("desk.index", N_("All texts"), 10, StaffMenuGroup.WRITING),
        StaffMenuEntry("desk.translations", N_("Translations"), 20, StaffMenuGroup.WRITING, outdated_count),
        StaffMenuEntry("desk.services", N_("Hours and services"), 10, StaffMenuGroup.SERVICES),
        StaffMenuEntry("desk.publications", N_("History"), 40, StaffMenuGroup.WRITING, unpushed_count),
    ),
    cards=(
        CardSource(slot="desk", make=cards.reviews_due, position=10),
        CardSource(slot="desk", make=cards.translations_behind, position=11),
        CardSource(slot="desk", make=cards.unreadable_files, position=12),
        CardSource(slot="desk-shortcuts", make=lambda: WRITE, position=10),
    ),
    jobs=(*JOBS, *checkpoints.JOBS),
    commands=COMMANDS,
    install=install,
)
