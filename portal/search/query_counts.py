"""Counts of queries per day, language and tier, without what could identify a person.

The counts of a process are collected in memory and written to the table from time to time (`wiring.write_counts`).
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from portal.database import insert_into, writing
from portal.search.engine.query.tiers import Tier
from portal.search.models import LONGEST_KEPT, SearchCount

LEAST_SHOWN = 3
"""A query is shown to staff only from this count on, so that staff do not read what one person typed."""

_RARE_KEPT = timedelta(days=30)
_KEPT = timedelta(days=400)
_MOST_UNWRITTEN = 500
_REMOVED = "…"
_PERSONAL = re.compile(
    r"""
      \S*@\S*                                 # an e-mail address
    | \b[a-z]{1,2}[\s-]?\d{6,8}\w*           # a passport number
    | \S*\d(?:[\s().+-]*\d){4,}\S*           # a telephone number, one of an identity or family card, any long one
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AMOUNT = re.compile(r"^\d{1,3}(?:\.\d{3}){1,2}$|^\d{1,3}0{3,6}$")


def redacted(text: str) -> str:
    """The query as it may be stored: in lower case, without addresses and personal numbers, at most 100 characters."""
    plain = _PERSONAL.sub(_keep_amount, " ".join(text.lower().split()))
    return plain[:LONGEST_KEPT].strip()


def _keep_amount(match: re.Match[str]) -> str:
    return match[0] if _AMOUNT.match(match[0].strip()) else _REMOVED


@dataclass(frozen=True)
class FrequentQuery:
    """A query with the number of times that it was asked in a period."""

    query: str
    count: int


class QueryCounter:
    """Counts searches in memory, at most 500 different ones, until they are written or the process ends."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._lock = threading.Lock()
        self._counts: Counter[tuple[date, str, str, str]] = Counter()

    def count(self, text: str, *, language: str, tier: Tier, day: date) -> None:
        """Count one search; a text of which nothing may be stored is not counted."""
        query = redacted(text)
        if query.strip(f"{_REMOVED} "):
            with self._lock:
                if len(self._counts) < _MOST_UNWRITTEN:
                    self._counts[day, language, query, tier.value] += 1

    def write(self, sessions: sessionmaker[Session]) -> int:
        """Write the counts and return the number of rows; on an error they are kept."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return 0
        try:
            with sessions() as session, writing(session):
                for (day, language, query, tier), count in counts.items():
                    _add(session, day=day, language=language, query=query, tier=tier, count=count)
        except BaseException:
            with self._lock:
                self._counts.update(counts)
            raise
        return len(counts)


def _add(session: Session, *, day: date, language: str, query: str, tier: str, count: int) -> None:
    row = insert_into(session, SearchCount).values(day=day, language=language, query=query, tier=tier, count=count)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["day", "language", "query", "tier"], set_={"count": SearchCount.count + count}
        )
    )


def frequent_queries(
    session: Session, *, since: date, language: str, tiers: Iterable[Tier] = tuple(Tier), most: int = 50
) -> list[FrequentQuery]:
    """The most frequent queries of a language since a day with these tiers, of at least LEAST_SHOWN searches.

    `tiers=[Tier.NOTHING]` are those without a result, `[Tier.RELATED]` those answered without confidence.
    """
    total = func.sum(SearchCount.count)
    rows = session.execute(
        select(SearchCount.query, total)
        .where(SearchCount.day >= since, SearchCount.language == language)
        .where(SearchCount.tier.in_([tier.value for tier in tiers]))
        .group_by(SearchCount.query)
        .having(total >= LEAST_SHOWN)
        .order_by(total.desc(), SearchCount.query)
        .limit(most)
    )
    return [FrequentQuery(query, int(count)) for query, count in rows]


def counts_by_day(session: Session, *, since: date) -> dict[tuple[date, Tier], int]:
    """How many searches had which outcome on each day since that one; days and outcomes without any are left out."""
    total = func.sum(SearchCount.count)
    rows = session.execute(
        select(SearchCount.day, SearchCount.tier, total)
        .where(SearchCount.day >= since)
        .group_by(SearchCount.day, SearchCount.tier)
    )
    return {(day, Tier(tier)): int(count) for day, tier, count in rows}


def forget_rare_queries(session: Session, *, today: date) -> int:
    """Delete queries of more than 30 days ago that are too rare to be shown, and all of more than 400 days ago.

    Returns the number of rows deleted.
    """
    with writing(session):
        common = (
            select(SearchCount.query)
            .where(SearchCount.day >= today - _KEPT)
            .group_by(SearchCount.query)
            .having(func.sum(SearchCount.count) >= LEAST_SHOWN)
        )
        stale = (SearchCount.day < today - _KEPT) | (
            (SearchCount.day < today - _RARE_KEPT) & SearchCount.query.not_in(common)
        )
        ids = list(session.scalars(select(SearchCount.id).where(stale)))
        session.execute(delete(SearchCount).where(SearchCount.id.in_(ids)))
    return len(ids)
