"""Addresses of this site, all made by the router: of endpoints, of documents, of keys as content writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from portal.content.document import Document
from portal.web.languages import language
from portal.web.state import portal

HOME_ENDPOINT = "office.index"
MOST_BUILT = 20_000
_EXTENSION = "portal.url_builders"
UrlBuilder = Callable[..., str]


def url(endpoint: str, **values: Any) -> str:
    """The path of an endpoint in the request's language; `_anchor` is added after `#`."""
    return url_builder(current_app, language())(endpoint, **values)


def absolute(path: str) -> str:
    """The public address of a path of this site, never taken from the request's host."""
    return portal().settings.base_url + path


def document_path(kind: str, slug: str, *, code: str = "", part: str = "") -> str:
    """The path of a document's page, by default in the request's language; or of one of its parts."""
    build = url_builder(current_app, code or language())
    if part and kind in portal().types and portal().types[kind].has_parts:
        return build(f"{kind}.part", slug=slug, part=part)
    path = build(portal().document_endpoints.get(kind, f"{kind}.show"), slug=slug)
    return f"{path}#{part}" if part else path


def address_of(document: Document, code: str = "") -> str:
    """The path of a document's page."""
    return document_path(document.kind, document.slug, code=code)


def key_path(key: str) -> str:
    """The path that a link in content names: the document `kind/slug`, with a part after `#`, or another page."""
    path, _hash, anchor = key.partition("#")
    kind, _slash, slug = path.partition("/")
    if kind in portal().types and slug and "/" not in slug:
        return document_path(kind, slug, part=anchor)
    return path_below(key)


def path_below(path: str, code: str = "") -> str:
    """The path of a page that is named by its path below the language, such as `fees`."""
    return url_builder(current_app, code or language())(HOME_ENDPOINT) + path


def url_builder(app: Flask, code: str) -> UrlBuilder:
    """A `url_for` bound to one language, which remembers what it built.

    Key: endpoint and values. Value: the path. Lifetime: that of the application, whose routes do not change; at most
    MOST_BUILT paths per language.
    """
    builders: dict[str, UrlBuilder] = app.extensions.setdefault(_EXTENSION, {})
    if code not in builders:
        builders[code] = _make_builder(app, code)
    return builders[code]


def _make_builder(app: Flask, code: str) -> UrlBuilder:
    adapter = app.url_map.bind("localhost", url_scheme="http")
    built: dict[Any, str] = {}

    def build(endpoint: str, **values: Any) -> str:
        key = (endpoint, *sorted(values.items()))
        path = built.get(key)
        if path is None:
            if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
                values["lang"] = code
            anchor = values.pop("_anchor", None)
            path = adapter.build(endpoint, values) + (f"#{anchor}" if anchor else "")
            if len(built) < MOST_BUILT:
                built[key] = path
        return path

    return build
