"""Pictures and documents of the content as a feature of the application."""

from __future__ import annotations

from portal.feature import CardSource, Feature
from portal.media import checks, staff
from portal.media.record import MEDIA
from portal.media.staff.cards import waiting_count, waiting_files
from portal.media.staff.previewing import waiting_layer
from portal.messages import N_
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

AUDITED = {
    "media.add": N_("proposed a file"),
    "media.replace": N_("proposed another file"),
    "media.words": N_("proposed words for a file"),
    "media.approve": N_("approved a file"),
    "media.publish-unread": N_("published a file unread"),
    "media.refuse": N_("refused a file"),
    "media.withdraw": N_("took a proposed file back"),
    "media.remove": N_("removed a file"),
}
FEATURE = Feature(
    name="media",
    references=(MEDIA,),
    staff=((staff.staff, "/media"),),
    permissions=staff.PERMISSIONS,
    audited=AUDITED,
    staff_menu=(
        StaffMenuEntry("media_staff.index", N_("Pictures and documents"), 30, StaffMenuGroup.WRITING, waiting_count),
    ),
    cards=(CardSource(slot="desk", make=waiting_files, position=10),),
    checks=(checks.problems,),
    preview_layer=waiting_layer,
)
