"""The accounts of the staff as a feature of the application."""

from __future__ import annotations

from portal.accounts import commands, jobs, views
from portal.accounts.passkeys import views as passkeys
from portal.accounts.views.first_page import first_passwords_card
from portal.accounts.views.log import AUDITED
from portal.accounts.wiring import install
from portal.feature import CardSource, Feature
from portal.messages import N_
from portal.web.staff import StaffMenuEntry, StaffMenuGroup

FEATURE = Feature(
    name="accounts",
    staff=((views.bp, ""), (passkeys.bp, "")),
    permissions={**views.PERMISSIONS, **passkeys.PERMISSIONS},
    recent=views.FRESH,
    audited=AUDITED,
    staff_menu=(
        StaffMenuEntry("accounts.members", N_("Members of staff"), 10, StaffMenuGroup.ADMINISTRATION),
        StaffMenuEntry("accounts.audit_log", N_("Audit log"), 20, StaffMenuGroup.ADMINISTRATION),
    ),
    cards=(CardSource(slot="desk", make=first_passwords_card, position=5),),
    jobs=jobs.JOBS,
    commands=commands.COMMANDS,
    install=install,
)
