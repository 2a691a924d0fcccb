"""The check of links to other sites as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.links import jobs, staff
from portal.messages import N_
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

FEATURE = Feature(
    name="links",
    staff=((staff.staff, "/links"),),
    permissions=staff.PERMISSIONS,
    staff_menu=(StaffMenuEntry("links_staff.index", N_("Links that broke"), 50, StaffMenuGroup.WRITING, staff.broken),),
    cards=(CardSource(slot="desk", make=staff.broken_links, position=70),),
    jobs=jobs.JOBS,
)
