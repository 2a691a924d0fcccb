"""The calculators: until when one may stay, and what it costs; what is typed is in the address and is not stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict
from urllib.parse import urlencode

from flask import Response, abort, request

from portal.content.document import Document
from portal.languages import formatting
from portal.permits.calculators.costs import Line, total
from portal.permits.calculators.reminder import MEDIA_TYPE, Reminder, reminder_file
from portal.permits.calculators.stay import Length, Plan, lengths_of, plan
from portal.permits.permit import Overstay, PermitFacts
from portal.permits.views import presenters
from portal.permits.views.blueprint import KIND, bp, permits_crumbs, published_version
from portal.permits.views.office_days import office_days
from portal.permits.views.presenters import Choice, FeeRow
from portal.timetable.holidays import Holiday
from portal.web.clock import request_clock
from portal.web.documents.listing import link_to
from portal.web.documents.page import published
from portal.web.forms.form import ErrorLink, error_links
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.navigation import Link, preview_words
from portal.web.pages import private, render, url

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
BOUNDS = {"extensions": (0, 10), "people": (1, 99), "late": (0, 3650)}
"""The least and the greatest number of each field; `late` are days."""
MOST_TYPED = 60


@dataclass
class CalculatorInput:
    """The parameters of a calculator: as typed, as values, and error messages by field."""

    typed: dict[str, str]
    permit: Document | None = None
    arrival: date | None = None
    length: Length | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_request(cls, names: Iterable[str]) -> CalculatorInput:
        """The named parameters of the request, each cut at MOST_TYPED characters."""
        return cls({name: request.args.get(name, "").strip()[:MOST_TYPED] for name in names})

    @property
    def summary(self) -> list[ErrorLink]:
        """The errors as the summary above the page lists them."""
        return error_links(self.errors)


class OverstayFacts(TypedDict):
    """What staying too long means: its fee, its first day, and the last day that can be settled by paying."""

    fee: FeeRow | None
    first_day: date
    limit_days: int
    limit: date
    basis: list[Link]
    link: Link


class StayResult(TypedDict):
    """The result of the calculator of stays; `day` formats a date with its weekday."""

    permit: Link
    plan: Plan
    procedure: Link | None
    holidays: tuple[Holiday, ...]
    holidays_known: bool
    working_days: str
    overstay: OverstayFacts | None
    calendar: str
    day: Callable[[date], str]


class CostRow(TypedDict):
    """A line of the calculator of costs; `amount` and `sum` are formatted."""

    line: Line
    name: str
    amount: str
    sum: str
    basis: list[Link]


@bp.get("/stay")
def stay() -> Response:
    """Until when may I stay, and when must I extend?"""
    entered = _stay_input()
    plan = _plan(entered)
    facts: PermitFacts | None = entered.permit.facts if entered.permit else None
    lengths = lengths_of(facts) if facts else ()
    choices: list[Choice] = [{"value": length.key, "label": _length_text(length)} for length in lengths]
    return render(
        "permits/stay.html",
        crumbs=permits_crumbs(),
        entered=entered,
        permits=_permit_choices(lambda facts: bool(lengths_of(facts))),
        lengths=choices if len(choices) > 1 else [],
        result=_stay_result(entered, plan) if plan else None,
        action=url("permits.stay"),
        robots="noindex" if request.args else None,
    )


@bp.get("/stay.ics")
def stay_calendar() -> Response:
    """The days of a stay as a calendar file with alarms; 400 where there is nothing to calculate."""
    entered = _stay_input()
    plan = _plan(entered)
    if plan is None or entered.permit is None or entered.length is None:
        abort(400)
    title = entered.permit.title(language())
    body = reminder_file(
        _reminders(plan, title),
        name=title,
        subject=f"{entered.permit.slug}:{entered.arrival}:{entered.length.key}",
        stamp=request_clock().now,
        language=language(),
    )
    response = Response(body, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{entered.permit.slug}.ics"'
    return private(response)


def _stay_input() -> CalculatorInput:
    entered = CalculatorInput.of_request(("permit", "arrival", "length"))
    if not any(entered.typed.values()):
        return entered
    entered.permit = _permit(entered)
    if entered.typed["arrival"]:
        entered.arrival = _arrival(entered)
    elif len(request.args) > 1:
        entered.errors["arrival"] = _("Enter the day on which you arrived or your permit begins.")
    lengths = lengths_of(entered.permit.facts) if entered.permit else ()
    entered.length = next((length for length in lengths if length.key == entered.typed["length"]), None)
    if entered.typed["length"] and lengths and not entered.length:
        entered.errors["length"] = _("Choose one of the lengths that this permit has.")
    if len(lengths) == 1:
        entered.length = lengths[0]
        entered.errors.pop("length", None)
    elif lengths and not entered.length and entered.arrival:
        entered.errors["length"] = _("Choose the length of your permit.")
    return entered


def _permit(entered: CalculatorInput) -> Document | None:
    version = published_version(entered.typed["permit"].lower())
    if version is None:
        entered.errors["permit"] = _("Choose a permit from the list.")
    return version


def _arrival(entered: CalculatorInput) -> date | None:
    typed = entered.typed["arrival"]
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        entered.errors["arrival"] = _("“%(typed)s” is no date. Enter day, month and year of your arrival.", typed=typed)
        return None
    if not EARLIEST <= day <= LATEST:
        entered.errors["arrival"] = _("Enter a year from 2000 to 2100.")
        return None
    return day


def _extension_procedure(facts: PermitFacts) -> Document | None:
    return published_version(facts.extension.procedure) if facts.extension.procedure else None


def _plan(entered: CalculatorInput) -> Plan | None:
    """The days of the stay; None while something is missing or wrong."""
    if entered.errors or not (entered.permit and entered.arrival and entered.length):
        return None
    facts: PermitFacts = entered.permit.facts
    procedure = _extension_procedure(facts)
    window = procedure.facts.window if procedure else None
    return plan(facts, entered.arrival, entered.length, window=window, is_working_day=office_days().is_working_day)


def _stay_result(entered: CalculatorInput, plan: Plan) -> StayResult:
    assert entered.permit is not None
    procedure = _extension_procedure(entered.permit.facts)
    days = office_days()
    application = plan.application
    first = (application.opens if application else None) or plan.arrival
    last = (application.closes_by_rule if application else None) or plan.last_day
    number = application.working_days if application else None
    parameters = {name: value for name, value in entered.typed.items() if value}
    return {
        "permit": link_to(entered.permit, detail=False),
        "plan": plan,
        "procedure": link_to(procedure, detail=False) if procedure else None,
        "holidays": days.between(first, last),
        "holidays_known": days.knows(last),
        "working_days": ngettext("%(num)d working day", "%(num)d working days", number) if number is not None else "",
        "overstay": _overstay(plan),
        "calendar": f"{url('permits.stay_calendar')}?{urlencode(parameters)}",
        "day": lambda day: formatting.day(day, language(), weekday=True),
    }


def _overstay_document() -> Document | None:
    """The page of the procedure that deals with staying too long."""
    return next((permit for permit in published(KIND) if permit.facts.overstay), None)


def _overstay(plan: Plan) -> OverstayFacts | None:
    document = _overstay_document()
    if document is None:
        return None
    rule: Overstay = document.facts.overstay
    return {
        "fee": next(iter(presenters.fee_rows([rule.fee])), None),
        "first_day": plan.overstay_from,
        "limit_days": rule.limit_days,
        "limit": plan.overstay_limit(rule.limit_days),
        "basis": presenters.law_links(rule.legal_basis, document.facts.articles),
        "link": link_to(document, detail=False),
    }


def _reminders(plan: Plan, title: str) -> list[Reminder]:
    note = preview_words()
    description = _("The date written on your permit decides.") + (f"\n{note}" if note else "")
    reminders = []
    application = plan.application
    if application and application.opens:
        summary = _("You can apply now: %(permit)s", permit=title)
        reminders.append(Reminder("opens", application.opens, summary, description))
    if application and application.closes:
        summary = _("Apply today at the latest: %(permit)s", permit=title)
        reminders.append(Reminder("closes", application.closes, summary, description, (7, 1, 0)))
    summary = _("Last legal day: %(permit)s", permit=title)
    reminders.append(Reminder("last", plan.last_day, summary, description, (14, 7, 1, 0)))
    return reminders


@bp.get("/cost")
def cost() -> Response:
    """What will it cost? A total only where every amount is confirmed by a source."""
    entered = CalculatorInput.of_request(("permit", "fee", "extensions", "people", "late"))
    if any(entered.typed.values()):
        entered.permit = _permit(entered)
    for name, (low, high) in BOUNDS.items():
        entered.numbers[name] = _number(entered, name, low, high)
    facts: PermitFacts | None = entered.permit.facts if entered.permit else None
    fees = presenters.fee_rows(facts.fees) if facts else []
    chosen = next((fee for fee in fees if fee["id"] == entered.typed["fee"]), fees[0] if len(fees) == 1 else None)
    if entered.typed["fee"] and facts and chosen is None:
        entered.errors["fee"] = _("Choose one of the amounts.")
    rows = _cost_rows(entered, chosen) if facts and not entered.errors and (chosen or not fees) else []
    amount = total([row["line"] for row in rows])
    choices = [{"value": fee["id"], "label": fee["name"], "help": fee["amount"]} for fee in fees]
    return render(
        "permits/cost.html",
        crumbs=permits_crumbs(),
        entered=entered,
        permits=_permit_choices(lambda _facts: True),
        fees=choices if len(choices) > 1 else [],
        rows=rows,
        total=formatting.money(amount, language()) if amount is not None else "",
        link=link_to(entered.permit, detail=False) if entered.permit else None,
        action=url("permits.cost"),
        robots="noindex" if request.args else None,
    )


def _number(entered: CalculatorInput, name: str, low: int, high: int) -> int:
    typed = entered.typed[name]
    if not typed:
        return low
    if not typed.isascii() or not typed.removeprefix("-").isdecimal() or not low <= int(typed) <= high:
        entered.errors[name] = _("Enter a whole number from %(low)d to %(high)d.", low=low, high=high)
        return low
    return int(typed)


def _cost_rows(entered: CalculatorInput, chosen: FeeRow | None) -> list[CostRow]:
    assert entered.permit is not None
    people, extensions, late_days = (entered.numbers[name] for name in ("people", "extensions", "late"))
    rows = [_cost_row(chosen or _unconfirmed_fee(entered.permit.title(language())), people)]
    if extensions:
        procedure = _extension_procedure(entered.permit.facts)
        fees = presenters.fee_rows(procedure.facts.fees) if procedure else []
        name = procedure.title(language()) if procedure else _("Extension")
        rows.append(_cost_row(fees[0] if len(fees) == 1 else _unconfirmed_fee(name), people * extensions))
    overstay = _overstay_document() if late_days else None
    if overstay:
        rows += [_cost_row(fee, people * late_days) for fee in presenters.fee_rows([overstay.facts.overstay.fee])]
    return rows


def _unconfirmed_fee(name: str) -> FeeRow:
    amount = _("not confirmed")
    return {"id": "", "name": name, "amount": amount, "number": None, "unit": "", "since": "", "basis": []}


def _cost_row(fee: FeeRow, times: int) -> CostRow:
    line = Line(fee["id"], times, fee["number"])
    unpriced = _("free") if line.sum == 0 else _("Ask the office")
    amount = formatting.money(line.sum, language()) if line.sum else unpriced
    return {"line": line, "name": fee["name"], "amount": fee["amount"], "sum": amount, "basis": fee["basis"]}


def _permit_choices(accepts: Callable[[PermitFacts], bool]) -> list[Choice]:
    permits = sorted(
        (permit for permit in published(KIND) if accepts(permit.facts)),
        key=lambda permit: (permit.facts.form == "procedure", permit.facts.code),
    )
    return [{"value": permit.slug, "label": permit.title(language())} for permit in permits]


def _length_text(length: Length) -> str:
    return presenters.years_text(length.years) if length.years else presenters.days_text(length.days)
