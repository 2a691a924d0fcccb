"""Making a page: the request's catalogue, one template environment per language, what the page cache must know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, has_request_context, request

from portal.content.catalogue import Catalogue
from portal.page_cache.tracking import TrackedCatalogue
from portal.web import assets
from portal.web.clock import request_clock
from portal.web.documents import embeds
from portal.web.environments import LanguageEnvironment
from portal.web.languages import language
from portal.web.state import portal

PAGE = "portal.page"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class PageRecord:
    """What the page cache must know of an answer: until when it is right, and what it shows."""

    catalogue: Catalogue
    valid_until: datetime | None = None
    tags: frozenset[str] = frozenset()
    live: dict[str, int] = field(default_factory=dict)


def public(*, query: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Mark a view whose page is the same for everyone: kept by the page cache under path and these parameters.

    Whatever else a request carries (cookies, other parameters, any header) never reaches such a view.
    """

    def mark(view: View) -> View:
        view.page_query = query  # type: ignore[attr-defined]
        return view

    return mark


def catalogue() -> TrackedCatalogue:
    """The catalogue of this request, the same from its first question to its last."""
    found: TrackedCatalogue | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = TrackedCatalogue(portal().live.current())
    return found


def plain_catalogue() -> Catalogue:
    """The catalogue of this request without the record of what was read from it, for pages that no cache keeps."""
    return catalogue().plain


def live_tag(tag: str) -> None:
    """Say, before asking the database, that this page shows a live fact (such as seats) under `tag`."""
    g.setdefault("live_tags", {}).setdefault(tag, portal().generations.of(tag))


def render(template: str, *, tags: Iterable[str] = (), status: int = 200, **context: Any) -> Response:
    """A page in the request's language; the page cache learns how long it is right and what it shows."""
    html = environment(language()).get_template(template).render({**common(), **context})
    response = Response(html, status=status, mimetype="text/html")
    response.headers["Content-Language"] = language()
    record_page(tags)
    return response


def record_page(tags: Iterable[str] = ()) -> None:
    """Leave in the request what the page cache must know; for answers that are no HTML page as well."""
    if has_request_context():
        request.environ[PAGE] = PageRecord(
            catalogue().plain,
            request_clock().valid_until,
            frozenset({*catalogue().tags, *tags}),
            dict(g.get("live_tags", {})),
        )


def private(response: Response) -> Response:
    """The answer marked as meant for one person only: kept nowhere."""
    request.environ.pop(PAGE, None)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def common() -> dict[str, Any]:
    """What every template may use besides its own context."""
    return {"catalogue": catalogue(), **portal().layout_context()}


def absolute(path: str) -> str:
    """The public address of a path of this site, never taken from the request's host."""
    return portal().settings.base_url + path


def environment(code: str) -> LanguageEnvironment:
    """The template environment of that language, made once."""
    made: dict[str, LanguageEnvironment] = current_app.extensions.setdefault("portal.environments", {})
    if code not in made:
        made[code] = LanguageEnvironment(
            code, reload=bool(current_app.config.get("RELOAD")), globals_=template_globals(current_app, code)
        )
    return made[code]


def url(endpoint: str, **values: Any) -> str:
    """The path of an endpoint in the request's language."""
    build = cast(Callable[..., str], environment(language()).globals["url"])
    return build(endpoint, **values)


def template_globals(app: Flask, code: str) -> dict[str, Any]:
    """The functions that templates of one language may call."""
    return {
        "url": url_in(app, code),
        "inline_css": assets.inline_css,
        "inline_js": assets.inline_js,
        "asset": assets.asset,
        "body_html": embeds.body_html,
        "inline_words": embeds.inline_html,
        "fee_text": embeds.fee_text,
        **portal().template_globals,
    }


def url_in(app: Flask, code: str) -> Callable[..., str]:
    """A `url_for` bound to one language that remembers what it built; addresses are paths of this site."""
    adapter = app.url_map.bind("localhost", url_scheme="http")
    built: dict[Any, str] = {}

    def url(endpoint: str, **values: Any) -> str:
        key = (endpoint, *sorted(values.items()))
        found = built.get(key)
        if found is None:
            if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
                values["lang"] = code
            anchor = values.pop("_anchor", None)
            found = adapter.build(endpoint, values) + (f"#{anchor}" if anchor else "")
            if len(built) < 20_000:
                built[key] = found
        return found

    return url
