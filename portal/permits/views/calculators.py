"""The calculators: until when one may stay, and what it costs; answers stand in the address and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, request

from portal.content.document import Document
from portal.languages import formatting
from portal.permits.calculators.costs import Line, total
from portal.permits.calculators.reminder import MEDIA_TYPE, Reminder, reminder_file
from portal.permits.calculators.stay import Length, Plan, lengths_of, plan
from portal.permits.permit import PermitFacts, Window
from portal.permits.views import words
from portal.permits.views.blueprint import KIND, bp, crumbs, version_of
from portal.permits.views.office_days import office_days
from portal.web.clock import request_clock
from portal.web.documents.listing import link_to
from portal.web.documents.page import published
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.navigation import preview_words
from portal.web.pages import private, render, url

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MOST_PEOPLE, MOST_EXTENSIONS, MOST_LATE = 99, 10, 3650


@dataclass
class Asked:
    """What was typed into a calculator, the permit it names, and what is wrong with it."""

    typed: dict[str, str]
    permit: Document | None = None
    arrival: date | None = None
    length: Length | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors as the summary above the page lists them."""
        return [{"message": item, "href": f"#field-{name}"} for name, item in self.errors.items()]


@bp.get("/stay")
def stay() -> Response:
    """Until when may I stay, and when must I extend?"""
    asked = _stay_asked()
    result = _plan(asked) if not asked.errors and asked.permit and asked.arrival and asked.length else None
    facts = asked.permit.facts if asked.permit else None
    lengths = lengths_of(facts) if facts else ()
    return render(
        "permits/stay.html",
        crumbs=crumbs(),
        asked=asked,
        permits=_choices(lambda facts: bool(lengths_of(facts))),
        lengths=[{"value": one.key, "label": _length_name(one)} for one in lengths] if len(lengths) > 1 else [],
        result=_stay_words(asked, result) if result else None,
        action=url("permits.stay"),
        robots="noindex" if request.args else None,
    )


@bp.get("/stay.ics")
def stay_calendar() -> Response:
    """The days of a stay as a calendar file with alarms."""
    asked = _stay_asked()
    if asked.errors or not (asked.permit and asked.arrival and asked.length):
        abort(400)
    result = _plan(asked)
    title = asked.permit.title(language())
    body = reminder_file(
        _reminders(result, title),
        name=title,
        subject=f"{asked.permit.slug}:{asked.arrival}:{asked.length.key}",
        stamp=request_clock().now,
        language=language(),
    )
    response = Response(body, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.permit.slug}.ics"'
    return private(response)


def _stay_asked() -> Asked:
    asked = Asked({name: request.args.get(name, "").strip()[:60] for name in ("permit", "arrival", "length")})
    if not any(asked.typed.values()):
        return asked
    asked.permit = _permit(asked)
    if asked.typed["arrival"]:
        asked.arrival = _date(asked)
    elif len(request.args) > 1:
        asked.errors["arrival"] = _("Enter the day on which you arrived or your permit begins.")
    lengths = lengths_of(asked.permit.facts) if asked.permit else ()
    asked.length = next((one for one in lengths if one.key == asked.typed["length"]), None)
    if asked.typed["length"] and lengths and not asked.length:
        asked.errors["length"] = _("Choose one of the lengths that this permit has.")
    if len(lengths) == 1:
        asked.length = lengths[0]
        asked.errors.pop("length", None)
    elif lengths and not asked.length and asked.arrival:
        asked.errors["length"] = _("Choose the length of your permit.")
    return asked


def _permit(asked: Asked) -> Document | None:
    typed = asked.typed["permit"]
    version = version_of(typed.lower())
    if version is None:
        asked.errors["permit"] = _("Choose a permit from the list.")
    return version


def _date(asked: Asked) -> date | None:
    typed = asked.typed["arrival"]
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        asked.errors["arrival"] = _("“%(typed)s” is no date. Enter day, month and year of your arrival.", typed=typed)
        return None
    if not EARLIEST <= day <= LATEST:
        asked.errors["arrival"] = _("Enter a year from 2000 to 2100.")
        return None
    return day


def _window(facts: PermitFacts) -> tuple[Document | None, Window | None]:
    procedure = version_of(facts.extension.procedure) if facts.extension.procedure else None
    return procedure, procedure.facts.window if procedure else None


def _plan(asked: Asked) -> Plan:
    assert asked.permit and asked.arrival and asked.length
    facts: PermitFacts = asked.permit.facts
    _document, window = _window(facts)
    days = office_days()
    return plan(facts, asked.arrival, asked.length, window=window, is_working_day=days.is_working_day)


def _stay_words(asked: Asked, result: Plan) -> dict[str, Any]:
    assert asked.permit is not None
    facts: PermitFacts = asked.permit.facts
    procedure, _rule = _window(facts)
    days = office_days()
    application = result.application
    first = (application.opens if application else None) or result.arrival
    last = (application.closes_by_rule if application else None) or result.last_day
    kept = {name: value for name, value in asked.typed.items() if value}
    return {
        "permit": link_to(asked.permit, detail=False),
        "plan": result,
        "procedure": link_to(procedure, detail=False) if procedure else None,
        "holidays": days.between(first, last),
        "holidays_known": days.knows(last),
        "working_days": ngettext("%(num)d working day", "%(num)d working days", application.working_days)
        if application and application.working_days is not None
        else "",
        "overstay": _overstay(result),
        "calendar": f"{url('permits.stay_calendar')}?{urlencode(kept)}",
        "day": lambda value: formatting.day(value, language(), weekday=True),
    }


def _overstay(result: Plan) -> dict[str, Any] | None:
    document = next((one for one in published(KIND) if one.facts.overstay), None)
    if document is None:
        return None
    rule = document.facts.overstay
    return {
        "fee": next(iter(words.fee_rows([rule.fee])), None),
        "from": result.overstay_from,
        "limit_days": rule.limit_days,
        "limit": result.overstay_limit(rule.limit_days),
        "basis": words.laws(rule.legal_basis, document.facts.articles),
        "link": link_to(document, detail=False),
    }


def _reminders(result: Plan, title: str) -> list[Reminder]:
    note = preview_words()
    decides = _("The date written on your permit decides.") + (f"\n{note}" if note else "")
    items = []
    application = result.application
    if application and application.opens:
        items.append(Reminder("opens", application.opens, _("You can apply now: %(permit)s", permit=title), decides))
    if application and application.closes:
        words_ = _("Apply today at the latest: %(permit)s", permit=title)
        items.append(Reminder("closes", application.closes, words_, decides, (7, 1, 0)))
    ending = _("Last legal day: %(permit)s", permit=title)
    items.append(Reminder("last", result.last_day, ending, decides, (14, 7, 1, 0)))
    return items


@bp.get("/cost")
def cost() -> Response:
    """What will it cost? A total only where every amount is confirmed by a source."""
    asked = Asked({n: request.args.get(n, "").strip()[:60] for n in ("permit", "fee", "extensions", "people", "late")})
    if any(asked.typed.values()):
        asked.permit = _permit(asked)
    bounds = {"extensions": (0, MOST_EXTENSIONS), "people": (1, MOST_PEOPLE), "late": (0, MOST_LATE)}
    for name, (low, high) in bounds.items():
        asked.numbers[name] = _number(asked, name, low, high=high)
    facts: PermitFacts | None = asked.permit.facts if asked.permit else None
    fees = words.fee_rows(facts.fees) if facts else []
    chosen = next((row for row in fees if row["id"] == asked.typed["fee"]), fees[0] if len(fees) == 1 else None)
    if asked.typed["fee"] and facts and chosen is None:
        asked.errors["fee"] = _("Choose one of the amounts.")
    rows = _cost_rows(asked, chosen) if facts and not asked.errors and (chosen or not fees) else []
    summed = total([row["line"] for row in rows])
    return render(
        "permits/cost.html",
        crumbs=crumbs(),
        asked=asked,
        permits=_choices(lambda _facts: True),
        fees=[{"value": row["id"], "label": row["name"], "help": row["amount"]} for row in fees]
        if len(fees) > 1
        else [],
        rows=rows,
        total=formatting.money(summed, language()) if summed is not None else "",
        link=link_to(asked.permit, detail=False) if asked.permit else None,
        action=url("permits.cost"),
        robots="noindex" if request.args else None,
    )


def _number(asked: Asked, name: str, low: int, *, high: int) -> int:
    typed = asked.typed[name]
    if not typed:
        return low
    if not typed.isascii() or not typed.removeprefix("-").isdecimal() or not low <= int(typed) <= high:
        asked.errors[name] = _("Enter a whole number from %(low)d to %(high)d.", low=low, high=high)
        return low
    return int(typed)


def _cost_rows(asked: Asked, chosen: dict[str, Any] | None) -> list[dict[str, Any]]:
    assert asked.permit is not None
    people, extensions, late = (asked.numbers[name] for name in ("people", "extensions", "late"))
    unnamed: dict[str, Any] = {
        "id": "",
        "name": asked.permit.title(language()),
        "amount": _("not confirmed"),
        "number": None,
        "basis": [],
    }
    rows = [_cost_row(chosen or unnamed, people)]
    if extensions:
        procedure, _rule = _window(asked.permit.facts)
        fees = words.fee_rows(procedure.facts.fees) if procedure else []
        other = {**unnamed, "name": procedure.title(language()) if procedure else _("Extension")}
        rows.append(_cost_row(fees[0] if len(fees) == 1 else other, people * extensions))
    if late:
        rows += _late_rows(people * late)
    return rows


def _late_rows(times: int) -> list[dict[str, Any]]:
    document = next((one for one in published(KIND) if one.facts.overstay), None)
    return [_cost_row(row, times) for row in words.fee_rows([document.facts.overstay.fee])] if document else []


def _cost_row(fee: dict[str, Any], times: int) -> dict[str, Any]:
    line = Line(fee["id"], times, fee["number"])
    summed = (
        formatting.money(line.sum, language()) if line.sum else (_("free") if line.sum == 0 else _("Ask the office"))
    )
    return {"line": line, "name": fee["name"], "amount": fee["amount"], "sum": summed, "basis": fee["basis"]}


def _choices(wanted: Any) -> list[dict[str, str]]:
    results = sorted(
        (one for one in published(KIND) if wanted(one.facts)),
        key=lambda one: (one.facts.form == "procedure", one.facts.code),
    )
    return [{"value": one.slug, "label": one.title(language())} for one in results]


def _length_name(length: Length) -> str:
    return words.years(length.years) if length.years else words.days(length.days)
