"""A public page rendered from another catalogue and at another time than those of readers, for staff.

The site's own view answers a request of its own, so a preview cannot differ from the published page.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

import msgspec
from flask import Response, abort, current_app, g, request
from werkzeug.routing import RoutingException

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.page_cache.tracking import TrackedCatalogue
from portal.web.addresses import address_of
from portal.web.clock import RequestClock, office_zone, request_clock
from portal.web.pages import private
from portal.web.state import portal

# What belongs to the request of the staff page alone.
_OWN = frozenset({"PATH_INFO", "QUERY_STRING", "wsgi.input", "CONTENT_TYPE", "CONTENT_LENGTH", "werkzeug.request"})


@dataclass(frozen=True)
class PreviewLayer:
    """What a feature lays over the catalogue of previews, and addresses that stand for others there."""

    over: Callable[[Catalogue], Catalogue]
    addresses: Mapping[str, str]


def render_preview(document: Document, catalogue: Catalogue, code: str, *, at: datetime) -> Response:
    """What the public view of a document answers when that catalogue is served at that time."""
    path = address_of(document, code) if _has_own_page(document) else f"/{code}/"
    layers = [make() for make in portal().preview_layers]
    for layer in layers:
        catalogue = layer.over(catalogue)
    answer = _dispatch(path, catalogue, at=at)
    html = answer.get_data()
    for layer in layers:
        for public, own in layer.addresses.items():
            html = html.replace(public.encode(), own.encode())
    response = private(Response(html, status=200, mimetype="text/html"))
    response.headers["Content-Language"] = code
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    policy = answer.headers.get("Content-Security-Policy", "default-src 'none'")
    response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _dispatch(path: str, catalogue: Catalogue, *, at: datetime) -> Response:
    """The site's own answer for that path, with another catalogue and another time than those of readers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    kept = {name: value for name, value in request.environ.items() if name not in _OWN and not name.startswith("HTTP_")}
    # A context of the application of its own, or both requests would share what they remember.
    with app.app_context(), app.request_context({**kept, **environ, "HTTP_HOST": request.host}):
        g.catalogue = TrackedCatalogue(catalogue)
        g.request_clock = RequestClock(at, office_zone())
        try:
            answer: Response = app.full_dispatch_request()
        except RoutingException:
            abort(404)
        answer.direct_passthrough = False
        return answer


def as_published(document: Document) -> Document:
    """The document as if it were public; its window of time stays, so a date outside of it shows that it is not."""
    facts = document.facts
    if facts.status == "draft":
        facts = msgspec.structs.replace(facts, status="published")
    return dataclasses.replace(document, facts=facts, scheduled=())


def _has_own_page(document: Document) -> bool:
    return not portal().types[document.kind].page_needs_text or any(body.parts for body in document.bodies.values())


def requested_time() -> datetime:
    """The time asked for in the office's zone; a date means its noon; now where nothing can be understood."""
    asked = request.args.get("at", "")[:40]
    try:
        fromisoformat = datetime.fromisoformat(asked)
    except ValueError:
        return request_clock().now
    if len(asked) == len("2026-12-24"):
        fromisoformat = datetime.combine(fromisoformat.date(), time(12))
    if not 2000 <= fromisoformat.year <= 2100:
        return request_clock().now
    return fromisoformat if fromisoformat.tzinfo else fromisoformat.replace(tzinfo=office_zone())
