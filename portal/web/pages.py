"""From a view to a response: the request's catalogue, one template environment per language, `render`.

`render` and `page_response` give a `PageResponse`, which carries its `RenderedPage` to the page cache: what it read
(`catalogue()` notes it), until when it is right (`request_clock()` notes it), which live facts it shows (`live_tag`).
The cache stores it when its view is `public` and the response is not `private`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, current_app, g
from markupsafe import Markup

from portal.content.catalogue import Catalogue
from portal.content.markdown.body import Segment
from portal.page_cache.query import QueryDeclaration
from portal.page_cache.rendered_page import RenderedPage, ResponseCapture
from portal.page_cache.tracking import TrackedCatalogue
from portal.web.addresses import absolute, key_path, url, url_builder
from portal.web.clock import request_clock
from portal.web.documents import embeds
from portal.web.languages import language
from portal.web.rendering import assets
from portal.web.rendering.environments import LanguageEnvironment
from portal.web.state import portal

View = TypeVar("View", bound=Callable[..., Any])
NO_QUERY: QueryDeclaration = MappingProxyType({})
# The names that entry points import from here; addresses are made in `addresses`.
__all__ = [
    "PageResponse",
    "absolute",
    "body_html",
    "catalogue",
    "embed_context",
    "environment",
    "fee_text",
    "live_tag",
    "page_context",
    "page_response",
    "plain_catalogue",
    "private",
    "public",
    "render",
    "template_globals",
    "url",
]


class PageResponse(Response):
    """A response that hands its RenderedPage to the page cache, unless `is_shared` is False."""

    page: RenderedPage
    is_shared = True

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.is_shared and isinstance(start_response, ResponseCapture):
            start_response.page = self.page
        return super().__call__(environ, start_response)


def public(*, query: QueryDeclaration = NO_QUERY) -> Callable[[View], View]:
    """Mark a view whose page is the same for everyone: kept by the page cache under path and these parameters.

    Each parameter is declared with the way in which its values are read; unknown values are absent. Whatever else a
    request carries (cookies, other parameters, any header) never reaches such a view.
    """

    def mark(view: View) -> View:
        view.page_query = query  # type: ignore[attr-defined]
        return view

    return mark


def catalogue() -> TrackedCatalogue:
    """The catalogue of this request, the same from its first question to its last."""
    tracked_catalogue: TrackedCatalogue | None = g.get("catalogue")
    if tracked_catalogue is None:
        tracked_catalogue = g.catalogue = TrackedCatalogue(portal().live.current())
    return tracked_catalogue


def plain_catalogue() -> Catalogue:
    """The catalogue of this request without the record of what was read from it, for pages that no cache keeps."""
    return catalogue().plain


def live_tag(tag: str) -> None:
    """Say, before asking the database, that this page shows a live fact (such as seats) under `tag`."""
    g.setdefault("live_tags", {}).setdefault(tag, portal().generations.of(tag))


def render(template: str, *, tags: Iterable[str] = (), status: int = 200, **context: Any) -> PageResponse:
    """A page in the request's language; `tags` name what it shows beside what it asked of the catalogue."""
    html = environment(language()).get_template(template).render({**page_context(), **context})
    response = page_response(html.encode(), content_type="text/html; charset=utf-8", tags=tags, status=status)
    response.headers["Content-Language"] = language()
    return response


def page_response(body: bytes, *, content_type: str, tags: Iterable[str] = (), status: int = 200) -> PageResponse:
    """A finished body as a response that the page cache may store; everything it shows has been asked before."""
    response = PageResponse(body, status=status, content_type=content_type)
    response.page = RenderedPage(
        body=body,
        catalogue=catalogue().plain,
        tags=frozenset({*catalogue().tags, *tags}),
        valid_until=request_clock().valid_until,
        live=dict(g.get("live_tags", {})),
        style_hashes=tuple(g.get("style_hashes", ())),
        script_hashes=tuple(g.get("script_hashes", ())),
    )
    return response


def private(response: Response) -> Response:
    """The response marked as meant for one person only: stored nowhere."""
    if isinstance(response, PageResponse):
        response.is_shared = False
    response.headers["Cache-Control"] = "private, no-store"
    return response


def page_context() -> dict[str, Any]:
    """What every template may use besides its own context."""
    return {"catalogue": catalogue(), **portal().layout_context()}


def environment(code: str) -> LanguageEnvironment:
    """The template environment of that language, made once."""
    made: dict[str, LanguageEnvironment] = current_app.extensions.setdefault("portal.environments", {})
    if code not in made:
        made[code] = LanguageEnvironment(
            code, reload=bool(current_app.config.get("RELOAD")), globals_=template_globals(current_app, code)
        )
    return made[code]


def embed_context() -> embeds.EmbedContext:
    """What embeds of this request's texts are filled with."""
    code = language()

    def macro(template: str, name: str, *arguments: Any) -> Markup:
        module = environment(code).get_template(template).module
        return Markup(getattr(module, name)(*arguments))  # noqa: S704 - the environment escapes

    return embeds.EmbedContext(catalogue(), request_clock(), code, url_builder(current_app, code), key_path, macro)


def body_html(segments: Iterable[Segment]) -> Markup:
    """The HTML of a text with every embed filled for this request's language and time."""
    return embeds.fill(segments, embed_context())


def fee_text(id_: str) -> str:
    """A fee as plain text: the amount that holds today, with what changes around a date; "" for an unknown fee."""
    return embeds.fee_text(id_, embed_context())


def template_globals(app: Flask, code: str) -> dict[str, Any]:
    """The functions that templates of one language may call."""
    return {
        "url": url_builder(app, code),
        "inline_css": assets.inline_css,
        "inline_js": assets.inline_js,
        "asset": assets.asset,
        "body_html": body_html,
        "fee_text": fee_text,
        **portal().template_globals,
    }
