"""The list of fees: the common ones first, the others by topic, of today or of another day, and two days compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypedDict

from flask import Response, request

from portal.content.reference import DatedValue, Fee, on_day
from portal.languages import formatting
from portal.office.fees import history, topics_of_fees
from portal.office.views.blueprint import bp
from portal.office.views.reference import lasting_documents, law_links
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.documents.as_of import AS_OF, AsOf, canonical_day, period_of, requested_as_of
from portal.web.documents.embeds import fee_words, text_of
from portal.web.documents.page import sources_words
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import Link
from portal.web.pages import catalogue, public, render, url

COMPARED = "with"
# In this notation because the template reads `from`, a keyword.
PastFee = TypedDict("PastFee", {"amount": str, "from": str, "to": str, "basis": list[Link]})


class FeeRow(TypedDict):
    """A fee with the value of the day; `since` is empty around a change, whose words name the day themselves.

    `other` is the amount of the day with which the reader compares, "" where there is none.
    """

    id: str
    name: str
    unit: str
    note: str
    amount: str
    other: str
    is_settled: bool
    since: str
    basis: list[Link]
    history: list[PastFee]


class FeeGroup(TypedDict):
    """The fees of one topic."""

    id: str
    title: str
    fees: list[FeeRow]


@bp.get("/fees")
@public(query={**AS_OF, COMPARED: canonical_day})
def fees() -> Response:
    """Every fee with the value of today or of another day, what is announced, and what held before."""
    as_of, records = requested_as_of(), catalogue().reference("fees")
    other = period_of(request.args[COMPARED]) if request.args.get(COMPARED) else None
    other_day = other.day if other else None
    rows = {id_: _row(id_, fee, other_day) for id_, fee in records.items()}
    differing = [row for row in rows.values() if other_day and row["other"] != row["amount"]]
    comparable = [row for row in differing if _("not known") not in (row["amount"], row["other"])]
    return render(
        "office/fees.html",
        common=[rows[id_] for id_, fee in records.items() if fee.common],
        groups=_groups(rows),
        differing=comparable,
        unheld=len(differing) - len(comparable),
        as_of=as_of,
        days=(_days(as_of), _days(other)) if other_day else None,
        other=other_day,
        today=request_clock().today(),
        robots="noindex" if as_of or other else None,
        sources=sources_words(language()),
        **structured_data.trail(_("Fees"), url("office.fees")),
    )


def _days(period: AsOf | None) -> str:
    """The head of a column: the days on which its amounts hold, or today."""
    if period is None or period.day is None or period.until is None:
        return formatting.short_day(request_clock().today(), language())
    days = (formatting.short_day(day, language()) for day in (period.day, period.until))
    return " – ".join(dict.fromkeys(days))


def _groups(rows: dict[str, FeeRow]) -> list[FeeGroup]:
    """The fees under the topics in their order; those of no topic come last."""
    topics = catalogue().reference("topics")
    grouped = topics_of_fees(rows, lasting_documents())
    groups: list[FeeGroup] = [
        {"id": id_, "title": text_of(topics[id_].name), "fees": [rows[fee_id] for fee_id in grouped[id_]]}
        for id_ in topics
        if id_ in grouped
    ]
    known = {row["id"] for group in groups for row in group["fees"]}
    rest = [row for id_, row in rows.items() if id_ not in known]
    if rest:
        groups.append({"id": "other", "title": _("Other fees") if groups else _("Fees"), "fees": rest})
    return groups


def _row(id_: str, fee: Fee, other: date | None) -> FeeRow:
    view = request_clock().view_of(fee.values)
    since = view.current.valid_from if view.current and view.current.is_known else None
    # Words around a change of value name its day themselves.
    is_settled = not view.upcoming and not view.recent
    newest = view.upcoming or view.current
    return {
        "id": id_,
        "name": text_of(fee.name),
        "unit": text_of(fee.unit),
        "note": text_of(fee.note),
        "amount": _amount_on(fee.values, request_clock().values_day or request_clock().today())
        if other
        else fee_words(view, language()),
        "other": _amount_on(fee.values, other) if other else "",
        "is_settled": is_settled,
        "since": formatting.short_day(since, language()) if since and is_settled else "",
        "basis": law_links(newest.legal_basis if newest else ()),
        "history": [_past(value) for value in history(fee.values)],
    }


def _amount_on(values: Iterable[DatedValue], day: date) -> str:
    """The amount of that day alone, without what comes before and after it."""
    return fee_words(replace(on_day(tuple(values), day), upcoming=None, recent=None), language())


def _past(value: DatedValue) -> PastFee:
    code = language()
    return {
        "amount": formatting.money(int(value.value), code) if value.value else _("free"),
        "from": formatting.short_day(value.valid_from, code) if value.valid_from else "",
        "to": formatting.short_day(value.valid_to, code) if value.valid_to else "",
        "basis": law_links(value.legal_basis),
    }
