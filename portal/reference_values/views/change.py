"""A proposed change: what it does, what readers will be told, and every page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, abort, request

from portal.accounts.people import current_staff_id, may, staff_name
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, OPEN_STATES, PUBLISHED, PUBLISHING, REVIEW, WRITING
from portal.languages import formatting
from portal.reference_values import proposals
from portal.reference_values.changes import DATED, Change, HolidayChange, from_stored
from portal.reference_values.models import ValueChange
from portal.reference_values.uses import Uses, uses_of, uses_of_days
from portal.reference_values.views.blueprint import NEW, breadcrumb, staff
from portal.reference_values.views.candidate import CandidateChange, sound_candidate
from portal.reference_values.views.presenters import (
    ReaderTexts,
    UsesView,
    ValueRow,
    change_words,
    reader_texts,
    reference_label,
    summary_of,
    title_of,
    uses_view,
    value_rows,
)
from portal.web.clock import real_instant, request_clock
from portal.web.documents.preview import as_published, render_preview, requested_time
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_time
from portal.web.state import portal
from portal.web.transactions import session

STATES = (WRITING, REVIEW, APPROVED, PUBLISHED)
# A publication that has run for longer was interrupted.
INTERRUPTED = timedelta(minutes=1)


@staff.get("/values/changes/<id_>")
def change(id_: str) -> Response:
    """What the change does, and everything that it reaches."""
    return change_page(change_or_404(id_))


@staff.get("/values/changes/<id_>/page")
def preview(id_: str) -> Response:
    """A page of the site with the change in it, at the time of `at`."""
    candidate, _message = candidate_of_change(change_or_404(id_))
    document = plain_catalogue().find(request.args.get("page", "")[:200])
    if candidate is None or document is None:
        abort(404)
    changed = as_published(candidate.catalogue.find(document.key) or document)
    return render_preview(changed, candidate.catalogue.replacing(changed), language(), at=requested_time())


def change_or_404(id_: str) -> ValueChange:
    """The change of that id; one whose publication was interrupted is settled first."""
    row = session().get(ValueChange, id_) if len(id_) == 32 and id_.isalnum() else None
    if row is None:
        abort(404)
    if row.state == PUBLISHING and row.edited_at < real_instant() - INTERRUPTED:
        return proposals.finalize(session(), id_, now=real_instant())
    return row


def candidate_of_change(row: ValueChange) -> tuple[CandidateChange | None, str]:
    """The change laid over what is served now, or nothing and a message that says why not."""
    candidate, errors = sound_candidate(row.reference, row.record, from_stored(row.change))
    return candidate, next(iter(errors.values()), "")


@dataclass(frozen=True)
class Preview:
    """What the change would do; empty for one that is closed or cannot be made."""

    rows: list[ValueRow]
    readers: list[ReaderTexts]
    uses: UsesView | None
    digest: str


def change_page(row: ValueChange, errors: dict[str, str] | None = None, *, status: int = 0) -> Response:
    """The page of a change; errors by field, `form` for those of the whole."""
    stored, is_open = from_stored(row.change), row.state in OPEN_STATES
    candidate, message = candidate_of_change(row) if is_open else (None, "")
    shown_errors = {**({"form": message} if message else {}), **(errors or {})}
    own = workflow.is_own(row, current_staff_id())
    record = plain_catalogue().reference(row.reference).get(row.record)
    at = _preview_day(stored.starts)
    seen = _preview(row, stored, candidate, at) if candidate else Preview([], [], None, "")
    return render_staff(
        "reference_values/change.html",
        status=status or (422 if errors else 200),
        change=row,
        title=f"{reference_label(row.reference)}: {title_of(row.reference, record, row.record)}",
        words=change_words(stored),
        now_words=summary_of(record, request_clock().today()) if record is not None else "",
        states=[{"label": state_label(state)} for state in STATES],
        current=STATES.index(row.state) if row.state in STATES[:3] else len(STATES),
        own=own,
        author=staff_name(row.editor),
        edited=staff_time(row.edited_at),
        reviewer=staff_name(row.reviewer) if row.reviewer else "",
        errors=shown_errors,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in shown_errors.items()],
        note=request.form.get("note", ""),
        days=_day_chips(row, stored.starts, at),
        edit_href=_form_href(row, is_new=record is None),
        actions=_actions(row, own=own, is_sound=candidate is not None),
        can_publish=may("publish"),
        done=request.args.get("done") == "publish",
        crumbs=breadcrumb(row.reference),
        rows=seen.rows,
        readers=seen.readers,
        uses=seen.uses,
        approved_digest=seen.digest,
    )


def _preview(row: ValueChange, stored: Change, candidate: CandidateChange, at: date) -> Preview:
    record = plain_catalogue().reference(row.reference).get(row.record)
    after = candidate.catalogue.reference(row.reference).get(row.record)
    days = list(dict.fromkeys((request_clock().today(), stored.starts)))
    return Preview(
        value_rows(getattr(record, "values", ()), getattr(after, "values", ())) if row.reference in DATED else [],
        reader_texts(after, days),
        uses_view(_uses(row, stored, candidate), candidate.catalogue, row.id, at),
        proposals.digest_of(row, candidate.after),
    )


def _uses(row: ValueChange, stored: Change, candidate: CandidateChange) -> Uses:
    if isinstance(stored, HolidayChange):
        before = plain_catalogue().reference("holidays").get(row.record)
        days = [stored.starts, *([before.day] if before is not None and before.day else [])]
        return uses_of_days(plain_catalogue(), candidate.catalogue, days, portal().holiday_documents)
    return uses_of(candidate.catalogue, row.reference, row.record, portal().value_outcomes)


def _preview_day(starts: date) -> date:
    """The day on which pages are shown: today, or the first day of the change."""
    return request_clock().today() if request.args.get("seen") == "today" else max(starts, request_clock().today())


def _day_chips(row: ValueChange, starts: date, at: date) -> list[dict[str, object]]:
    """The choice of the day on which the pages are shown."""
    today, address = request_clock().now.date(), url("reference_values.change", id_=row.id)
    first = formatting.day(max(starts, today), language())
    return [
        {"label": _("on %(day)s", day=first), "href": f"{address}?seen=starts#uses", "current": at != today},
        {"label": _("today"), "href": f"{address}?seen=today#uses", "current": at == today},
    ]


def _actions(row: ValueChange, *, own: bool, is_sound: bool) -> set[str]:
    """The actions that this person may take with the change now."""
    actions = {
        action
        for action in ("send", "approve", "send-back", "publish", "discard")
        if workflow.is_permitted(row, action, by=current_staff_id(), may=may)
        and (is_sound or action not in ("send", "approve", "publish"))
    }
    if not may("write"):
        actions.discard("send")
    if row.state != WRITING and not (own or may("review")):
        actions.discard("discard")
    return actions | ({"edit"} if row.state == WRITING and may("write") else set())


def _form_href(row: ValueChange, *, is_new: bool) -> str:
    href = url("reference_values.record", reference=row.reference, record=NEW if is_new else row.record)
    return f"{href}?new={row.record}" if is_new else href
