"""The form of a series of sessions, with the next dates that it gives."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.parsing import typed
from portal.content.problems import ContentError
from portal.desk.blueprint import staff
from portal.desk.schedule_builder.drafting import NotSaved, ServiceTexts, save_part, texts_or_404
from portal.desk.schedule_builder.facts_text import part_digest, with_series
from portal.desk.schedule_builder.form_view import FormView, reader_of, submitted_values, with_row_action
from portal.desk.schedule_builder.result import next_dates
from portal.desk.schedule_builder.series_form import misplaced_change, series_of, series_values
from portal.desk.schedule_builder.values import FormReader, Values
from portal.publishing.checks import proposed_slug
from portal.timetable.sessions.series import Series
from portal.web.clock import office_zone, real_instant
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.problems import plain_message
from portal.web.staff import render_staff

PERMISSIONS = {"desk.service_series": "hours", "desk.save_service_series": "hours", "desk.remove_series": "hours"}
NEW = "new"
BLANK: Values = {"kind": ["week"], "state": ["confirmed"], "on_holiday": ["skip"], "interval": ["1"]}


@staff.get("/services/<slug>/series/<id_>")
def service_series(slug: str, id_: str) -> Response:
    """The form of a series as it stands in the draft, or of a new one."""
    texts = texts_or_404(slug)
    series = _series_or_404(texts, id_)
    values = dict(BLANK) if series is None else series_values(series)
    return _page(texts, id_, values | {"seen": [part_digest(texts.text, id_)]}, {})


@staff.post("/services/<slug>/series/<id_>")
def save_service_series(slug: str, id_: str) -> AnyResponse:
    """Save the series into the draft, or show what a button of the form asks for."""
    texts, values, do = texts_or_404(slug), submitted_values(), request.form.get("do", "")
    _series_or_404(texts, id_)
    changed = with_row_action(values, do)
    if changed is not None:
        return _page(texts, id_, changed, {})
    reader = reader_of(values)
    own_id = _own_id(texts, id_, reader)
    series, _typed = _read(reader, own_id)
    if do == "typing":
        return _page(texts, id_, values, {})
    if do == "preview" or reader.errors:
        return _page(texts, id_, values, reader.errors, status=422 if reader.errors else 200)
    seen = values.get("seen", [""])[-1]
    try:
        save_part(slug, lambda text: with_series(text, own_id, series, zone=office_zone()), part=id_, seen=seen)
    except NotSaved as refused:
        fresh = {**values, "seen": [part_digest(texts.text, id_)]}
        return _page(texts, id_, fresh, {"kind": str(refused)}, status=409)
    except ContentError as invalid:
        return _page(texts, id_, values, {"kind": plain_message(invalid.problems[0])}, status=422)
    return redirect(url("desk.service", slug=slug) + "?saved=1", 303)


@staff.post("/services/<slug>/series/<id_>/remove")
def remove_series(slug: str, id_: str) -> AnyResponse:
    """Take a series out of the draft; readers see it until the draft is published."""
    texts = texts_or_404(slug)
    if _series_or_404(texts, id_) is None:
        abort(404)
    seen = part_digest(texts.text, id_)
    try:
        save_part(slug, lambda text: with_series(text, id_, None, zone=office_zone()), part=id_, seen=seen)
    except NotSaved as refused:
        abort(409, str(refused))
    return redirect(url("desk.service", slug=slug) + "?saved=1", 303)


def _series_or_404(texts: ServiceTexts, id_: str) -> Series | None:
    """The series of that id; None for a new one."""
    series = next((one for one in texts.facts().sessions if one.id == id_), None)
    if series is None and id_ != NEW:
        abort(404)
    return series


def _own_id(texts: ServiceTexts, id_: str, reader: FormReader) -> str:
    """The id of the series; that of a new one is made from its short name."""
    if id_ != NEW:
        return id_
    name = reader.text("name")
    if not name:
        reader.fail("name", _("Write a short name, such as “saturday” or the village."))
    return proposed_slug(name, [NEW, *(series.id for series in texts.facts().sessions)])


def _read(reader: FormReader, id_: str) -> tuple[dict[str, Any], Series | None]:
    """The series of the form, and typed where it can be; what is wrong becomes an error of the reader."""
    values = series_of(reader, id_=id_, now=real_instant().astimezone(office_zone()))
    bare = {key: value for key, value in values.items() if key != "changes"}
    try:
        plain = typed(bare, Series, path="", zone=office_zone())
    except ContentError as invalid:
        if not reader.errors:
            reader.fail("until" if "rule" in bare else "kind", plain_message(invalid.problems[0]))
        return values, None
    misplaced_change(reader, set(plain.original_dates()))
    try:
        return values, typed(values, Series, path="", zone=office_zone())
    except ContentError as invalid:
        if not reader.errors:
            reader.fail("kind", plain_message(invalid.problems[0]))
        return values, plain


def _page(texts: ServiceTexts, id_: str, values: Values, errors: dict[str, str], *, status: int = 200) -> Response:
    _values, series = _read(reader_of(values), "x" if id_ == NEW else id_)
    return render_staff(
        "desk/schedules/series.html",
        status=status,
        texts=texts,
        id=id_,
        is_new=id_ == NEW,
        form=FormView(values, errors),
        dates=next_dates(series) if series is not None else [],
        crumbs=[{"label": texts.title, "href": url("desk.service", slug=texts.slug)}],
    )
