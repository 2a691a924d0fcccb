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

AUDITED = {
    "editing.begin": N_("began a draft"),
    "editing.save": N_("saved a draft"),
    "editing.merge": N_("merged two texts"),
    "editing.discard": N_("discarded a draft"),
    "editing.send": N_("sent a draft to review"),
    "editing.take-back": N_("took a draft back from review"),
    "editing.say": N_("wrote a note on a draft"),
    "editing.send-back": N_("returned a draft"),
    "editing.approve": N_("approved a draft"),
    "editing.publish": N_("published a page"),
    "editing.publish-unread": N_("published a page unread"),
    "editing.schedule": N_("set a publication for later"),
    "editing.cancel": N_("cancelled a publication set for later"),
    "editing.conflict": N_("a publication met a newer page"),
    "editing.void": N_("the approval of a draft lapsed"),
    "editing.review-afterwards": N_("read a draft after its publication"),
    "editing.read-afterwards": N_("read a publication afterwards"),
    "editing.restore": N_("began a draft from an earlier text"),
    "editing.restore-now": N_("restored an earlier text at once"),
    "editing.unaffected": N_("confirmed that a translation still holds"),
    "editing.withdraw": N_("withdrew a page"),
}
WRITE = StaffShortcut("desk.index", N_("Write or change a text"), permission="write")
FEATURE = Feature(
    name="desk",
    staff=((staff, ""),),
    permissions=PERMISSIONS,
    audited=AUDITED,
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
