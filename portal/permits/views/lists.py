"""Pages of nationality lists with their history and downloads, and what applies to one passport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import msgspec
from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.languages import formatting
from portal.permits.countries import nationalities
from portal.permits.downloads import list_csv, list_data
from portal.permits.finder.evaluation import group_of
from portal.permits.nationality import NATIONALITY_LISTS, ListChange, NationalityList
from portal.permits.views import presenters
from portal.permits.views.blueprint import KIND, bp, countries, decision_table, permits_crumbs
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import published
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, preview_words
from portal.web.pages import catalogue, page_response, public, render, url


class ListRow(TypedDict):
    """A nationality list with the number of countries on it today."""

    label: str
    href: str
    detail: str
    count: int


class MemberRow(TypedDict):
    """A country on a list, with the day since when and the laws that put it there."""

    name: str
    href: str
    since: str
    basis: list[Link]


class ChangeRow(TypedDict):
    """A change of a list with the name of its country."""

    change: ListChange
    name: str


class MembershipRow(TypedDict):
    """Whether a country stands on a list; `since`, `read_on` and `coming` (the next change) are "" where unknown."""

    id: str
    label: str
    href: str
    stands: bool
    since: str
    read_on: str
    basis: list[Link]
    coming: str


def _lists() -> Mapping[str, NationalityList]:
    return catalogue().reference(NATIONALITY_LISTS.name)


def _list_or_404(id_: str) -> NationalityList:
    return _lists().get(id_) or abort(404)


@bp.get("/nationality-lists")
@public()
def nationality_lists() -> Response:
    """The lists by which a passport decides how one may enter."""
    today = request_clock().today()
    rows: list[ListRow] = [
        {
            "label": text_of(list_.name),
            "href": url("permits.nationality_list", id_=id_),
            "detail": text_of(list_.summary),
            "count": len(list_.countries_on(today)),
        }
        for id_, list_ in _lists().items()
    ]
    return render("permits/nationality_lists.html", crumbs=permits_crumbs(), rows=rows)


@bp.get("/nationality-lists/<id_>")
@public()
def nationality_list(id_: str) -> Response:
    """One list: who stands on it today, since when, by which rule, and how it changed."""
    list_ = _list_or_404(id_)
    today = request_clock().today()
    names = countries()
    changes: list[ChangeRow] = []
    for change in list_.changes():
        request_clock().reached(change.on)
        changes.append({"change": change, "name": names.name(change.country, language())})
    members = names.sorted_by_name(language(), list_.countries_on(today))
    return render(
        "permits/nationality_list.html",
        crumbs=permits_crumbs({"label": _("Nationality lists"), "href": url("permits.nationality_lists")}),
        id=id_,
        nationality_list=list_,
        title=text_of(list_.name),
        rows=[_member_row(code, name, list_) for code, name in members],
        changes=changes,
        basis=presenters.law_links(list_.legal_basis),
        sources=presenters.source_links(list_.sources),
        permits=[link_to(permit) for permit in published(KIND) if id_ in permit.facts.open_to],
        description=text_of(list_.summary),
    )


def _member_row(code: str, name: str, list_: NationalityList) -> MemberRow:
    membership = list_.membership_on(code, request_clock().today())
    since = membership.valid_from if membership else None
    return {
        "name": name,
        "href": url("permits.passport", code=code),
        "since": formatting.day(since, language()) if since else _("not known"),
        "basis": presenters.law_links(membership.legal_basis if membership else ()),
    }


@bp.get("/nationality-lists/<id_>.csv")
@public()
def nationality_list_csv(id_: str) -> Response:
    """The list with its whole history as a table for spreadsheets."""
    text = list_csv(_list_or_404(id_), countries(), catalogue().site.language_codes, note=preview_words())
    response = _download(text.encode("utf-8-sig"), "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{id_}.csv"'
    return response


@bp.get("/nationality-lists/<id_>.json")
@public()
def nationality_list_json(id_: str) -> Response:
    """The list with its whole history as data."""
    data = list_data(_list_or_404(id_), countries(), catalogue().site.language_codes, note=preview_words())
    return _download(msgspec.json.encode(data), "application/json")


def _download(body: bytes, media_type: str) -> Response:
    response = page_response(body, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get("/passports")
def passports() -> AnyResponse:
    """Choose a country to see what applies to its passport."""
    typed = request.args.get("country", "").strip()[:100]
    match = countries().match(typed) if typed else None
    if match and match.code:
        return redirect(url("permits.passport", code=match.code), 303)
    error = ""
    if match and match.is_shared:
        error = _("“%(typed)s” can be more than one country. Choose the one on your passport.", typed=typed)
    elif match:
        error = _("We know no country named “%(typed)s”. Write its name in English or Indonesian.", typed=typed)
    suggestions: list[Link] = [
        {"label": countries().name(code, language()), "href": url("permits.passport", code=code)}
        for code in (match.suggestions if match else ())
    ]
    return render(
        "permits/passports.html",
        crumbs=permits_crumbs(),
        typed=typed,
        error=error,
        suggestions=suggestions,
        choices=countries().sorted_by_name(language()),
    )


@bp.get("/passports/<code>")
@public()
def passport(code: str) -> AnyResponse:
    """What applies to the passport of one country today, and since when."""
    if code.upper() not in nationalities():
        abort(404)
    if code != code.upper():
        return redirect(url("permits.passport", code=code.upper()), 301)
    table = decision_table()
    name = countries().name(code, language())
    rows = [_membership_row(code, id_, list_) for id_, list_ in _lists().items()]
    accepted = {code, *(row["id"] for row in rows if row["stands"])}
    group = table.groups[group_of(code, table, request_clock().today())]
    return render(
        "permits/passport.html",
        crumbs=permits_crumbs({"label": _("Your passport"), "href": url("permits.passports")}),
        name=name,
        code=code,
        is_own=any(record.territory == code for record in catalogue().site.languages[:1]),
        group=text_of(group.name),
        rows=rows,
        permits=[link_to(permit) for permit in published(KIND) if not accepted.isdisjoint(permit.facts.open_to)],
        spellings=[spelling for spelling in countries().spellings(code) if spelling != name],
        description=_("What applies to the passport of %(country)s", country=name),
    )


def _membership_row(code: str, id_: str, list_: NationalityList) -> MembershipRow:
    today = request_clock().today()
    changes = [change.on for change in list_.changes() if change.country == code]
    for day in changes:
        request_clock().reached(day)
    membership = list_.membership_on(code, today)
    since = membership.valid_from if membership else None
    coming = min((day for day in changes if day > today), default=None)
    return {
        "id": id_,
        "label": text_of(list_.name),
        "href": url("permits.nationality_list", id_=id_),
        "stands": membership is not None,
        "since": formatting.day(since, language()) if since else "",
        "read_on": formatting.day(list_.read_on, language()) if list_.read_on else "",
        "basis": presenters.law_links(membership.legal_basis or list_.legal_basis if membership else ()),
        "coming": formatting.day(coming, language()) if coming else "",
    }
