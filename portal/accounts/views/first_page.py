"""The card of accounts on the desk's first page: first passwords that another administrator made."""

from __future__ import annotations

from portal.accounts.notices import first_passwords
from portal.accounts.notices.models import FirstPasswordNote
from portal.accounts.people import current_staff, may, staff_name
from portal.accounts.permissions import ADMINISTER
from portal.web.documents.cards import Card, StaffRow, staff_list
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import staff_time
from portal.web.transactions import session

SHOWN = 5


def first_passwords_card() -> Card | None:
    """The first passwords that wait for this administrator's look, each with the way to the account."""
    if not may(ADMINISTER):
        return None
    notes = first_passwords.notes_for(session(), current_staff())
    rows = [
        StaffRow(label=staff_name(note.staff), href=url("accounts.member", id_=note.staff), detail=sentence_of(note))
        for note in notes[:SHOWN]
    ]
    title = _("First passwords that a colleague made")
    return staff_list("first-passwords", title, rows, count=len(notes), all_=url("accounts.members"))


def sentence_of(note: FirstPasswordNote) -> str:
    """Who made the first password, and when."""
    return _(
        "%(by)s made a first password and has seen it: %(when)s.",
        by=staff_name(note.made_by),
        when=staff_time(note.made_at),
    )
