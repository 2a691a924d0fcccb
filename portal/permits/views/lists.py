"""Pages of nationality lists with their history and downloads, and what applies to one passport."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.content.document import LocalText
from portal.languages import formatting
from portal.permits.countries import iso_codes
from portal.permits.downloads import list_csv, list_data
from portal.permits.finder.evaluation import group_of
from portal.permits.nationality import NATIONALITY_LISTS, NationalityList
from portal.permits.views import words
from portal.permits.views.blueprint import KIND, bp, countries, crumbs, table
from portal.web.clock import request_clock
from portal.web.documents.embeds import text_of
from portal.web.documents.listing import link_to
from portal.web.documents.page import published
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link, preview_words
from portal.web.pages import absolute, catalogue, page_response, public, render, url


def _lists() -> dict[str, NationalityList]:
    return dict(catalogue().reference(NATIONALITY_LISTS.name))


def _crumb() -> Link:
    return {"label": _("Nationality lists"), "href": url("permits.nationality_lists")}


def _list(id_: str) -> NationalityList:
    list_ = _lists().get(id_)
    if list_ is None:
        abort(404)
    return list_


@bp.get("/nationality-lists")
@public()
def nationality_lists() -> Response:
    """The lists by which a passport decides how one may enter."""
    today = request_clock().today()
    rows = [
        {
            "label": text_of(one.name),
            "href": url("permits.nationality_list", id_=id_),
            "detail": text_of(one.summary),
            "count": len(one.countries_on(today)),
        }
        for id_, one in _lists().items()
    ]
    return render("permits/nationality_lists.html", crumbs=crumbs(), rows=rows)


@bp.get("/nationality-lists/<id_>")
@public()
def nationality_list(id_: str) -> Response:
    """One list: who stands on it today, since when, by which rule, and how it changed."""
    result = _list(id_)
    today = request_clock().today()
    names = countries()
    rows = [_member(code, name, result) for code, name in names.sorted_by_name(language(), result.countries_on(today))]
    changes: list[dict[str, Any]] = []
    for change in result.changes():
        request_clock().reached(change.on)
        changes.append({"change": change, "name": names.name(change.country, language()), "ahead": change.on > today})
    return render(
        "permits/nationality_list.html",
        crumbs=crumbs(_crumb()),
        id=id_,
        found=result,
        title=text_of(result.name),
        rows=rows,
        changes=changes,
        basis=words.laws(result.legal_basis),
        sources=words.sources(result.sources),
        permits=[link_to(one) for one in published(KIND) if id_ in one.facts.open_to],
        description=text_of(result.summary),
    )


def _member(code: str, name: str, list_: NationalityList) -> dict[str, Any]:
    membership = list_.membership_on(code, request_clock().today())
    since = membership.valid_from if membership else None
    return {
        "name": name,
        "href": url("permits.passport", code=code),
        "since": formatting.day(since, language()) if since else _("not known"),
        "basis": words.laws(membership.legal_basis if membership else ()),
    }


@bp.get("/nationality-lists/<id_>.csv")
@public()
def nationality_list_csv(id_: str) -> Response:
    """The list with its whole history as a table for spreadsheets."""
    text = list_csv(_list(id_), countries(), catalogue().site.language_codes, note=preview_words())
    return _download(text.encode("utf-8-sig"), "text/csv; charset=utf-8", f"{id_}.csv")


@bp.get("/nationality-lists/<id_>.json")
@public()
def nationality_list_json(id_: str) -> Response:
    """The list with its whole history as data."""
    data = list_data(_list(id_), countries(), catalogue().site.language_codes, note=preview_words())
    return _download(msgspec.json.encode(data), "application/json", "")


def _download(body: bytes, media_type: str, name: str) -> Response:
    response = page_response(body, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if name:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/passports")
def passports() -> AnyResponse:
    """Choose a country to see what applies to its passport."""
    typed = request.args.get("country", "").strip()[:100]
    match = countries().match(typed) if typed else None
    if match and match.code:
        return redirect(url("permits.passport", code=match.code), 303)
    error = ""
    if match:
        error = _("We know no country named “%(typed)s”. Write its name in English or Indonesian.", typed=typed)
    suggestions = [
        {"label": countries().name(code, language()), "href": url("permits.passport", code=code)}
        for code in (match.suggestions if match else ())
    ]
    return render(
        "permits/passports.html",
        crumbs=crumbs(),
        typed=typed,
        error=error,
        suggestions=suggestions,
        choices=countries().sorted_by_name(language()),
    )


@bp.get("/passports/<code>")
@public()
def passport(code: str) -> AnyResponse:
    """What applies to the passport of one country today, and since when."""
    if code.upper() not in iso_codes():
        abort(404)
    if code != code.upper():
        return redirect(url("permits.passport", code=code.upper()), 301)
    today = request_clock().today()
    rules = table()
    name = countries().name(code, language())
    rows = [_standing(code, id_, one) for id_, one in _lists().items()]
    on = {row["id"] for row in rows if row["stands"]}
    permits = [one for one in published(KIND) if one.facts.open_to and ({*on, code} & {*one.facts.open_to})]
    group: LocalText = rules.groups[group_of(code, rules, today)].name
    return render(
        "permits/passport.html",
        crumbs=crumbs({"label": _("Your passport"), "href": url("permits.passports")}),
        name=name,
        code=code,
        is_own=any(one.territory == code for one in catalogue().site.languages[:1]),
        group=text_of(group),
        rows=rows,
        permits=[link_to(one) for one in permits],
        spellings=[one for one in countries().spellings(code) if one != name],
        description=_("What applies to the passport of %(country)s", country=name),
        address=absolute(url("permits.passport", code=code)),
    )


def _standing(code: str, id_: str, list_: NationalityList) -> dict[str, Any]:
    today = request_clock().today()
    for change in list_.changes():
        if change.country == code:
            request_clock().reached(change.on)
    membership = list_.membership_on(code, today)
    since = membership.valid_from if membership else None
    coming = min((c.on for c in list_.changes() if c.country == code and c.on > today), default=None)
    return {
        "id": id_,
        "label": text_of(list_.name),
        "href": url("permits.nationality_list", id_=id_),
        "stands": membership is not None,
        "since": formatting.day(since, language()) if since else "",
        "read_on": formatting.day(list_.read_on, language()) if list_.read_on else "",
        "basis": words.laws(membership.legal_basis or list_.legal_basis if membership else ()),
        "coming": formatting.day(coming, language()) if coming else "",
    }
