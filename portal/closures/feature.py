"""Closings as a feature of the application."""

from __future__ import annotations

from portal.closures.views import PERMISSIONS, staff
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.web.staff import StaffMenuEntry, StaffMenuGroup, StaffShortcut

AUDITED = {
    "closings.publish": N_("published a closing"),
    "closings.undo": N_("took a closing back"),
}
SHORTCUT = StaffShortcut("closures.new", N_("Close suddenly"), style="danger")
FEATURE = Feature(
    name="closures",
    staff=((staff, "/closings"),),
    permissions=PERMISSIONS,
    audited=AUDITED,
    staff_menu=(StaffMenuEntry("closures.index", N_("Closings"), 30, StaffMenuGroup.SERVICES),),
    cards=(CardSource(slot="desk-shortcuts", make=lambda: SHORTCUT, position=30),),
)
