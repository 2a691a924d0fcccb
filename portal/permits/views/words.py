"""Facts of permits in words: lengths of stay, extensions, fees, rules with their articles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.languages import formatting
from portal.permits.permit import KINDS, PermitFacts
from portal.web.clock import request_clock
from portal.web.documents.embeds import fee_words, text_of
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.navigation import Link
from portal.web.pages import catalogue, url


def kind_name(kind: str) -> str:
    """The name of a family of permits."""
    return {
        "visa-free": _("Visa-free entry"),
        "on-arrival": _("Visas on arrival"),
        "visit-single": _("Visit visas for one entry"),
        "visit-multiple": _("Visit visas for several entries"),
        "limited-stay": _("Limited stay permits"),
        "procedure": _("Procedures"),
    }[kind]


def kinds() -> Sequence[str]:
    """The families in the order in which they are listed."""
    return KINDS


def days(number: int) -> str:
    """A number of days."""
    return ngettext("%(num)d day", "%(num)d days", number)


def years(number: int) -> str:
    """A number of years."""
    return ngettext("%(num)d year", "%(num)d years", number)


def joined(items: Sequence[str]) -> str:
    """The items with commas, and "or" before the last."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s or %(last)s", first=", ".join(items[:-1]), last=items[-1])


def length(facts: PermitFacts) -> tuple[str, str]:
    """How long one may stay, and a detail; says that it is not confirmed when that is so."""
    stay = facts.stay
    if stay.no_limit:
        return _("No time limit"), ""
    if stay.years:
        return joined([years(number) for number in stay.years]), ""
    if stay.first_days:
        first = joined([days(number) for number in stay.first_days])
        longest = stay.maximum_days or 0
        detail = _("up to %(days)s in all", days=days(longest)) if longest > max(stay.first_days) else ""
        return first, detail
    if stay.maximum_days:
        return _("up to %(days)s", days=days(stay.maximum_days)), ""
    if facts.form == "procedure":
        return "", ""
    return _("Ask the office"), _("not confirmed")


def extending(facts: PermitFacts) -> tuple[str, str]:
    """Whether the stay can be made longer, and how far."""
    extension = facts.extension
    if extension.possible == "no":
        return _("Not possible"), ""
    if extension.possible == "unknown":
        return ("", "") if facts.form == "procedure" else (_("Ask the office"), _("not confirmed"))
    detail = ""
    if extension.maximum_years:
        detail = _("up to %(years)s in all", years=joined([years(number) for number in extension.maximum_years]))
    elif facts.stay.maximum_days:
        detail = _("up to %(days)s in all", days=days(facts.stay.maximum_days))
    if extension.times == 1 and extension.days:
        return _("Once, by %(days)s", days=days(extension.days)), detail
    if extension.days:
        return _("By %(days)s at a time", days=days(extension.days)), detail
    return _("Possible"), detail


def converting(facts: PermitFacts) -> str:
    """Whether the permit can become a limited stay permit here; nothing where that is no question."""
    if facts.form in ("limited-stay", "procedure"):
        return ""
    return {"yes": _("Possible"), "no": _("Not possible"), "unknown": _("not confirmed")}[facts.convertible]


def fee_rows(ids: Iterable[str]) -> list[dict[str, Any]]:
    """The fees with name, amount that holds today, unit, first day and rules."""
    fees = catalogue().reference("fees")
    rows = []
    for id_ in ids:
        fee = fees.get(id_)
        if fee is None:
            continue
        view = request_clock().view_of(fee.values)
        current = view.current
        rows.append(
            {
                "id": id_,
                "name": text_of(fee.name),
                "amount": fee_words(view, language()),
                "number": current.value if current and isinstance(current.value, int) else None,
                "unit": text_of(fee.unit) if fee.unit else "",
                "since": formatting.day(current.valid_from, language()) if current and current.valid_from else "",
                "basis": laws(current.legal_basis) if current else [],
                "note": text_of(fee.note) if fee.note else "",
            }
        )
    return rows


def fee_summary(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """One line for the fees: the amount, the span of several, or that one has to ask."""
    numbers = [row["number"] for row in rows if row["number"] is not None]
    if not rows or len(numbers) < len(rows):
        return _("Ask the office"), _("the amount is not confirmed")
    if len(rows) == 1:
        return str(rows[0]["amount"]), str(rows[0]["unit"])
    low, high = (formatting.money(amount, language()) for amount in (min(numbers), max(numbers)))
    return _("%(low)s to %(high)s", low=low, high=high), _("by length; see below")


def laws(ids: Iterable[str], articles: Mapping[str, str] | None = None) -> list[Link]:
    """Rules as links, with the articles that matter here."""
    known = catalogue().reference("laws")
    links: list[Link] = []
    for id_ in ids:
        law = known.get(id_)
        if law is None:
            continue
        article = (articles or {}).get(id_)
        words = f"{law.number}, {_('article %(number)s', number=article)}" if article else law.number
        links.append({"label": words, "href": url("office.laws", _anchor=id_), "detail": text_of(law.title)})
    return links


def sources(items: Iterable[Any]) -> list[Link]:
    """Sources as links, the day of reading as detail."""
    links: dict[str, Link] = {}
    for item in items:
        shown = item.url.removeprefix("https://").removeprefix("http://").rstrip("/")
        dated = item.date if item.date != "undated" else _("without a date")
        links.setdefault(item.url, {"label": shown, "href": item.url, "detail": dated})
    return list(links.values())
