"""Pages of permits: the index, lists by code and purpose, each permit, and what became of old codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from flask import Response, abort, redirect
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import Document
from portal.permits.code_index import CodeIndex
from portal.permits.finder.table import Effect
from portal.permits.nationality import NATIONALITY_LISTS
from portal.permits.permit import KINDS, PermitFacts
from portal.permits.views import presenters, shared_lines
from portal.permits.views.blueprint import KIND, bp, decision_table, permits_crumbs, published_version
from portal.permits.views.presenters import FactRow, FeeRow
from portal.web.documents import structured_data
from portal.web.documents.as_of import AS_OF, requested_as_of
from portal.web.documents.embeds import linked, text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import DocumentPage, page_of, published, published_or_404
from portal.web.languages import gettext as _
from portal.web.navigation import Link, document_link
from portal.web.pages import catalogue, embed_context, public, render, url


class CodeRow(TypedDict):
    """A permit in the list by code: its link, and how long one may stay with a detail."""

    link: Link
    stay: str
    detail: str


class CodeGroup(TypedDict):
    """The permits of one family."""

    id: str
    title: str
    rows: list[CodeRow]


class PurposeOption(TypedDict):
    """A purpose of stay with the permits for it."""

    title: str
    links: list[Link]


class PurposeGroup(TypedDict):
    """Purposes that belong together."""

    id: str
    title: str
    help: str
    options: list[PurposeOption]


@bp.get("/")
@public()
def index() -> Response:
    """The front page: the finder first, then ways to look a permit up."""
    return render(
        "permits/index.html",
        purposes=_purpose_groups(),
        lists=list(_list_links().values()),
        **structured_data.trail(_("Permits"), url("permits.index")),
    )


@bp.get("/codes")
@public()
def codes() -> Response:
    """Every permit by its code, family by family."""
    permits = sorted(published(KIND), key=_code_order)
    groups: list[CodeGroup] = [
        {
            "id": kind,
            "title": presenters.kind_name(kind),
            "rows": [_code_row(permit) for permit in permits if permit.facts.form == kind],
        }
        for kind in KINDS
    ]
    return render("permits/codes.html", crumbs=permits_crumbs(), groups=groups)


@bp.get("/purposes")
@public()
def purposes() -> Response:
    """Permits by what people want to do."""
    return render("permits/purposes.html", crumbs=permits_crumbs(), groups=_purpose_groups(with_permits=True))


@bp.get("/old-codes")
@public()
def old_codes() -> Response:
    """Codes that are no longer valid, with the permits to read about instead."""
    codes = CodeIndex(published(KIND))
    rows = [(code, [link_to(permit) for permit in codes.successors(code)]) for code in codes.old_codes()]
    return render("permits/old_codes.html", crumbs=permits_crumbs(), rows=rows)


@bp.get("/<slug>")
@public(query=AS_OF)
def show(slug: str) -> AnyResponse:
    """One permit; another spelling of its code redirects here, an old code to its successor."""
    if catalogue().get(KIND, slug) is None:
        return redirect(_address_of_code(slug), 301)
    page = page_of(published_or_404(KIND, slug))
    requested_as_of()
    facts: PermitFacts = page.document.facts
    family: Link = {"label": presenters.kind_name(facts.form), "href": url("permits.codes", _anchor=facts.form)}
    crumbs = permits_crumbs(family)
    fees = presenters.fee_rows(facts.fees)
    return render(
        "permits/show.html",
        **page.layout_context(),
        crumbs=crumbs,
        box=summary_rows(page, fees),
        fees=fees,
        may_not=shared_lines.may_not_lines(page),
        documents=shared_lines.document_lines(page),
        steps=shared_lines.route_steps(facts),
        basis=presenters.law_links(page.basis_ids, facts.articles),
        sources=presenters.source_links(facts.sources),
        next_steps=[link_to(version) for step in facts.next if (version := published_version(step))],
        variants=[link_to(permit, detail=False) for permit in published(KIND) if permit.facts.variant_of == slug],
        parent=document_link(f"{KIND}/{facts.variant_of}") if facts.variant_of else None,
        lists=[link for id_, link in _list_links().items() if id_ in facts.open_to],
        calculable=is_calculable(facts),
        structured=structured_data.graph(structured_data.breadcrumbs(crumbs, page.title, page.href)),
    )


def is_calculable(facts: PermitFacts) -> bool:
    """Whether the calculator of stays can work with this permit."""
    return bool(facts.stay.first_days or facts.stay.years)


def summary_rows(page: DocumentPage, fees: list[FeeRow], effects: Sequence[Effect] = ()) -> list[FactRow]:
    """The summary box of a permit, as the effects of a reader's case change it; facts without a value are left out."""
    facts: PermitFacts = page.document.facts
    extension, detail = presenters.extension_text(facts)
    if facts.extension.possible != "no":
        detail = "; ".join([detail] * bool(detail) + [text_of(e.extension) for e in effects if e.extension])
    guarantor = page.words.guarantor or presenters.guarantor_text(facts)
    place = page.words.where or shared_lines.route_place(facts)
    if facts.guarantor != "yes" and any(effect.guarantor for effect in effects):
        guarantor = presenters.needed_guarantor_text()
        place = next((text for e in effects if (text := shared_lines.place_of(e.route))), place)
    rows: list[tuple[str, tuple[str, str]]] = [
        (_("Length of stay"), presenters.stay_length(facts)),
        (_("Fee"), presenters.fee_summary(fees)),
        (_("Extension"), (extension, detail)),
        (_("Change to a limited stay permit"), (presenters.conversion_text(facts), "")),
        (_("Guarantor"), (guarantor, "")),
        (_("Where to apply"), (linked(place, embed_context()), "")),
    ]
    return [{"label": label, "value": value, "detail": detail} for label, (value, detail) in rows if value]


def _address_of_code(code: str) -> str:
    codes = CodeIndex(published(KIND))
    permit = codes.find(code)
    if permit is not None:
        return url("permits.show", slug=permit.slug)
    successors = codes.successors(code)
    if not successors:
        abort(404)
    if len(successors) == 1:
        return url("permits.show", slug=successors[0].slug)
    return url("permits.old_codes", _anchor=code.lower())


def _code_order(document: Document) -> tuple[str, int, str]:
    """The order of codes: by their letter, then by number."""
    code: str = document.facts.code
    digits = "".join(char for char in code if char.isdigit())
    return code[:1], int(digits or 0), code


def _code_row(document: Document) -> CodeRow:
    stay, detail = presenters.stay_length(document.facts)
    return {"link": link_to(document), "stay": stay, "detail": detail}


def _purpose_groups(*, with_permits: bool = False) -> list[PurposeGroup]:
    question = decision_table().questions["purpose"]
    permits = sorted(published(KIND), key=_code_order) if with_permits else []
    groups: list[PurposeGroup] = []
    for id_, group in question.groups.items():
        options: list[PurposeOption] = [
            {
                "title": text_of(option.label),
                "links": [link_to(permit, detail=False) for permit in permits if key in permit.facts.purposes],
            }
            for key, option in question.options.items()
            if option.group == id_
        ]
        groups.append({"id": id_, "title": text_of(group.label), "help": text_of(group.help), "options": options})
    return groups


def _list_links() -> dict[str, Link]:
    """Links to the nationality lists, by id."""
    return {
        id_: {"label": text_of(list_.name), "href": url("permits.nationality_list", id_=id_)}
        for id_, list_ in catalogue().reference(NATIONALITY_LISTS.name).items()
    }
