"""Values of the lists: found, changed from a day on, and shown with every page that uses them before anybody agrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id, may
from portal.content.catalogue import Catalogue
from portal.content.problems import ContentError, Problem
from portal.drafts import workflow
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, REVIEW, WRITING
from portal.drafts.workflow import IllegalTransition, StaleVersion
from portal.publishing import wiring
from portal.reference_values import proposals
from portal.reference_values.changes import DATED, REFERENCES, Change, NoValueThen, SameValue, changed, from_stored
from portal.reference_values.models import ValueChange
from portal.reference_values.views.blueprint import staff
from portal.reference_values.views.forms import ValueForm, begun_fields, change_of, fields_of, typed_of
from portal.reference_values.views.presenters import (
    change_words,
    detail_of,
    kind_words,
    new_words,
    reference_words,
    rows_of,
    title_of,
)
from portal.timetable.holidays import KINDS
from portal.web.clock import real_instant, request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import render_staff, staff_services
from portal.web.state import portal
from portal.web.transactions import session

PERMISSIONS = {
    "reference_values.values": "read",
    "reference_values.value": "read",
    "reference_values.propose_value": "write",
}
# What stands in an address for a record that is not there yet.
NEW = "new"
LONGEST_QUERY = 100


@dataclass(frozen=True)
class Made:
    """A change laid over the content that is served now: the texts before and after, and the catalogue with it."""

    before: Mapping[str, str | None]
    after: Mapping[str, str]
    catalogue: Catalogue

    @cached_property
    def problems(self) -> list[Problem]:
        """What would stop its publication."""
        served = portal().live.current()
        return wiring.publisher().examiner.errors(self.catalogue, served, today=request_clock().today())


def values_waiting() -> int:
    """How many changes of values wait for this person."""
    return len(_waiting())


def values_card() -> Card | None:
    """The changes of values that wait for whoever may approve them, for the first page of the desk."""
    rows = [{"label": row["title"], "href": row["href"], "detail": row["words"]} for row in map(change_row, _waiting())]
    context = {"id": "values-waiting", "title": _("Values to approve"), "rows": rows, "count": len(rows)}
    return Card("staff_card.html", context | {"all": url("reference_values.values")}) if rows else None


def _waiting() -> list[ValueChange]:
    if not may("review"):
        return []
    found = [one for one in proposals.open_changes(session()) if one.state in (REVIEW, APPROVED)]
    return [one for one in found if one.state == APPROVED or not workflow.is_own(one, current_staff_id())]


@staff.get("/values/")
def values() -> Response:
    """The records of one list with what holds now; changes on their way stand first."""
    reference = request.args.get("list", "")
    reference = reference if reference in REFERENCES else REFERENCES[0]
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    opened = proposals.open_changes(session())
    by_record = {one.record: one for one in opened if one.reference == reference}
    rows = [_row(reference, id_, one, by_record.get(id_)) for id_, one in _records(reference).items()]
    words = query.casefold().split()
    found = [row for row in rows if all(word in f"{row['title']} {row['detail']}".casefold() for word in words)]
    return render_staff(
        "reference_values/index.html",
        chips=[
            {
                "label": reference_words(one),
                "href": f"{url('reference_values.values')}?list={one}",
                "current": one == reference,
            }
            for one in REFERENCES
        ],
        reference=reference,
        title=reference_words(reference),
        rows=found,
        query=query,
        changes=[change_row(one) for one in opened],
        new_href=url("reference_values.value", reference=reference, record=NEW),
        new_words=new_words(reference) if may("write") else "",
        done=done_words(request.args.get("done", "")),
    )


def done_words(done: str) -> str:
    """What was just done with a change, for the top of the next page."""
    return {
        "publish": _("Published. Readers of every language see it."),
        "discard": _("The change is discarded. What readers see stays as it is."),
    }.get(done, "")


def _records(reference: str) -> dict[str, Any]:
    found = dict(plain_catalogue().reference(reference))
    if reference != "holidays":
        return found
    today = request_clock().today()
    days = {id_: one for id_, one in found.items() if one.day is not None and one.day >= today}
    return dict(sorted(days.items(), key=lambda pair: str(pair[1].day)))


def _row(reference: str, id_: str, record: Any, change: ValueChange | None) -> dict[str, Any]:
    return {
        "title": title_of(reference, record, id_),
        "detail": detail_of(record, request_clock().today()),
        "href": url("reference_values.value", reference=reference, record=id_),
        "change": change_row(change) if change else None,
    }


def change_row(change: ValueChange) -> dict[str, Any]:
    """A change on its way as lists show it."""
    record = plain_catalogue().reference(change.reference).get(change.record)
    return {
        "title": f"{reference_words(change.reference)}: {title_of(change.reference, record, change.record)}",
        "words": change_words(from_stored(change.change)),
        "href": url("reference_values.value_change", id_=change.id),
        "state": state_label(change.state),
        "pill": {REVIEW: "review", APPROVED: "current"}.get(change.state, "draft"),
    }


@staff.get("/values/<reference>/<record>")
def value(reference: str, record: str) -> AnyResponse:
    """A record with all its values, and the form by which it gets another one."""
    id_ = record_or_404(reference, record)
    asked = id_ or request.args.get("new", "")[:100]
    found = proposals.open_change_of(session(), reference, asked) if asked else None
    if found is not None and (found.state != WRITING or not may("write")):
        return redirect(url("reference_values.value_change", id_=found.id), 303)
    today = request_clock().today()
    typed = begun_fields(reference, _record(reference, id_))
    if found is not None:
        typed = fields_of(from_stored(found.change), reason=found.reason, today=today)
    return form_page(_form(reference, id_, typed), version=found.version if found else 0)


@staff.post("/values/<reference>/<record>")
def propose_value(reference: str, record: str) -> AnyResponse:
    """Save what was typed as a change, and show what it would reach."""
    id_ = record_or_404(reference, record)
    form = _form(reference, id_, typed_of(request.form, plain_catalogue().site.language_codes))
    asked = request.form.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    change = change_of(form, plain_catalogue())
    if change is not None:
        _try(form, reference, id_, change)
    if change is None or form.errors:
        return form_page(form, version=version)
    kept = id_ or (change.by if reference == "laws" and hasattr(change, "by") else change.starts.isoformat())
    try:
        row = proposals.propose(
            session(),
            reference,
            kept,
            change,
            reason=form.text("reason"),
            version=version,
            who=current_staff_id(),
            now=real_instant(),
        )
    except (StaleVersion, IllegalTransition):
        form.errors["form"] = _("Somebody else has just changed this value. Look at their change first.")
        return form_page(form, version=version, status=409)
    staff_services().record("values.propose", f"{reference}/{kept}#{row.id}")
    return redirect(url("reference_values.value_change", id_=row.id), 303)


def _try(form: ValueForm, reference: str, id_: str, change: Change) -> None:
    """Tell at the fields what would stop this change."""
    try:
        problems = made_of(reference, id_, change).problems
    except SameValue:
        name = {"laws": "by", "holidays": "starts"}.get(reference, "value")
        form.errors[name] = _("This is what holds already on that day.")
    except NoValueThen:
        form.errors["starts"] = _("No value is known for that day, so nothing can follow on it. Choose a later day.")
    except ContentError as broken:
        form.errors["form"] = "; ".join(plain_message(problem) for problem in broken.problems)
    else:
        if problems:
            form.errors["form"] = "; ".join(f"{one.path}: {plain_message(one)}" for one in problems[:3])


def made_of(reference: str, record: str, change: Change) -> Made:
    """The change laid over what is served now; raises what `changed` raises."""
    stem = portal().live.reader.references[reference].stem
    source = portal().live.source
    paths = [path for path in source.listing() if path == f"{stem}.yaml" or path.startswith(f"{stem}/")]
    texts = {path: source.read(path).decode("utf-8-sig") for path in paths}
    known = record if any(record == id_ for id_ in plain_catalogue().reference(reference)) else ""
    after = changed(texts, known, change, stem=stem)
    served = portal().live.current()
    candidate = wiring.publisher().candidates.read(after, served=served)
    return Made({path: texts.get(path) for path in after}, after, candidate.catalogue)


def record_or_404(reference: str, record: str) -> str:
    """The id of a record that there is, or nothing for a new one."""
    if reference not in REFERENCES or (record == NEW and not new_words(reference)):
        abort(404)
    if record == NEW:
        return ""
    if record not in plain_catalogue().reference(reference):
        abort(404)
    return record


def _record(reference: str, id_: str) -> Any:
    return plain_catalogue().reference(reference).get(id_)


def _form(reference: str, id_: str, typed: dict[str, str]) -> ValueForm:
    return ValueForm(reference, id_, typed, plain_catalogue().site.language_codes, request_clock().today())


def form_page(form: ValueForm, *, version: int, status: int = 0) -> Response:
    """The page of a record with its form."""
    record, site = _record(form.reference, form.record), plain_catalogue().site
    laws = [{"value": id_, "label": _law_words(id_, one)} for id_, one in plain_catalogue().reference("laws").items()]
    laws = [choice for choice in laws if form.reference != "laws" or choice["value"] != form.record]
    return render_staff(
        "reference_values/record.html",
        status=status or (422 if form.errors else 200),
        reference=form.reference,
        record=form.record,
        is_dated=form.reference in DATED,
        title=title_of(form.reference, record),
        detail=detail_of(record, request_clock().today()),
        rows=rows_of(record.values, record.values) if form.reference in DATED else [],
        typed=form.typed,
        errors=form.errors,
        summary=[{"message": words, "href": f"#field-{name}"} for name, words in form.errors.items()],
        version=version,
        laws=[{"value": "", "label": _("Choose")}, *laws],
        kinds=[{"value": "", "label": _("Choose")}, *({"value": one, "label": kind_words(one)} for one in KINDS)],
        languages={one.code: one.name for one in site.languages},
        today=request_clock().today().isoformat(),
        may_write=may("write"),
        crumbs=crumbs(form.reference),
        action=url("reference_values.propose_value", reference=form.reference, record=form.record or NEW),
    )


def _law_words(id_: str, law: Any) -> str:
    words = f"{law.number} – {law.title.get(language()) or law.title.get('id', '')}"
    return words if len(words) <= 90 else words[:89].rstrip() + "…"


def crumbs(reference: str = "") -> list[Link]:
    """The way to a page of values."""
    lists = url("reference_values.values")
    links: list[Link] = [{"label": _("Values"), "href": lists}]
    if reference:
        links.append({"label": reference_words(reference), "href": f"{lists}?list={reference}"})
    return links
