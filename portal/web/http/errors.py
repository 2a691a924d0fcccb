"""Errors as pages: what happened, in the reader's language, with a way on; old addresses lead to their successors."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from portal.web.languages import language
from portal.web.pages import catalogue, private, render
from portal.web.state import portal

CODES = (400, 403, 404, 410, 429, 500)
GONE = "gone"
log = logging.getLogger("portal.errors")


def install(app: Flask) -> None:
    """Let the application answer errors with pages."""
    app.register_error_handler(HTTPException, _http_error)
    if not app.testing:
        app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> AnyResponse:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error.get_response()
    _take_language()
    if code == 404:
        moved = _successor()
        if moved == GONE:
            return error_page(410)
        if moved:
            return redirect(moved, 301)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    wait = headers.get("Retry-After", "")
    response = error_page(code, seconds=int(wait) if wait.isdecimal() else None)
    response.headers.update(headers)
    return response


def error_page(code: int, **context: Any) -> Response:
    """The page for that error; codes without one of their own share the nearest."""
    page_code = code if code in CODES else (500 if code >= 500 else 400)
    context["request_id"] = g.get("request_id")
    return private(render(f"errors/{page_code}.html", status=code, canonical=None, **context))


def _unexpected(error: Exception) -> AnyResponse:
    log.error("unexpected error", exc_info=error)
    g.pop("request_clock", None)
    _take_language()
    return error_page(500)


def _take_language() -> None:
    if "language" not in g:
        first = request.path.split("/")[1]
        codes = portal().live.served().site.language_codes
        g.language = first if first in codes else request.accept_languages.best_match(codes) or language()


def _successor() -> str:
    """Where redirects.yaml sends this address: a path, `gone`, or nothing; a part below an old page goes with it."""
    code, _slash, path = request.path.lstrip("/").partition("/")
    if code not in portal().live.served().site.language_codes:
        return ""
    redirects = catalogue().redirects
    segments = path.rstrip("/").split("/")
    old = "/".join(segments[:2]) if len(segments) > 1 else f"pages/{segments[0]}"
    target = redirects.get(old, "") or redirects.get(segments[0], "")
    if target in ("", GONE):
        return target
    return "/".join(["", code, target.removeprefix("pages/"), *segments[2:]])
