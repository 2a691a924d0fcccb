"""The answer to a network that has used up its computing time: made once per language, so that it costs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, g
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from portal.page_cache.cpu_budget import RETRY_SECONDS
from portal.web.http.errors import error_page
from portal.web.state import portal_of


class _Page(NamedTuple):
    headers: list[tuple[str, str]]
    body: bytes


class TooMuch:
    """A WSGI application that answers every request with 429 and when to come back, in the reader's language."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._pages: dict[tuple[str, str], _Page] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        site = portal_of(self._app).live.served().site
        page = self._page(_language(environ, site.language_codes), portal_of(self._app).live.served().version)
        start_response("429 TOO MANY REQUESTS", page.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]

    def _page(self, code: str, version: str) -> _Page:
        page = self._pages.get((code, version))
        if page is None:
            with self._app.test_request_context(f"/{code}/"):
                g.language = code
                response = self._app.process_response(error_page(429, seconds=RETRY_SECONDS))
            response.headers["Retry-After"] = str(RETRY_SECONDS)
            response.headers.pop("X-Request-ID", None)
            page = _Page(list(response.headers.items()), response.get_data())
            # Pages of content that is no longer served go.
            self._pages = {key: kept for key, kept in self._pages.items() if key[1] == version} | {
                (code, version): page
            }
        return page


def _language(environ: WSGIEnvironment, codes: tuple[str, ...]) -> str:
    first = environ.get("PATH_INFO", "").split("/")[1:2]
    if first and first[0] in codes:
        return first[0]
    accepted = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE", "")[:200], LanguageAccept)
    return accepted.best_match(codes) or codes[0]
