"""The library on the desk: the list, uploads, other words, replacing, removing."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from portal.accounts.people import current_staff_id
from portal.content.problems import ContentError
from portal.languages import formatting
from portal.media import library
from portal.media.forms import Form, data_of, refusal
from portal.media.pictures import BUDGETS
from portal.media.proposals.models import ADD, REPLACE, UNREAD, WAITING, WORDS
from portal.media.proposals.proposals import NotAllowed, Proposed, digest_of, latest_of, propose, to_look_at
from portal.media.record import MediaRecord
from portal.media.sniffing import Refused
from portal.media.staff.blueprint import (
    MOST_MEGABYTES,
    MediaRow,
    kilobytes,
    label,
    languages,
    publish,
    record_or_404,
    records,
    staff,
)
from portal.media.staff.messages import refusal_message
from portal.media.staff.rows import proposal_row
from portal.web.addresses import address_of
from portal.web.clock import real_instant, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.pages import catalogue, url
from portal.web.staff import render_staff, staff_services
from portal.web.transactions import session

MOST_DRAINED = 64 * 1024 * 1024


@staff.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    _let_finish()
    form = Form.of({}, languages())
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
    """What waits for a second reader, then every published file with its size and how often it is used."""
    published = records()
    counts = library.use_counts(catalogue().plain)
    rows = [_row(id_, record, uses=counts.get(id_, 0)) for id_, record in published.items()]
    rows.sort(key=lambda row: (row["record"].changed_on or row["record"].added_on, row["id"]), reverse=True)
    total = sum(record.total for record in published.values())
    waiting = [proposal_row(row) for row in to_look_at(session())]
    return render_staff("media/index.html", rows=rows, total=kilobytes(total), waiting=waiting)


@staff.get("/new")
def new() -> Response:
    """The empty form."""
    return _new_page(Form.of({}, languages()))


@staff.post("/new")
def add() -> AnyResponse:
    """Take an upload, made anew, with its words in every language; it waits for a second reader."""
    form = Form.of(request.form, languages())
    data = data_of(request.files.get("file"))
    if not form.require_words(languages()):
        if not data:
            form.errors["file"] = refusal("empty")
        return _new_page(form, status=422)
    try:
        taken = {**records(), **{row.media_id: row for row in to_look_at(session())}}
        id_ = library.new_id(next(iter(form.words.values())), taken, catalogue().media)
        today = request_clock().now.date()
        record, files = library.made(data, id_, words=form.words, credit=form.credit, added_on=today)
        return _propose(Proposed(media_id=id_, action=ADD, record=record, files=files))
    except Refused as refused:
        form.errors["file"] = refusal(refused.reason)
    except ContentError as broken:
        form.errors["file"] = str(broken)
    except NotAllowed as refused:
        form.errors["file"] = refusal_message(refused.reason)
    return _new_page(form, status=422)


@staff.get("/<id_>")
def show(id_: str) -> Response:
    """One file: its sizes in KB, where it is used, what can be done with it."""
    record = record_or_404(id_)
    return _show(id_, record, Form(record.words, record.credit))


@staff.post("/<id_>/words")
def describe(id_: str) -> AnyResponse:
    """Propose other words for a file."""
    record, form = record_or_404(id_), Form.of(request.form, languages())
    if not form.require_words(languages()):
        return _show(id_, record, form, status=422)
    described = library.described(record, words=form.words, credit=form.credit)
    base = digest_of(library.record_text(id_, record))
    try:
        return _propose(Proposed(media_id=id_, action=WORDS, record=described, files={}, base=base))
    except NotAllowed as refused:
        form.errors["credit"] = refusal_message(refused.reason)
        return _show(id_, record, form, status=409)


@staff.post("/<id_>/replace")
def replace(id_: str) -> AnyResponse:
    """Propose another file in its place; every address stays, and readers get the present one until then."""
    record = record_or_404(id_)
    form = Form(record.words, record.credit)
    try:
        data = data_of(request.files.get("file"))
        made, files = library.replacement(data, id_, record, today=request_clock().now.date())
        base = digest_of(library.record_text(id_, record))
        return _propose(Proposed(media_id=id_, action=REPLACE, record=made, files=files, base=base))
    except Refused as refused:
        form.errors["file"] = refusal(refused.reason)
        return _show(id_, record, form, status=422)
    except NotAllowed as refused:
        form.errors["file"] = refusal_message(refused.reason)
        return _show(id_, record, form, status=409)


@staff.post("/<id_>/remove")
def remove(id_: str) -> AnyResponse:
    """Remove a file that no page uses."""
    record = record_or_404(id_)
    form = Form(record.words, record.credit)
    if library.uses(catalogue().plain, id_):
        form.errors["remove"] = _("Pages still use this file. Take it out of them first.")
        return _show(id_, record, form, status=409)
    refused = publish(library.removed(id_, record, catalogue().media), reason=f"media/{id_}: removed")
    if refused:
        form.errors["remove"] = refused
        return _show(id_, record, form, status=409)
    staff_services().record("media.remove", f"media/{id_}")
    return redirect(url("media_staff.index"), 303)


def _propose(proposed: Proposed) -> AnyResponse:
    id_ = propose(session(), proposed, author=current_staff_id(), now=real_instant())
    staff_services().record(f"media.{proposed.action}", f"media/{proposed.media_id}#{id_[:12]}")
    return redirect(url("media_staff.proposal", id_=id_), 303)


def _row(id_: str, record: MediaRecord, *, uses: int) -> MediaRow:
    return {
        "id": id_,
        "record": record,
        "words": record.words.text(language()),
        "href": url("media_staff.show", id_=id_),
        "size": kilobytes(record.total),
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
        languages=languages(),
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
            "webp": kilobytes(size.webp),
            "other": kilobytes(size.other),
            "budget": kilobytes(BUDGETS[size.name]) if size.name in BUDGETS else "",
            "over": size.name in BUDGETS and size.webp > BUDGETS[size.name],
        }
        for size in record.sizes
    ]
    latest = latest_of(session(), id_)
    return render_staff(
        "media/show.html",
        status=status,
        waiting=proposal_row(latest) if latest and latest.state in (WAITING, UNREAD) else None,
        is_taken_over=latest is None,
        crumbs=[{"label": label(), "href": url("media_staff.index")}],
        row=_row(id_, record, uses=len(used)),
        sizes=sizes,
        used=used,
        form=form,
        errors=form.summary(),
        languages=languages(),
        most=MOST_MEGABYTES,
        markdown=f"::: picture {id_}\n:::"
        if record.kind == "picture"
        else f"::: download {id_}.pdf {form.words.get(language(), '')}\n:::",
    )
