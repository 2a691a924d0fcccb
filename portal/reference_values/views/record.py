"""A record with all its values, and the form that proposes another value from a day on."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.content.reference import Law
from portal.drafts.models import WRITING
from portal.drafts.workflow import IllegalTransition, StaleVersion
from portal.reference_values import proposals
from portal.reference_values.changes import DATED, REFERENCES, LawChange, from_stored
from portal.reference_values.views.blueprint import NEW, breadcrumb, staff, submitted_version
from portal.reference_values.views.candidate import sound_candidate
from portal.reference_values.views.forms import ValueForm, change_of, fields_of, initial_fields, submitted_fields
from portal.reference_values.views.presenters import (
    Choice,
    Record,
    add_label,
    holiday_kind_label,
    summary_of,
    title_of,
    value_rows,
)
from portal.timetable.holidays import KINDS
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

LONGEST_LAW_LABEL = 90


@staff.get("/values/<reference>/<record>")
def record(reference: str, record: str) -> AnyResponse:
    """A record with all its values; an open change that cannot be written on is shown itself."""
    id_ = _record_or_404(reference, record)
    changed = id_ or request.args.get("new", "")[:100]
    change = proposals.open_change_of(session(), reference, changed) if changed else None
    if change is not None and (change.state != WRITING or not may("write")):
        return redirect(url("reference_values.change", id_=change.id), 303)
    if change is None:
        return _form_page(_form(reference, id_, initial_fields(reference, _record(reference, id_))), version=0)
    fields = fields_of(from_stored(change.change), reason=change.reason, today=request_clock().today())
    return _form_page(_form(reference, id_, fields), version=change.version)


@staff.post("/values/<reference>/<record>")
def propose(reference: str, record: str) -> AnyResponse:
    """Save what was typed as a change, and show what it would reach."""
    id_ = _record_or_404(reference, record)
    form = _form(reference, id_, submitted_fields(request.form, plain_catalogue().site.language_codes))
    version, change = submitted_version(), change_of(form, plain_catalogue())
    if change is not None:
        _candidate, errors = sound_candidate(reference, id_, change)
        form.errors |= errors
    if change is None or form.errors:
        return _form_page(form, version=version)
    changed = id_ or (change.by if isinstance(change, LawChange) else change.starts.isoformat())
    try:
        row = proposals.propose(
            session(),
            reference,
            changed,
            change,
            reason=form.text("reason"),
            version=version,
            who=current_staff_id(),
            now=real_instant(),
        )
    except (StaleVersion, IllegalTransition):
        form.errors["form"] = _("Somebody else has just changed this value. Look at their change first.")
        return _form_page(form, version=version, status=409)
    staff_services().record("values.propose", f"{reference}/{changed}#{row.id}")
    return redirect(url("reference_values.change", id_=row.id), 303)


def _record_or_404(reference: str, record: str) -> str:
    """The id of a record that there is, or nothing for a new one."""
    if reference not in REFERENCES or (record == NEW and not add_label(reference)):
        abort(404)
    if record == NEW:
        return ""
    if record not in plain_catalogue().reference(reference):
        abort(404)
    return record


def _record(reference: str, id_: str) -> Record:
    row: Record = plain_catalogue().reference(reference).get(id_)
    return row


def _form(reference: str, id_: str, fields: dict[str, str]) -> ValueForm:
    return ValueForm(reference, id_, fields, plain_catalogue().site.language_codes, request_clock().today())


def _form_page(form: ValueForm, *, version: int, status: int = 0) -> Response:
    record, site, today = _record(form.reference, form.record), plain_catalogue().site, request_clock().today()
    choose = Choice(value="", label=_("Choose"))
    laws = [
        Choice(value=id_, label=_law_label(law))
        for id_, law in plain_catalogue().reference("laws").items()
        if form.reference != "laws" or id_ != form.record
    ]
    values = getattr(record, "values", ()) if form.reference in DATED else ()
    return render_staff(
        "reference_values/record.html",
        status=status or (422 if form.errors else 200),
        reference=form.reference,
        record=form.record,
        is_dated=form.reference in DATED,
        title=title_of(form.reference, record),
        detail=summary_of(record, today),
        rows=value_rows(values, values),
        typed=form.typed,
        errors=form.errors,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in form.errors.items()],
        version=version,
        laws=[choose, *laws],
        kinds=[choose, *(Choice(value=kind, label=holiday_kind_label(kind)) for kind in KINDS)],
        languages={one.code: one.name for one in site.languages},
        today=today.isoformat(),
        may_write=may("write"),
        crumbs=breadcrumb(form.reference),
        action=url("reference_values.propose", reference=form.reference, record=form.record or NEW),
    )


def _law_label(law: Law) -> str:
    label = f"{law.number} – {law.title.text(language())}"
    return label if len(label) <= LONGEST_LAW_LABEL else label[: LONGEST_LAW_LABEL - 1].rstrip() + "…"
