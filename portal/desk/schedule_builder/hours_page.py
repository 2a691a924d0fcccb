"""The form of a service's hours: weekly hours, seasons, holidays, exceptions and closures, with the month they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.problems import ContentError
from portal.desk.blueprint import staff
from portal.desk.schedule_builder.drafting import KIND, NotSaved, ServiceTexts, save_part, texts_or_404
from portal.desk.schedule_builder.facts_text import PLACEMENT_KEYS, part_digest, with_hours, with_placement
from portal.desk.schedule_builder.form_view import FormView, reader_of, submitted_values, with_row_action
from portal.desk.schedule_builder.hours_form import hours_of, hours_values
from portal.desk.schedule_builder.result import month_result, month_start
from portal.desk.schedule_builder.values import Values
from portal.web.clock import office_zone
from portal.web.languages import language
from portal.web.pages import plain_catalogue, url
from portal.web.problems import plain_message
from portal.web.staff import render_staff

PERMISSIONS = {"desk.service_hours": "hours", "desk.save_service_hours": "hours"}
PART = "hours"


@staff.get("/services/<slug>/hours")
def service_hours(slug: str) -> Response:
    """The form with the hours as they stand in the draft, else as readers see them."""
    texts = texts_or_404(slug)
    facts = texts.facts()
    values = hours_values(facts.hours) | {"seen": [part_digest(texts.text, PART)]}
    values |= {"group": [facts.group], "place": [facts.place], "follows": [facts.follows]}
    return _page(texts, values, {})


@staff.post("/services/<slug>/hours")
def save_service_hours(slug: str) -> AnyResponse:
    """Save the hours into the draft, or show what a button of the form asks for."""
    texts, values, do = texts_or_404(slug), submitted_values(), request.form.get("do", "")
    changed = with_row_action(values, do)
    if changed is not None:
        return _page(texts, changed, {})
    if do.startswith("month:"):
        return _page(texts, {**values, "month": [do.removeprefix("month:")]}, {})
    reader = reader_of(values)
    hours = hours_of(reader)
    if do == "typing":
        return _page(texts, values, {})
    if do == "preview" or reader.errors:
        return _page(texts, values, reader.errors, status=422 if reader.errors else 200)
    seen = values.get("seen", [""])[-1]
    try:
        save_part(slug, lambda text: _edited(text, values, hours), part=PART, seen=seen)
    except NotSaved as refused:
        fresh = {**values, "seen": [part_digest(texts.text, PART)]}
        return _page(texts, fresh, {"w.mode": str(refused)}, status=409)
    except ContentError as invalid:
        return _page(texts, values, {"w.mode": plain_message(invalid.problems[0])}, status=422)
    return redirect(url("desk.service", slug=slug) + "?saved=1", 303)


def _edited(text: str, values: Values, hours: Mapping[str, Any]) -> str:
    """The facts with the hours and the placement of the form; raises ContentError."""
    reader = reader_of(values)
    choices = {key: reader.text(key) for key in PLACEMENT_KEYS if key in values}
    return with_placement(with_hours(text, hours, zone=office_zone()), choices)


def _leaders(slug: str) -> list[tuple[str, str]]:
    """The services whose hours another one can have: those that have hours of their own."""
    documents = plain_catalogue().all(KIND)
    return [(one.slug, one.title(language())) for one in documents if one.slug != slug and not one.facts.follows]


def _page(texts: ServiceTexts, values: Values, errors: dict[str, str], *, status: int = 200) -> Response:
    hours = hours_of(reader_of(values))
    try:
        text = _edited(texts.text, values, hours)
    except ContentError:
        text = ""
    first = month_start(values.get("month", [""])[-1])
    return render_staff(
        "desk/schedules/hours.html",
        status=status,
        texts=texts,
        form=FormView(values, errors),
        month=month_result(texts, text, first) if text else None,
        month_value=f"{first:%Y-%m}",
        leaders=_leaders(texts.slug),
        crumbs=[{"label": texts.title, "href": url("desk.service", slug=texts.slug)}],
    )
