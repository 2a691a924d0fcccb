"""The page that takes sessions from a CSV file: first a look at each row, then one press that saves them."""

from __future__ import annotations

from datetime import date

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.problems import ContentError
from portal.content_forms.choices import choices_of
from portal.content_forms.widgets import clean
from portal.csv_files import csv_file
from portal.desk.blueprint import staff
from portal.desk.schedule_builder.csv_import.rows import (
    HEAD,
    MOST_BYTES,
    NotReadable,
    SessionRow,
    decoded,
    series_of_rows,
    session_rows,
)
from portal.desk.schedule_builder.drafting import NotSaved, ServiceTexts, save_part, texts_or_404
from portal.desk.schedule_builder.facts_text import facts_of, part_digest, with_series
from portal.desk.schedule_builder.form_view import FormView
from portal.desk.schedule_builder.values import slot_text
from portal.schedules.views.queries import holidays
from portal.timetable.sessions.series import occurrences
from portal.web.clock import office_zone, real_instant
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import plain_catalogue, private, url
from portal.web.problems import plain_message
from portal.web.staff import render_staff

PERMISSIONS = {"desk.import_sessions": "hours", "desk.save_import": "hours", "desk.import_example": "hours"}
LONGEST_NAME = 40


@staff.get("/services/<slug>/import")
def import_sessions(slug: str) -> Response:
    """The form: a file, or rows pasted from a spreadsheet."""
    return _page(texts_or_404(slug), "", {})


@staff.get("/services/import.csv")
def import_example() -> Response:
    """An empty table with the columns that are understood."""
    response = Response(csv_file(HEAD, ()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="sesi.csv"'
    return private(response)


@staff.post("/services/<slug>/import")
def save_import(slug: str) -> AnyResponse:
    """Show the rows as they are understood; with `do=save` and nothing wrong, save them into the draft."""
    texts = texts_or_404(slug)
    name = " ".join(clean(request.form.get("name", "")).split())[:LONGEST_NAME]
    try:
        text = _submitted_text()
        rows = _rows(texts, text)
    except NotReadable as refused:
        return _page(texts, clean(request.form.get("rows", "")[:MOST_BYTES]), {"rows": str(refused)}, status=422)
    if not name:
        return _page(
            texts, text, {"name": _("Write a short name, such as “saturday” or the village.")}, rows, status=422
        )
    wrong = [row for row in rows if row.error]
    if request.form.get("do") != "save" or wrong:
        return _page(texts, text, {}, rows, status=422 if wrong else 200)

    def edit(facts: str) -> str:
        ids = ["new", *(series.id for series in facts_of(facts, office_zone()).sessions)]
        now = real_instant().astimezone(office_zone())
        for series in series_of_rows(rows, name=name, taken=ids, now=now):
            facts = with_series(facts, series["id"], series, zone=office_zone())
        return facts

    try:
        save_part(slug, edit, part="", seen=part_digest(texts.text, ""))
    except NotSaved as refused:
        return _page(texts, text, {"rows": str(refused)}, rows, status=409)
    except ContentError as invalid:
        return _page(texts, text, {"rows": plain_message(invalid.problems[0])}, rows, status=422)
    return redirect(url("desk.service", slug=slug) + "?saved=1", 303)


def _submitted_text() -> str:
    upload = request.files.get("file")
    data = upload.read(MOST_BYTES + 1) if upload is not None and upload.filename else b""
    text = decoded(data) if data else decoded(request.form.get("rows", "").encode())
    return clean(text)


def _rows(texts: ServiceTexts, text: str) -> list[SessionRow]:
    places = choices_of(plain_catalogue(), "places", language())
    by_label = {key.casefold(): place.id for place in places for key in (place.id, place.label)}
    taken: list[tuple[date, str]] = [
        (one.start.date(), slot_text(one.slot))
        for series in texts.facts().sessions
        for one in occurrences(series, zone=office_zone(), holidays=holidays())
    ]
    return session_rows(text, places=by_label, taken=taken, zone=office_zone())


def _page(
    texts: ServiceTexts, text: str, errors: dict[str, str], rows: list[SessionRow] | None = None, *, status: int = 200
) -> Response:
    return render_staff(
        "desk/schedules/import.html",
        status=status,
        texts=texts,
        rows=rows or [],
        wrong=len([row for row in rows or [] if row.error]),
        head=HEAD,
        form=FormView({"rows": [text], "name": [clean(request.form.get("name", ""))[:LONGEST_NAME]]}, errors),
        crumbs=[{"label": texts.title, "href": url("desk.service", slug=texts.slug)}],
    )
