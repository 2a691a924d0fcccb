"""A stay that is longer than the first days of its permit: days, dates and cost with the extensions it takes."""

from __future__ import annotations

from datetime import date

from portal.languages import formatting
from portal.permits.calculators.costs import Line, total
from portal.permits.calculators.stay import ExtendedStay, application_of, extended_stay
from portal.permits.finder.interview import Interview
from portal.permits.permit import PermitFacts
from portal.permits.views import presenters
from portal.permits.views.blueprint import published_version
from portal.permits.views.office_days import office_days
from portal.permits.views.presenters import FactRow, FeeRow
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext


def longer_stay_rows(facts: PermitFacts, fees: list[FeeRow], state: Interview, arrival: date) -> list[FactRow]:
    """What a stay of the days answered takes, for an arrival on `arrival`; empty where it needs no extension."""
    days = state.situation.stay
    stay = extended_stay(facts, arrival, days) if isinstance(days, int) else None
    if stay is None:
        return []
    first = (stay.first_last - arrival).days + 1
    rows: list[tuple[str, str, str]] = [
        (
            _("Days in all"),
            presenters.days_text(stay.total_days),
            _("%(first)d and %(number)s", first=first, number=_extensions_text(stay.extensions)),
        ),
        (_("First stay ends"), _day(stay.first_last), ""),
        *_application_row(facts, stay, arrival),
        (_("Extended until"), _day(stay.last), ""),
        (_("Your day %(number)d", number=days), _day(stay.leaves), ""),
    ]
    if amount := _amount(facts, fees, stay):
        rows.append((_("Cost in all"), amount, _("visa and %(number)s", number=_extensions_text(stay.extensions))))
    return [{"label": label, "value": value, "detail": detail} for label, value, detail in rows]


def _extensions_text(number: int) -> str:
    return ngettext("%(num)d extension", "%(num)d extensions", number)


def _application_row(facts: PermitFacts, stay: ExtendedStay, arrival: date) -> list[tuple[str, str, str]]:
    """The first day on which the first extension can be asked for, where it is known."""
    procedure = published_version(facts.extension.procedure) if facts.extension.procedure else None
    window = procedure.facts.window if procedure else None
    if window is None:
        return []
    days = application_of(window, stay.first_last, first=arrival, is_working_day=office_days().is_working_day)
    return [(_("Ask for the extension from"), _day(days.opens), "")] if days.opens else []


def _amount(facts: PermitFacts, fees: list[FeeRow], stay: ExtendedStay) -> str:
    """The whole cost; "" unless the visa and the extension have one confirmed amount each."""
    procedure = published_version(facts.extension.procedure) if facts.extension.procedure else None
    more = presenters.fee_rows(procedure.facts.fees) if procedure else []
    if len(fees) != 1 or len(more) != 1:
        return ""
    amount = total([Line(fees[0]["id"], 1, fees[0]["number"]), Line(more[0]["id"], stay.extensions, more[0]["number"])])
    return formatting.money(amount, language()) if amount is not None else ""


def _day(day: date) -> str:
    return formatting.day(day, language(), weekday=True)
