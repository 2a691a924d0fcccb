"""The card of searches on the dashboard: their number by day, and frequent ones without an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

from portal.languages import formatting
from portal.search.engine.query.tiers import Tier
from portal.search.query_counts import FrequentQuery, counts_by_day, frequent_queries
from portal.web.clock import request_clock
from portal.web.documents.cards import Card
from portal.web.languages import gettext as _
from portal.web.languages import language, ngettext
from portal.web.pages import plain_catalogue
from portal.web.staff import staff_services
from portal.web.transactions import session

MOST_ROWS = 5
DAYS = 14


class DayCount(TypedDict):
    """The searches of a day: `value` all, `part` those without a result."""

    value: int
    part: int


class DayRow(DayCount):
    """The same with the formatted day."""

    day: str


class QueryRow(TypedDict):
    """A frequent query with its number of searches and its language."""

    query: str
    detail: str
    lang: str


class SearchesCard(TypedDict):
    """The variables of `search/staff_card.html`; `first` is the first day of the chart."""

    points: list[DayCount]
    sentence: str
    first: str
    table: list[DayRow]
    rows: list[QueryRow]
    may_write: bool
    csrf: str


def searches() -> Card | None:
    """The searches of two weeks by day, and the frequent ones with no result or no sure one; None without searches."""
    today = request_clock().now.date()
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    points = _points(days)
    total, empty = sum(point["value"] for point in points), sum(point["part"] for point in points)
    if not total:
        return None
    unanswered = [
        (frequent, code)
        for code in plain_catalogue().site.language_codes
        for frequent in frequent_queries(
            session(), since=days[0], language=code, tiers=(Tier.NOTHING, Tier.RELATED), most=MOST_ROWS
        )
    ]
    unanswered.sort(key=lambda pair: -pair[0].count)
    context: SearchesCard = {
        "points": points,
        "sentence": _("%(total)d searches in 14 days; %(empty)d found nothing.", total=total, empty=empty),
        "first": formatting.short_day(days[0], language(), year=False),
        "table": [
            {"day": formatting.short_day(day, language()), **point} for day, point in zip(days, points, strict=True)
        ],
        "rows": [_row(frequent, code) for frequent, code in unanswered[:MOST_ROWS]],
        "may_write": staff_services().may("write"),
        "csrf": staff_services().csrf_token(),
    }
    return Card("search/staff_card.html", context)


def _row(frequent: FrequentQuery, code: str) -> QueryRow:
    times = ngettext("%(num)d time in 14 days", "%(num)d times in 14 days", frequent.count)
    return {"query": frequent.query, "detail": times, "lang": code}


def _points(days: list[date]) -> list[DayCount]:
    counts = counts_by_day(session(), since=days[0])
    return [
        {
            "value": sum(counts.get((day, tier), 0) for tier in Tier),
            "part": counts.get((day, Tier.NOTHING), 0),
        }
        for day in days
    ]
