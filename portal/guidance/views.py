"""The pages of guides: all of them by topic and audience, each one in parts, and the whole on one page for print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import Document
from portal.guidance.guide import BOX
from portal.guidance.parts import Parts
from portal.web.addresses import document_path
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.as_of import PARAMETER, asked
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import by_topic
from portal.web.documents.page import DocumentPage, page_of, published, published_or_404
from portal.web.documents.qr_codes import code_of
from portal.web.languages import gettext as _
from portal.web.navigation import Link, home_crumb, preview_words
from portal.web.pages import absolute, catalogue, public, render, url
from portal.web.syndication import feeds

bp = Blueprint("guidance", __name__)
KIND = "guidance"
# Values of the summary box up to this length stand beside each other.
SHORT = 44


def label() -> str:
    """The word of the main navigation."""
    return _("Guides")


@bp.get("/")
@public(query=("audience",))
def index() -> Response:
    """All guides by topic, or those for one audience."""
    guides = published(KIND)
    chosen = request.args.get("audience", "")
    audiences = catalogue().reference("audiences")
    if chosen not in {id_ for guide in guides for id_ in guide.facts.audience}:
        chosen = ""
    listed = [guide for guide in guides if not chosen or chosen in guide.facts.audience]
    crumbs = [home_crumb()]
    title = label()
    return render(
        "guidance/index.html",
        groups=by_topic(listed),
        audiences=_audience_chips(guides, chosen),
        audience=text_of(audiences[chosen].name) if chosen else None,
        crumbs=crumbs,
        feed=url("guidance.feed"),
        canonical=absolute(url("guidance.index")),
        structured=structured_data.graph(structured_data.breadcrumbs(crumbs, title, url("guidance.index"))),
    )


def _audience_chips(guides: list[Document], chosen: str) -> list[dict[str, Any]]:
    here = url("guidance.index")
    chips: list[dict[str, Any]] = [{"label": _("Everyone"), "href": here, "current": not chosen, "count": len(guides)}]
    for id_, audience in catalogue().reference("audiences").items():
        count = sum(id_ in guide.facts.audience for guide in guides)
        if count:
            name = text_of(audience.name)
            chips.append({"label": name, "href": f"{here}?audience={id_}", "current": id_ == chosen, "count": count})
    return chips


@bp.get("/<slug>")
@public(query=(PARAMETER,))
def show(slug: str) -> Response:
    """A guide: its summary box, what comes first, and the first part."""
    page = page_of(published_or_404(KIND, slug))
    parts = Parts.of(page.wording.body)
    return _guide(page, parts, 0 if parts.parts else None, is_first=True)


@bp.get("/<slug>/<part>")
@public(query=(PARAMETER,))
def part(slug: str, part: str) -> AnyResponse:
    """One part of a guide; the first one stands on the guide's own page."""
    page = page_of(published_or_404(KIND, slug))
    parts = Parts.of(page.wording.body)
    found = parts.index(part)
    if found is None:
        abort(404)
    if found == 0:
        return redirect(page.href, 301)
    return _guide(page, parts, found, is_first=False)


@bp.get("/<slug>/print")
@public()
def print_all(slug: str) -> Response:
    """Every part on one page, with its address and the day on which it was printed."""
    page = page_of(published_or_404(KIND, slug))
    context = {**page.layout_context(), "robots": "noindex"}
    return render(
        "guidance/print.html",
        **context,
        box=box(page),
        address=absolute(page.href),
        code=code_of(absolute(page.href)),
        today=request_clock().today(),
        crumbs=[*_crumbs(), {"label": page.title, "href": page.href}],
    )


@bp.get("/atom.xml")
@public()
def feed() -> Response:
    """Changes of guides."""
    title = _("%(office)s: changes of guides", office=text_of(catalogue().site.short_name))
    entries = feeds.changes_of([KIND])
    return feeds.atom(title, path=url("guidance.feed"), page=url("guidance.index"), entries=entries)


def _crumbs() -> list[Link]:
    return [home_crumb(), {"label": label(), "href": url("guidance.index")}]


def _guide(page: DocumentPage, parts: Parts, current: int | None, *, is_first: bool) -> Response:
    asked()
    crumbs = _crumbs() + page.topics[:1]
    contents = [
        {"label": one.heading, "href": _href(page, number, one.id), "current": number == current}
        for number, one in enumerate(parts.parts)
    ]
    part_ = parts.parts[current] if current is not None else None
    frame = page.layout_context()
    if not is_first and part_:
        own_path = document_path(KIND, page.document.slug, code=page.wording.language, part=part_.id)
        frame["canonical"] = absolute(own_path)
        frame["description"] = f"{part_.heading}: {page.summary}" if page.summary else part_.heading
    service = structured_data.service(page) if is_first and not page.withdrawal else []
    return render(
        "guidance/show.html",
        **frame,
        is_first=is_first,
        introduction=parts.introduction if is_first else (),
        part=part_,
        number=(current or 0) + 1,
        contents=contents if len(contents) > 1 else [],
        previous=contents[current - 1] if current else None,
        next=contents[current + 1] if current is not None and current + 1 < len(contents) else None,
        box=box(page) if is_first else [],
        share=share_text(page),
        print_href=url("guidance.print_all", slug=page.document.slug),
        crumbs=crumbs,
        structured=structured_data.graph(*service, structured_data.breadcrumbs(crumbs, page.title, page.href)),
    )


def _href(page: DocumentPage, number: int, id_: str) -> str:
    query = page.as_of.query if page.as_of else ""
    return (f"{page.href}/{id_}" if number else page.href) + query


def box_labels() -> dict[str, str]:
    """The labels of the summary box by key."""
    return {
        "who": _("Who"),
        "cost": _("Cost"),
        "time": _("Time"),
        "how": _("How"),
        "where": _("Where"),
        "bring": _("Bring"),
    }


def box(page: DocumentPage) -> list[dict[str, Any]]:
    """The rows of the summary box that this guide fills; long values span it, short ones stand in pairs."""
    labels = box_labels()
    rows: list[dict[str, Any]] = [
        {"label": labels[key], "value": page.inline[key]} for key in BOX if key in page.inline
    ]
    pair: dict[str, Any] | None = None
    for row in rows:
        row["full"] = len(row["value"].striptags()) > SHORT
        if row["full"] and pair:
            pair["full"] = True
        pair = None if row["full"] or pair else row
    if pair:
        pair["full"] = True
    return rows


def share_text(page: DocumentPage) -> str:
    """The guide in a few lines for a chat: what it is, the box, the address, and that a preview is no office's word."""
    labels = box_labels()
    lines = [page.title, page.summary]
    lines += [f"{labels[key]}: {page.inline[key].striptags()}" for key in BOX if key in page.inline]
    lines += [page.checked, absolute(page.href), preview_words()]
    return "\n".join(line for line in lines if line)
