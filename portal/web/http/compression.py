"""Compresses responses that the page cache does not store, such as search results."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, current_app, request

from portal.page_cache.negotiation import content_coding
from portal.web.pages import PageResponse

TEXTS = frozenset({"text/html", "application/json", "application/atom+xml", "text/calendar", "text/csv"})
LEAST_BYTES = 600
# Beside a secret, the length of a compressed page can be made to tell what the secret is; the desk stays plain.
STAFF = "/staff"


def install(app: Flask) -> None:
    """Compress the text responses of this application from LEAST_BYTES on."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.is_streamed or response.direct_passthrough:
        return response
    if _is_stored(response) or STAFF in request.path or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    chosen = content_coding(request.headers.get("Accept-Encoding", ""))
    data = response.get_data()
    if chosen == "identity" or len(data) < LEAST_BYTES:
        return response
    packed = brotli.compress(data, quality=4) if chosen == "br" else gzip.compress(data, compresslevel=6, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = chosen
    # The tag named the plain bytes; compressed ones differ, so the tag may only promise equal meaning.
    etag, is_weak = response.get_etag()
    if etag and not is_weak:
        response.set_etag(etag, weak=True)
    return response


def _is_stored(response: Response) -> bool:
    """Whether the page cache takes this response and compresses it itself."""
    view = current_app.view_functions.get(request.endpoint or "")
    return isinstance(response, PageResponse) and response.is_shared and hasattr(view, "page_query")
