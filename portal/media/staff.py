"""The library on the desk: upload, describe, replace, remove; each action is published as one change."""

from __future__ import annotations

from typing import Any, TypedDict

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from portal.content.problems import ContentError
from portal.languages import formatting
from portal.media import library
from portal.media.forms import Form, data_of, refusal
from portal.media.pictures import BUDGETS
from portal.media.record import MediaRecord
from portal.media.sniffing import MOST_BYTES, Refused
from portal.web.addresses import address_of
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.staff import NotPublished, render_staff, staff_services

READ, WRITE, PUBLISH = "read", "write", "publish"
staff = Blueprint("media_staff", __name__)
# Every endpoint of this blueprint with the permission that it needs; what readers see already needs a publisher.
PERMISSIONS = {
    **{f"{staff.name}.{view}": READ for view in ("index", "show")},
    **{f"{staff.name}.{view}": WRITE for view in ("new", "add")},
    **{f"{staff.name}.{view}": PUBLISH for view in ("describe", "replace", "remove")},
}
# The file and what a form adds to it.
MOST_BODY = MOST_BYTES + 2 * 1024 * 1024
MOST_MEGABYTES = MOST_BYTES // (1024 * 1024)
MOST_DRAINED = 64 * 1024 * 1024
UPLOADS = frozenset({f"{staff.name}.add", f"{staff.name}.replace"})


class MediaRow(TypedDict):
    """A file of the library in the list and on its page; `uses` counts the pages that show it."""

    id: str
    record: MediaRecord
    words: str
    href: str
    size: str
    uses: int
    on: str


def label() -> str:
    """The word for the library in the list of the desk."""
    return _("Pictures and documents")


@staff.url_value_preprocessor
def _allow_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Other forms of the site stay small; this must be said before anything reads the form.
    if endpoint in UPLOADS:
        request.max_content_length = MOST_BODY


@staff.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    _let_finish()
    form = Form.of({}, _languages())
    form.errors["file"] = refusal("large")
    return _new_page(form, status=413)


def _let_finish() -> None:
    """Read the rest of a body and forget it: a browser that is still sending would not see the answer."""
    if (request.content_length or MOST_DRAINED + 1) > MOST_DRAINED:
        return
    body = request.environ["wsgi.input"]
    try:
        while body.read(256 * 1024):
            continue
    except (OSError, ValueError):
        # The other side hung up first.
        return


@staff.get("/")
def index() -> Response:
    """Every file with its size and how often it is used."""
    records = _records()
    counts = library.use_counts(catalogue().plain)
    rows = [_row(id_, record, uses=counts.get(id_, 0)) for id_, record in records.items()]
    rows.sort(key=lambda row: (row["record"].changed_on or row["record"].added_on, row["id"]), reverse=True)
    total = sum(record.total for record in records.values())
    return render_staff("media/index.html", rows=rows, total=_kilobytes(total))


@staff.get("/new")
def new() -> Response:
    """The empty form."""
    return _new_page(Form.of({}, _languages()))


@staff.post("/new")
def add() -> AnyResponse:
    """Take an upload, made anew, with its words in every language."""
    languages = _languages()
    form = Form.of(request.form, languages)
    data = data_of(request.files.get("file"))
    if not form.require_words(languages):
        if not data:
            form.errors["file"] = refusal("empty")
        return _new_page(form, status=422)
    try:
        id_ = library.new_id(next(iter(form.words.values())), _records(), catalogue().media)
        changes = library.added(data, id_, words=form.words, credit=form.credit, today=request_clock().now.date())
    except Refused as refused:
        form.errors["file"] = refusal(refused.reason)
    except ContentError as broken:
        form.errors["file"] = str(broken)
    if form.errors:
        return _new_page(form, status=422)
    refused_words = _publish(changes, f"media/{id_}: added")
    if refused_words:
        form.errors["file"] = refused_words
        return _new_page(form, status=409)
    return _done(id_, "add")


@staff.get("/<id_>")
def show(id_: str) -> Response:
    """One file: its sizes in KB, where it is used, what can be done with it."""
    record = _record(id_)
    return _show(id_, record, Form(record.words, record.credit))


@staff.post("/<id_>/words")
def describe(id_: str) -> AnyResponse:
    """Give a file other words."""
    record, languages = _record(id_), _languages()
    form = Form.of(request.form, languages)
    if not form.require_words(languages):
        return _show(id_, record, form, status=422)
    changes = library.described(id_, record, words=form.words, credit=form.credit)
    return _finish(id_, record, form, changes=changes, action="describe")


@staff.post("/<id_>/replace")
def replace(id_: str) -> AnyResponse:
    """Put another file in its place; every address stays."""
    record = _record(id_)
    form = Form(record.words, record.credit)
    try:
        data = data_of(request.files.get("file"))
        changes = library.replaced(data, id_, record, today=request_clock().now.date())
    except Refused as refused:
        form.errors["file"] = refusal(refused.reason)
        return _show(id_, record, form, status=422)
    return _finish(id_, record, form, changes=changes, action="replace")


@staff.post("/<id_>/remove")
def remove(id_: str) -> AnyResponse:
    """Remove a file that no page uses."""
    record = _record(id_)
    form = Form(record.words, record.credit)
    if library.uses(catalogue().plain, id_):
        form.errors["remove"] = _("Pages still use this file. Take it out of them first.")
        return _show(id_, record, form, status=409)
    refused = _publish(library.removed(id_, record, catalogue().media), f"media/{id_}: removed")
    if refused:
        form.errors["remove"] = refused
        return _show(id_, record, form, status=409)
    staff_services().record("media.remove", f"media/{id_}")
    return redirect(url("media_staff.index"), 303)


def _finish(id_: str, record: MediaRecord, form: Form, *, changes: library.Changes, action: str) -> AnyResponse:
    refused = _publish(changes, f"media/{id_}: {action}")
    if refused:
        form.errors["file" if action == "replace" else "credit"] = refused
        return _show(id_, record, form, status=409)
    return _done(id_, action)


def _publish(changes: library.Changes, reason: str) -> str:
    """Publish the change; gives the words of a refusal, or nothing."""
    try:
        staff_services().publish(changes, reason=reason)
    except NotPublished as refused:
        return str(refused)
    return ""


def _done(id_: str, action: str) -> AnyResponse:
    staff_services().record(f"media.{action}", f"media/{id_}")
    return redirect(url("media_staff.show", id_=id_), 303)


def _records() -> dict[str, MediaRecord]:
    return dict(catalogue().reference("media"))


def _record(id_: str) -> MediaRecord:
    record: MediaRecord | None = catalogue().reference("media").get(id_)
    if record is None:
        abort(404)
    return record


def _languages() -> dict[str, str]:
    return {one.code: one.name for one in catalogue().site.languages}


def _kilobytes(size: int) -> str:
    return f"{formatting.number(max(1, round(size / 1000)), language())} KB"


def _row(id_: str, record: MediaRecord, *, uses: int) -> MediaRow:
    return {
        "id": id_,
        "record": record,
        "words": record.words.text(language()),
        "href": url("media_staff.show", id_=id_),
        "size": _kilobytes(record.total),
        "uses": uses,
        "on": formatting.day(record.changed_on or record.added_on, language()),
    }


def _new_page(form: Form, *, status: int = 200) -> Response:
    return render_staff(
        "media/new.html",
        status=status,
        crumbs=[{"label": label(), "href": url("media_staff.index")}],
        form=form,
        errors=form.summary(),
        languages=_languages(),
        most=MOST_MEGABYTES,
    )


def _show(id_: str, record: MediaRecord, form: Form, *, status: int = 200) -> Response:
    used = [
        {
            "label": use.document.title(use.language),
            "href": address_of(use.document, use.language),
            "lang": use.language,
        }
        for use in library.uses(catalogue().plain, id_)
    ]
    sizes = [
        {
            "name": size.name,
            "pixels": f"{size.width} × {size.height}",
            "webp": _kilobytes(size.webp),
            "other": _kilobytes(size.other),
            "budget": _kilobytes(BUDGETS[size.name]) if size.name in BUDGETS else "",
            "over": size.name in BUDGETS and size.webp > BUDGETS[size.name],
        }
        for size in record.sizes
    ]
    return render_staff(
        "media/show.html",
        status=status,
        crumbs=[{"label": label(), "href": url("media_staff.index")}],
        row=_row(id_, record, uses=len(used)),
        sizes=sizes,
        used=used,
        form=form,
        errors=form.summary(),
        languages=_languages(),
        most=MOST_MEGABYTES,
        markdown=f"::: picture {id_}\n:::"
        if record.kind == "picture"
        else f"::: download {id_}.pdf {form.words.get(language(), '')}\n:::",
    )
