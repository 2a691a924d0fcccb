"""The staff pages on reference values as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.reference_values.views import changes, pages
from portal.reference_values.views.blueprint import staff
from portal.web.staff import StaffMenuEntry

FEATURE = Feature(
    name="reference_values",
    staff=((staff, ""),),
    permissions={**pages.PERMISSIONS, **changes.PERMISSIONS},
    staff_menu=(StaffMenuEntry("reference_values.values", N_("Values"), 40, pages.values_waiting),),
    cards=(CardSource(slot="desk", make=pages.values_card, position=20),),
)
