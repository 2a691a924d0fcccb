"""The page as readers will see it: the site's own view, made from a catalogue that has the draft in it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, time

import msgspec
from flask import Response, abort, current_app, g, request
from werkzeug.routing import RoutingException

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.parsing import ContentError
from portal.desk.blueprint import checker, crumbs, draft_or_404, plain_catalogue, staff, zone
from portal.desk.dashboard.today import title_of
from portal.desk.documents.findings import findings
from portal.languages import formatting
from portal.page_cache.tracking import TrackedCatalogue
from portal.web import security
from portal.web.clock import RequestClock, request_clock
from portal.web.languages import language
from portal.web.navigation import address_of
from portal.web.pages import private, url
from portal.web.staff import render_staff

PERMISSIONS = {"desk.preview": "read", "desk.preview_page": "read"}
WIDTHS = (360, 1280)


@staff.get("/drafts/<id_>/preview")
def preview(id_: str) -> Response:
    """The draft in a narrow and a wide frame, in the language and at the time chosen."""
    draft = draft_or_404(id_)
    code, at = _chosen_language(), chosen_time()
    checked = checker().check(draft.kind, draft.slug, draft.files)
    security.allow("frame-src", "'self'")
    where = url("desk.preview_page", id_=draft.id, lang=code)
    return render_staff(
        "desk/preview.html",
        draft=draft,
        title=title_of(draft),
        code=code,
        at=at.replace(tzinfo=None).isoformat(timespec="minutes"),
        at_words=formatting.day_clock(at, language()),
        page=f"{where}?at={at.replace(tzinfo=None).isoformat(timespec='minutes')}",
        widths=WIDTHS,
        findings=findings(checked, {}) if checked.document is None else [],
        can_show=checked.document is not None,
        crumbs=crumbs(draft.kind, title=title_of(draft), href=url("desk.edit", id_=draft.id)),
    )


@staff.get("/drafts/<id_>/page")
def preview_page(id_: str) -> Response:
    """The real page of the draft in the address's language, at the time of `at`, for the frames of the preview."""
    draft = draft_or_404(id_)
    try:
        document = checker().document(draft.kind, draft.slug, draft.files)
    except ContentError:
        abort(404)
    return rendered(document, language(), at=chosen_time())


def rendered(document: Document, code: str, *, at: datetime) -> Response:
    """What the public view answers for that document, as if it were published."""
    shown = as_published(document)
    catalogue = checker().candidate(shown)
    return page_with(shown, catalogue, code, at=at)


def page_with(document: Document, catalogue: Catalogue, code: str, *, at: datetime) -> Response:
    """What the public view of a document answers when that catalogue is served at that time."""
    path = address_of(document, code) if _has_own_page(document) else f"/{code}/"
    answer = _asked(path, catalogue, at=at)
    response = private(Response(answer.get_data(), status=200, mimetype="text/html"))
    response.headers["Content-Language"] = code
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    policy = answer.headers.get("Content-Security-Policy", "default-src 'none'")
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _asked(path: str, catalogue: Catalogue, *, at: datetime) -> Response:
    """The site's own answer for that path, with another catalogue and another time than those of readers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    kept = {name: value for name, value in request.environ.items() if name not in _OWN and not name.startswith("HTTP_")}
    # A context of the application of its own, or both requests would share what they remember.
    with app.app_context(), app.request_context({**kept, **environ, "HTTP_HOST": request.host}):
        g.catalogue = TrackedCatalogue(catalogue)
        g.request_clock = RequestClock(at, zone())
        try:
            answer: Response = app.full_dispatch_request()
        except RoutingException:
            abort(404)
        answer.direct_passthrough = False
        return answer


# What belongs to the request of the desk alone.
_OWN = frozenset({"PATH_INFO", "QUERY_STRING", "wsgi.input", "CONTENT_TYPE", "CONTENT_LENGTH", "werkzeug.request"})


def as_published(document: Document) -> Document:
    """The document as if it were public; its window of time stays, so a date outside of it shows that it is not."""
    facts = document.facts
    if facts.status == "draft":
        facts = msgspec.structs.replace(facts, status="published")
    return dataclasses.replace(document, facts=facts, scheduled=())


def _has_own_page(document: Document) -> bool:
    # An alert without a text stands on other pages only.
    return document.kind != "alerts" or any(body.parts for body in document.bodies.values())


def _chosen_language() -> str:
    code = request.args.get("in", language())
    return code if code in plain_catalogue().site.language_codes else language()


def chosen_time() -> datetime:
    """The time asked for in the office's zone; a date means its noon; now where nothing can be understood."""
    asked = request.args.get("at", "")[:40]
    try:
        found = datetime.fromisoformat(asked)
    except ValueError:
        return request_clock().now
    if len(asked) == len("2026-12-24"):
        found = datetime.combine(found.date(), time(12))
    if not 2000 <= found.year <= 2100:
        return request_clock().now
    return found if found.tzinfo else found.replace(tzinfo=zone())
