"""The lists of values with what holds now and the changes on their way, and what waits for whoever may approve."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from portal.accounts.people import current_staff_id, may
from portal.drafts import workflow
from portal.drafts.models import APPROVED, REVIEW
from portal.reference_values import proposals
from portal.reference_values.changes import REFERENCES
from portal.reference_values.models import ValueChange
from portal.reference_values.views.blueprint import NEW, list_href, staff
from portal.reference_values.views.presenters import (
    RecordRow,
    add_label,
    change_row,
    reference_label,
    summary_of,
    title_of,
)
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff
from portal.web.transactions import session

LONGEST_QUERY = 100


def waiting_count() -> int:
    """How many changes of values wait for this person."""
    return len(_waiting())


def waiting_card() -> Card | None:
    """The changes of values that wait for whoever may approve them, for the first page of the desk."""
    rows = [{"label": row.title, "href": row.href, "detail": row.words} for row in map(change_row, _waiting())]
    context = {"id": "values-waiting", "title": _("Values to approve"), "rows": rows, "count": len(rows)}
    return Card("staff_card.html", context | {"all": url("reference_values.index")}) if rows else None


def _waiting() -> list[ValueChange]:
    if not may("review"):
        return []
    changes = [change for change in proposals.open_changes(session()) if change.state in (REVIEW, APPROVED)]
    return [one for one in changes if one.state == APPROVED or not workflow.is_own(one, current_staff_id())]


@staff.get("/values/")
def index() -> Response:
    """The records of one list with what holds now; changes on their way stand first."""
    reference = request.args.get("list", "")
    reference = reference if reference in REFERENCES else REFERENCES[0]
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    changes = proposals.open_changes(session())
    words = query.casefold().split()
    rows = [row for row in _rows(reference, changes) if all(word in row.searched for word in words)]
    return render_staff(
        "reference_values/index.html",
        chips=[
            {"label": reference_label(one), "href": list_href(one), "current": one == reference} for one in REFERENCES
        ],
        reference=reference,
        title=reference_label(reference),
        rows=rows,
        query=query,
        changes=[change_row(one) for one in changes],
        new_href=url("reference_values.record", reference=reference, record=NEW),
        new_words=add_label(reference) if may("write") else "",
        done=_done_message(request.args.get("done", "")),
    )


def _rows(reference: str, changes: Sequence[ValueChange]) -> list[RecordRow]:
    change_rows = {one.record: change_row(one) for one in changes if one.reference == reference}
    today = request_clock().today()
    records = dict(plain_catalogue().reference(reference))
    if reference == "holidays":
        coming = {id_: one for id_, one in records.items() if one.day is not None and one.day >= today}
        records = dict(sorted(coming.items(), key=lambda pair: str(pair[1].day)))
    return [
        RecordRow(
            title_of(reference, record, id_),
            summary_of(record, today),
            url("reference_values.record", reference=reference, record=id_),
            change_rows.get(id_),
        )
        for id_, record in records.items()
    ]


def _done_message(done: str) -> str:
    """What was just done with a change, for the top of the next page."""
    return {
        "publish": _("Published. Readers of every language see it."),
        "discard": _("The change is discarded. What readers see stays as it is."),
    }.get(done, "")
