"""Pictures and documents of the content as a feature of the application."""

from __future__ import annotations

from portal.feature import Feature
from portal.media import checks, staff
from portal.media.record import MEDIA
from portal.messages import N_
from portal.web.staff import StaffMenuEntry

FEATURE = Feature(
    name="media",
    references=(MEDIA,),
    staff=((staff.staff, "/media"),),
    permissions=staff.PERMISSIONS,
    staff_menu=(StaffMenuEntry("media_staff.index", N_("Pictures and documents"), 150),),
    checks=(checks.problems,),
)
