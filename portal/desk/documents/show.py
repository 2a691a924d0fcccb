"""One document on the desk: its state, its draft if there is one, and what can be done."""

from __future__ import annotations

from flask import Response

from portal.accounts.people import may
from portal.desk.blueprint import crumbs, document_or_404, staff
from portal.desk.documents.states import document_state, document_state_label, language_rows
from portal.desk.draft_rows import draft_row
from portal.drafts.drafts import open_draft_of
from portal.languages import formatting
from portal.web.addresses import address_of
from portal.web.clock import office_zone
from portal.web.languages import language
from portal.web.staff import render_staff
from portal.web.transactions import session

PERMISSIONS = {"desk.document": "read"}


@staff.get("/edit/<kind>/<slug>")
def document(kind: str, slug: str) -> Response:
    """The document with its languages and the versions that wait for their time."""
    served = document_or_404(kind, slug)
    draft = open_draft_of(session(), kind, slug)
    state = document_state(served)
    starts = [version.at.astimezone(office_zone()) for version in served.scheduled]
    return render_staff(
        "desk/documents/show.html",
        document=served,
        title=served.title(language()),
        state=state,
        state_words=document_state_label(state),
        draft=draft_row(draft) if draft else None,
        address=address_of(served),
        is_public=state == "public",
        languages=language_rows(served),
        scheduled=[formatting.day_clock(start, language()) for start in starts],
        crumbs=crumbs(kind),
        may_edit=may("write") or may("translate"),
        may_withdraw=may("write") and state == "public",
    )
