"""The front page, pages of the office, alerts and reference lists as a feature of the application."""

from __future__ import annotations

from portal.content.reference import REFERENCES
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.office import staff
from portal.office.documents import ALERT, PAGE
from portal.office.search import GLOSSARY
from portal.office.views import bp
from portal.office.views.channels import channels_today
from portal.office.views.home import sitemap_entries
from portal.search.sources import SearchSource
from portal.web.staff import StaffMenuEntry, StaffMenuGroup, StaffShortcut

AUDITED = {
    "alerts.publish": N_("published an alert"),
    "alerts.end": N_("ended an alert"),
}
NEW_ALERT = StaffShortcut("office_staff.new_alert", N_("Alert"), style="plain")
FEATURE = Feature(
    name="office",
    types=(PAGE, ALERT),
    document_endpoints={"pages": "office.page", "alerts": "office.alert"},
    references=REFERENCES,
    public=((bp, ""),),
    staff=((staff.staff, "/alerts"),),
    permissions=staff.PERMISSIONS,
    audited=AUDITED,
    staff_menu=(StaffMenuEntry("office_staff.alerts", N_("Alerts"), 5, StaffMenuGroup.READERS),),
    search=(SearchSource(kind="pages", label=N_("About the office"), prior=0.75, is_at_root=True),),
    search_references=(GLOSSARY,),
    sitemap=sitemap_entries,
    template_globals={"channels_today": channels_today},
    cards=(
        CardSource(slot="desk", make=staff.ending_soon, position=50),
        CardSource(slot="desk-shortcuts", make=lambda: NEW_ALERT, position=20),
    ),
)
