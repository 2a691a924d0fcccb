"""The first page of the desk: own drafts, what waits for somebody, and the cards of features."""

from __future__ import annotations

from flask import Response

from portal.accounts.layout import permission_table
from portal.accounts.people import current_staff_id, may, staff_name
from portal.desk.blueprint import staff
from portal.desk.dashboard.waiting import waiting_lists
from portal.desk.draft_rows import DraftRow, draft_row
from portal.drafts.drafts import waiting_conflict_copies
from portal.drafts.models import Draft
from portal.drafts.queries import open_drafts
from portal.drafts.workflow import note_to_writers
from portal.languages import formatting
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import url
from portal.web.staff import render_staff, staff_time
from portal.web.state import cards, portal
from portal.web.transactions import session

MOST_DRAFTS = 500
SHOWN_OF_NOTE = 200
PERMISSIONS = {"desk.today": "read"}


@staff.get("/")
def today() -> Response:
    """Own drafts, kept texts of conflicts, the lists of what waits, and the cards."""
    me = current_staff_id()
    drafts = open_drafts(session(), limit=MOST_DRAFTS)
    return render_staff(
        "desk/dashboard/today.html",
        own=[_own_row(draft) for draft in drafts if draft.author == me and draft.kind in portal().types],
        conflict_copies=[
            draft_row(draft, href=url("desk.merge", id_=draft.id), detail=_("typed %(time)s", time=staff_time(copy.at)))
            for copy, draft in waiting_conflict_copies(session(), me)
        ],
        shortcuts=_shortcuts(),
        lists=waiting_lists(),
        cards=cards("desk"),
        day=formatting.day(request_clock().now.date(), language(), weekday=True),
    )


def _own_row(draft: Draft) -> DraftRow:
    note = note_to_writers(session(), draft)
    detail = _("%(name)s: “%(note)s”", name=staff_name(note.author), note=note.text[:SHOWN_OF_NOTE]) if note else ""
    return draft_row(draft, detail=detail)


def _shortcuts() -> list[dict[str, str]]:
    """The shortcuts of features that this person may take."""
    table = permission_table()
    return [
        {"href": url(shortcut.endpoint), "label": _(shortcut.label), "style": shortcut.style}
        for shortcut in cards("desk-shortcuts")
        if may(shortcut.permission or table.needed(shortcut.endpoint))
    ]
