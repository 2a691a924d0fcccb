"""The pages of guides: all of them by topic and audience, each one in parts, and the whole on one page for print."""

from __future__ import annotations

from typing import TypedDict

from flask import Blueprint, Response, abort, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import Document
from portal.guidance.guide import BOX, GUIDE
from portal.guidance.parts import GuideParts
from portal.page_cache.query import record_of
from portal.web.addresses import document_path
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.as_of import AS_OF, requested_as_of
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import by_topic
from portal.web.documents.page import DocumentPage, page_of, published, published_or_404
from portal.web.documents.qr_codes import qr_code
from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb, preview_words
from portal.web.pages import absolute, catalogue, public, render, url
from portal.web.syndication import feeds

bp = Blueprint("guidance", __name__)
# Values of the summary box up to this length stand beside each other.
SHORT = 44


class BoxRow(TypedDict):
    """A row of the summary box; a `full` one spans both columns."""

    label: str
    value: Markup
    full: bool


@bp.get("/")
@public(query={"audience": record_of("audiences")})
def index() -> Response:
    """All guides by topic, or those for one audience."""
    guides = published(GUIDE.kind)
    chosen = request.args.get("audience", "")
    audiences = catalogue().reference("audiences")
    if chosen not in {id_ for guide in guides for id_ in guide.facts.audience}:
        chosen = ""
    listed = [guide for guide in guides if not chosen or chosen in guide.facts.audience]
    return render(
        "guidance/index.html",
        groups=by_topic(listed),
        audiences=_audience_chips(guides, chosen),
        audience=text_of(audiences[chosen].name) if chosen else None,
        feed=url("guidance.feed"),
        canonical=absolute(url("guidance.index")),
        **structured_data.trail(_(GUIDE.plural), url("guidance.index")),
    )


class Chip(TypedDict):
    """A filter of the list, with the number of guides that it leaves."""

    label: str
    href: str
    current: bool
    count: int


def _audience_chips(guides: list[Document], chosen: str) -> list[Chip]:
    index_href = url("guidance.index")
    chips: list[Chip] = [{"label": _("Everyone"), "href": index_href, "current": not chosen, "count": len(guides)}]
    for id_, audience in catalogue().reference("audiences").items():
        count = sum(id_ in guide.facts.audience for guide in guides)
        if count:
            href = f"{index_href}?audience={id_}"
            chips.append({"label": text_of(audience.name), "href": href, "current": id_ == chosen, "count": count})
    return chips


@bp.get("/<slug>")
@public(query=AS_OF)
def show(slug: str) -> Response:
    """A guide: its summary box, what comes first, and the first part."""
    page = page_of(published_or_404(GUIDE.kind, slug))
    guide = GuideParts.of(page.document_text.body)
    return _render_part(page, guide, 0 if guide.parts else None)


@bp.get("/<slug>/<part>")
@public(query=AS_OF)
def part(slug: str, part: str) -> AnyResponse:
    """One part of a guide; the first one stands on the guide's own page."""
    page = page_of(published_or_404(GUIDE.kind, slug))
    guide = GuideParts.of(page.document_text.body)
    number = guide.index(part)
    if number is None:
        abort(404)
    if number == 0:
        return redirect(page.href, 301)
    return _render_part(page, guide, number)


@bp.get("/<slug>/print")
@public()
def print_all(slug: str) -> Response:
    """Every part on one page, with its address and the day on which it was printed."""
    page = page_of(published_or_404(GUIDE.kind, slug))
    return render(
        "guidance/print.html",
        **page.layout_context() | {"robots": "noindex"},
        box=_box(page),
        address=absolute(page.href),
        code=qr_code(absolute(page.href)),
        today=request_clock().today(),
        crumbs=[home_crumb(), _index_crumb(), {"label": page.title, "href": page.href}],
    )


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """Changes of guides."""
    title = _("%(office)s: changes of guides", office=text_of(catalogue().site.short_name))
    entries = feeds.changes_of([GUIDE.kind])
    return feeds.atom(title, path=url("guidance.feed"), page=url("guidance.index"), entries=entries)


def _index_crumb() -> Link:
    return {"label": _(GUIDE.plural), "href": url("guidance.index")}


def _render_part(page: DocumentPage, guide: GuideParts, current: int | None) -> Response:
    """The page of the part with that number from 0; None for a guide without parts."""
    requested_as_of()
    contents = [
        {"label": part.heading, "href": _part_href(page, number, part.id), "current": number == current}
        for number, part in enumerate(guide.parts)
    ]
    is_first = not current
    shown_part = guide.parts[current] if current is not None else None
    context = page.layout_context()
    if not is_first and shown_part:
        heading = shown_part.heading
        own_path = document_path(GUIDE.kind, page.document.slug, code=page.document_text.language, part=shown_part.id)
        context["canonical"] = absolute(own_path)
        context["description"] = f"{heading}: {page.summary}" if page.summary else heading
    service = structured_data.service(page) if is_first and not page.withdrawal else []
    return render(
        "guidance/show.html",
        **context,
        is_first=is_first,
        introduction=guide.introduction if is_first else (),
        part=shown_part,
        number=(current or 0) + 1,
        contents=contents if len(contents) > 1 else [],
        previous=contents[current - 1] if current else None,
        next=contents[current + 1] if current is not None and current + 1 < len(contents) else None,
        box=_box(page) if is_first else [],
        share=_share_text(page),
        print_href=url("guidance.print_all", slug=page.document.slug),
        **structured_data.trail(page.title, page.href, _index_crumb(), *page.topics[:1], described=service),
    )


def _part_href(page: DocumentPage, number: int, id_: str) -> str:
    query = page.as_of.query if page.as_of else ""
    return (f"{page.href}/{id_}" if number else page.href) + query


def _box_labels() -> dict[str, str]:
    """The labels of the summary box by key."""
    return {
        "who": _("Who"),
        "cost": _("Cost"),
        "time": _("Time"),
        "how": _("How"),
        "where": _("Where"),
        "bring": _("Bring"),
    }


def _box(page: DocumentPage) -> list[BoxRow]:
    """The rows of the summary box that this guide fills; long values span it, short ones stand in pairs."""
    labels, inline = _box_labels(), page.inline
    rows: list[BoxRow] = [
        {"label": labels[key], "value": inline[key], "full": len(inline[key].striptags()) > SHORT}
        for key in BOX
        if key in inline
    ]
    pair: BoxRow | None = None
    for row in rows:
        if row["full"] and pair:
            pair["full"] = True
        pair = None if row["full"] or pair else row
    if pair:
        pair["full"] = True
    return rows


def _share_text(page: DocumentPage) -> str:
    """The guide in a few lines for a chat: what it is, the box, the address, and that a preview is no office's word."""
    labels = _box_labels()
    lines = [page.title, page.summary]
    lines += [f"{labels[key]}: {page.inline[key].striptags()}" for key in BOX if key in page.inline]
    lines += [*filter(None, [page.checked]), absolute(page.href), preview_words()]
    return "\n".join(line for line in lines if line)
