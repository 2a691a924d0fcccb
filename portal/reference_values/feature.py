"""The staff pages on reference values as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.reference_values.views import PERMISSIONS, staff
from portal.reference_values.views.lists import waiting_card, waiting_count
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

AUDITED = {
    "values.propose": N_("proposed a value"),
    "values.send": N_("sent a value to review"),
    "values.send-back": N_("returned a value"),
    "values.discard": N_("discarded a value"),
    "values.approve": N_("approved a value"),
    "values.publish": N_("published a value"),
    "values.void": N_("the approval of a value lapsed"),
}
FEATURE = Feature(
    name="reference_values",
    staff=((staff, ""),),
    permissions=PERMISSIONS,
    audited=AUDITED,
    staff_menu=(StaffMenuEntry("reference_values.index", N_("Values"), 40, StaffMenuGroup.SERVICES, waiting_count),),
    cards=(CardSource(slot="desk", make=waiting_card, position=20),),
)
