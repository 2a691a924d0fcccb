"""Pages of permits: the room's front page, lists by code and purpose, each permit, and what became of old codes."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import Document
from portal.permits.codes import CodeBook
from portal.permits.permit import PermitFacts
from portal.permits.views import words
from portal.permits.views.blueprint import KIND, bp, crumbs, label, table, version_of
from portal.web.documents import structured_data
from portal.web.documents.as_of import PARAMETER, requested_as_of
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import DocumentPage, page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.navigation import Link, document_link
from portal.web.pages import catalogue, public, render, url


@bp.get("/")
@public()
def index() -> Response:
    """The front page: the finder first, then ways to look a permit up."""
    return render(
        "permits/index.html",
        crumbs=crumbs()[:1],
        purposes=_purpose_groups(),
        lists=_list_links(),
        structured=structured_data.graph(structured_data.breadcrumbs(crumbs()[:1], label(), url("permits.index"))),
    )


@bp.get("/codes")
@public()
def codes() -> Response:
    """Every permit by its code, family by family."""
    permits = published(KIND)
    groups = [
        {
            "id": kind,
            "title": words.kind_name(kind),
            "rows": [_row(one) for one in sorted(permits, key=_by_code) if one.facts.form == kind],
        }
        for kind in words.kinds()
    ]
    return render("permits/codes.html", crumbs=crumbs(), groups=groups)


@bp.get("/purposes")
@public()
def purposes() -> Response:
    """Permits by what people want to do."""
    return render("permits/purposes.html", crumbs=crumbs(), groups=_purpose_groups(with_permits=True))


@bp.get("/old-codes")
@public()
def old_codes() -> Response:
    """Names that are no longer valid, with the permits to read about instead."""
    book = CodeBook(published(KIND))
    rows = [(code, [link_to(one) for one in book.successors(code)]) for code in book.old_codes()]
    return render("permits/old_codes.html", crumbs=crumbs(), rows=rows)


@bp.get("/<slug>")
@public(query=(PARAMETER,))
def show(slug: str) -> AnyResponse:
    """One permit; another spelling of its code leads here, an old code to what followed it."""
    if catalogue().get(KIND, slug) is None:
        return redirect(_elsewhere(slug), 301)
    page = page_of(published_or_404(KIND, slug))
    requested_as_of()
    facts: PermitFacts = page.document.facts
    own = crumbs({"label": words.kind_name(facts.form), "href": url("permits.codes") + f"#{facts.form}"})
    fees = words.fee_rows(facts.fees)
    return render(
        "permits/show.html",
        **page.layout_context(),
        crumbs=own,
        box=box(page, fees),
        fees=fees,
        basis=words.laws(facts.legal_basis, facts.articles),
        sources=words.sources(facts.sources),
        next_steps=_links(facts.next),
        variants=[link_to(one, detail=False) for one in published(KIND) if one.facts.variant_of == slug],
        parent=document_link(f"{KIND}/{facts.variant_of}") if facts.variant_of else None,
        lists=[link for link in _list_links() if link["id"] in facts.open_to],
        calculable=bool(facts.stay.first_days or facts.stay.years),
        structured=structured_data.graph(structured_data.breadcrumbs(own, page.title, page.href)),
    )


def box(page: DocumentPage, fees: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The summary of a permit: what people ask first."""
    facts: PermitFacts = page.document.facts
    lines: list[tuple[str, tuple[str, str]]] = [
        (_("Length of stay"), words.length(facts)),
        (_("Fee"), words.fee_summary(fees)),
        (_("Extension"), words.extending(facts)),
        (_("Change to a limited stay permit"), (words.converting(facts), "")),
        (_("Guarantor"), (page.words.guarantor, "")),
        (_("Where to apply"), (page.words.where, "")),
    ]
    return [{"label": name, "value": value, "detail": detail} for name, (value, detail) in lines if value]


def _elsewhere(slug: str) -> str:
    book = CodeBook(published(KIND))
    known = book.find(slug)
    if known is not None:
        return url("permits.show", slug=known.slug)
    successors = book.successors(slug)
    if not successors:
        abort(404)
    if len(successors) == 1:
        return url("permits.show", slug=successors[0].slug)
    return url("permits.old_codes", _anchor=slug.lower())


def _links(slugs: tuple[str, ...]) -> list[Link]:
    return [link_to(version) for slug in slugs if (version := version_of(slug))]


def _by_code(document: Document) -> tuple[str, int, str]:
    code: str = document.facts.code
    digits = "".join(char for char in code if char.isdigit())
    return code[:1], int(digits or 0), code


def _row(document: Document) -> dict[str, Any]:
    facts: PermitFacts = document.facts
    stay, detail = words.length(facts)
    return {"code": facts.code, "link": link_to(document), "stay": stay, "detail": detail}


def _purpose_groups(*, with_permits: bool = False) -> list[dict[str, Any]]:
    question = table().questions["purpose"]
    permits = sorted(published(KIND), key=_by_code) if with_permits else []
    groups = []
    for id_, group in question.groups.items():
        options = [
            {
                "id": key,
                "title": text_of(option.label),
                "links": [link_to(one, detail=False) for one in permits if key in one.facts.purposes],
            }
            for key, option in question.options.items()
            if option.group == id_
        ]
        groups.append({"id": id_, "title": text_of(group.label), "help": text_of(group.help), "options": options})
    return groups


def _list_links() -> list[dict[str, Any]]:
    reference = catalogue().reference("nationality-lists")
    return [
        {"id": id_, "label": text_of(one.name), "href": url("permits.nationality_list", id_=id_)}
        for id_, one in reference.items()
    ]
