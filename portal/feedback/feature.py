"""Ratings of pages and questions of readers as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.feedback import jobs, staff
from portal.feedback.views import TEMPLATE_GLOBALS, bp
from portal.messages import N_
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

AUDITED = {
    "feedback.answer": N_("answered a reader"),
    "feedback.close": N_("closed a question of a reader"),
    "feedback.delete": N_("deleted a question of a reader"),
    "feedback.draft": N_("began a question and answer from a reader's question"),
}
FEATURE = Feature(
    name="feedback",
    public=((bp, "/feedback"),),
    staff=((staff.staff, "/feedback"),),
    permissions=staff.PERMISSIONS,
    audited=AUDITED,
    staff_menu=(
        StaffMenuEntry(
            "feedback_staff.index", N_("Questions of readers"), 10, StaffMenuGroup.READERS, staff.unanswered_count
        ),
        StaffMenuEntry("feedback_staff.rated_pages", N_("Ratings of pages"), 20, StaffMenuGroup.READERS),
    ),
    cards=(
        CardSource(slot="desk", make=staff.unanswered_questions, position=40),
        CardSource(slot="desk", make=staff.low_rated_pages, position=60),
    ),
    template_globals=TEMPLATE_GLOBALS,
    jobs=jobs.JOBS,
)
