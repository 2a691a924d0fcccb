"""Facts of a permit as text and links in the page's language: stay, extension, fees, legal basis, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NotRequired, TypedDict

from portal.content.document import Source
from portal.languages import formatting
from portal.permits.permit import PermitFacts
from portal.web.clock import request_clock
from portal.web.documents.embeds import fee_words, text_of
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.navigation import Link
from portal.web.pages import catalogue, url


class FeeRow(TypedDict):
    """A fee: `number` is the amount in rupiah, None where it is not confirmed; `since` the day from which it holds."""

    id: str
    name: str
    amount: str
    number: int | None
    unit: str
    since: str
    basis: list[Link]


class Choice(TypedDict):
    """A choice of a form, as `components/option.html` takes it."""

    value: str
    label: str
    help: NotRequired[str]


class FactRow(TypedDict):
    """A row of the summary box: a label, its value and a detail, which may be ""."""

    label: str
    value: str
    detail: str


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


def days_text(number: int) -> str:
    """A number of days with its unit."""
    return ngettext("%(num)d day", "%(num)d days", number)


def years_text(number: int) -> str:
    """A number of years with its unit."""
    return ngettext("%(num)d year", "%(num)d years", number)


def joined_with_or(items: Sequence[str]) -> str:
    """The items with commas, and "or" before the last."""
    if len(items) < 2:
        return "".join(items)
    return _("%(first)s or %(last)s", first=", ".join(items[:-1]), last=items[-1])


def stay_length(facts: PermitFacts) -> tuple[str, str]:
    """How long one may stay, and a detail such as "not confirmed"."""
    stay = facts.stay
    if stay.no_limit:
        return _("No time limit"), ""
    if stay.years:
        return joined_with_or([years_text(number) for number in stay.years]), ""
    if stay.first_days:
        first = joined_with_or([days_text(number) for number in stay.first_days])
        longest = stay.maximum_days or 0
        detail = _("up to %(days)s in all", days=days_text(longest)) if longest > max(stay.first_days) else ""
        return first, detail
    if stay.maximum_days:
        return _("up to %(days)s", days=days_text(stay.maximum_days)), ""
    if facts.form == "procedure":
        return "", ""
    return _("Ask the office"), _("not confirmed")


def extension_text(facts: PermitFacts) -> tuple[str, str]:
    """Whether the stay can be extended, and a detail: the longest stay in all, or "not confirmed"."""
    extension = facts.extension
    if extension.possible == "no":
        return _("Not possible"), ""
    if extension.possible == "unknown":
        return ("", "") if facts.form == "procedure" else (_("Ask the office"), _("not confirmed"))
    detail = ""
    if extension.maximum_years:
        years = joined_with_or([years_text(number) for number in extension.maximum_years])
        detail = _("up to %(years)s in all", years=years)
    elif facts.stay.maximum_days:
        detail = _("up to %(days)s in all", days=days_text(facts.stay.maximum_days))
    if extension.times == 1 and extension.days:
        return _("Once, by %(days)s", days=days_text(extension.days)), detail
    if extension.days:
        return _("By %(days)s at a time", days=days_text(extension.days)), detail
    return _("Possible"), detail


def conversion_text(facts: PermitFacts) -> str:
    """Whether the permit can become a limited stay permit; "" for limited stay permits and procedures."""
    if facts.form in ("limited-stay", "procedure"):
        return ""
    return {"yes": _("Possible"), "no": _("Not possible"), "unknown": _("not confirmed")}[facts.convertible]


def guarantor_text(facts: PermitFacts) -> str:
    """Who guarantees, where the page has no words of its own; "" for procedures and where it is not known."""
    if facts.form == "procedure":
        return ""
    return {"yes": needed_guarantor_text(), "no": _("Not required"), "unknown": ""}[facts.guarantor]


def needed_guarantor_text() -> str:
    """Who guarantees, where a guarantor is needed."""
    return _("A person or organisation in Indonesia")


def fee_rows(ids: Iterable[str]) -> list[FeeRow]:
    """The fees of these ids with the amounts that hold today; unknown ids are left out."""
    fees = catalogue().reference("fees")
    rows: list[FeeRow] = []
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
                "basis": law_links(current.legal_basis) if current else [],
            }
        )
    return rows


def fee_summary(rows: Sequence[FeeRow]) -> tuple[str, str]:
    """The fees in one line: the amount and its unit, the range of several, or a referral to the office."""
    numbers = [row["number"] for row in rows if row["number"] is not None]
    if not rows or len(numbers) < len(rows):
        return _("Ask the office"), _("the amount is not confirmed")
    if len(rows) == 1:
        return rows[0]["amount"], rows[0]["unit"]
    low, high = (formatting.money(amount, language()) for amount in (min(numbers), max(numbers)))
    return _("%(low)s to %(high)s", low=low, high=high), _("by length; see below")


def law_links(ids: Iterable[str], articles: Mapping[str, str] | None = None) -> list[Link]:
    """Laws as links; `articles` gives the relevant article by law id. Unknown ids are left out."""
    laws = catalogue().reference("laws")
    links: list[Link] = []
    for id_ in ids:
        law = laws.get(id_)
        if law is None:
            continue
        label, article = law.number, (articles or {}).get(id_)
        if article:
            label = _("%(law)s, article %(number)s", law=law.number, number=article)
        links.append({"label": label, "href": url("office.laws", _anchor=id_), "detail": text_of(law.title)})
    return links


def source_links(sources: Iterable[Source]) -> list[Link]:
    """Sources as links, one per address, with the day of reading as detail."""
    links: dict[str, Link] = {}
    for source in sources:
        label = source.url.removeprefix("https://").removeprefix("http://").rstrip("/")
        detail = source.date if source.date != "undated" else _("without a date")
        links.setdefault(source.url, {"label": label, "href": source.url, "detail": detail})
    return list(links.values())
