"""The staff pages on reference values as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.reference_values.views import PERMISSIONS, staff
from portal.reference_values.views.lists import waiting_card, waiting_count
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

FEATURE = Feature(
    name="reference_values",
    staff=((staff, ""),),
    permissions=PERMISSIONS,
    staff_menu=(StaffMenuEntry("reference_values.index", N_("Values"), 40, StaffMenuGroup.SERVICES, waiting_count),),
    cards=(CardSource(slot="desk", make=waiting_card, position=20),),
)
