"""Searching: a query in, results with their tier out; safe to share between threads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from portal.search.engine.arrays import Array
from portal.search.engine.entry import Entry
from portal.search.engine.plan import Plan, Planner, Switches
from portal.search.engine.ranking import Parts, Weights, confidence, ranked
from portal.search.engine.snippets import Highlighter
from portal.search.engine.text import words
from portal.search.engine.thesaurus import Thesaurus
from portal.search.engine.tiers import Tier, tier_of
from portal.search.engine.view import View

WEAKEST_SHARE = 0.22
"""A result below this share of the best one is left out: it only met a common word."""


@dataclass(frozen=True)
class Found:
    """What a search found, before any entry is read: candidates in order, the tier, the plan and counts by tag."""

    plan: Plan
    tier: Tier
    confidence: float
    results: tuple[Parts, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def corrected(self) -> tuple[tuple[str, str], ...]:
        """Words as typed and as searched."""
        return self.plan.corrected


class Searcher:
    """Searches one view with one thesaurus."""

    def __init__(
        self,
        view: View,
        thesaurus: Thesaurus,
        *,
        switches: Switches = Switches(),
        weights: Weights = Weights(),
    ) -> None:
        """Bind a view and a thesaurus; `switches` and `weights` are for evaluation."""
        self.view, self.thesaurus, self.weights = view, thesaurus, weights
        self.planner = Planner(view, thesaurus, switches)
        self._pins = self._pinned_queries()

    def find(self, text: str, *, now: float, tags: Sequence[str] = (), exact: bool = False) -> Found:
        """Search a text at a moment; `tags` ("kind:faq", "topic:…") narrow the results, `exact` corrects nothing."""
        counts = self.view.word_counts(now)
        plan = self.planner.plan(text, counts, exact=exact)
        shown = self.view.shown_at(now)
        everything = ranked(
            self.view, plan, shown=shown, now=now, pinned=self._pins.get(plan.key), weights=self.weights
        )
        if not everything:
            return Found(plan, Tier.NOTHING, 0.0)
        sure = confidence(plan, everything[0])
        tier = Tier.ANSWERS if everything[0].pinned else tier_of(sure)
        if tier is Tier.NOTHING:
            return Found(plan, tier, sure)
        kept = _strong(everything)
        results = kept if not tags else self._narrowed(plan, shown=shown, now=now, tags=tags)
        return Found(plan, tier, sure, tuple(results), self._tag_counts(kept))

    def entries(self, results: Sequence[Parts]) -> list[Entry]:
        """The entries of results, in their order."""
        return self.view.entries([parts.document for parts in results])

    def highlighter(self, plan: Plan) -> Highlighter:
        """Marks in texts what a plan was looking for."""
        listed: set[str] = set()
        for unit in plan.units:
            for term, weight in unit.terms:
                if weight >= 0.5:
                    listed.update(self.view.words_meaning.get(term, ()))
        return Highlighter(listed)

    def _narrowed(self, plan: Plan, *, shown: Array, now: float, tags: Sequence[str]) -> list[Parts]:
        mask = shown.copy()
        for tag in tags:
            has = np.zeros(self.view.total, dtype=bool)
            has[self.view.tags.get(tag, np.zeros(0, dtype=np.int64))] = True
            mask &= has
        return _strong(ranked(self.view, plan, shown=mask, now=now, weights=self.weights))

    def _tag_counts(self, results: Sequence[Parts]) -> dict[str, int]:
        documents = np.array([parts.document for parts in results], dtype=np.int64)
        found = {tag: int(np.isin(documents, listed).sum()) for tag, listed in self.view.tags.items()}
        return {tag: count for tag, count in found.items() if count}

    def _pinned_queries(self) -> dict[tuple[str, ...], int]:
        pinned: dict[tuple[str, ...], int] = {}
        none = np.zeros(len(self.view.words), dtype=np.int64)
        for document, queries in enumerate(self.view.pins):
            if self.view.live[document]:
                for query in queries:
                    pinned.setdefault(self.planner.plan(query, none, exact=True).key, document)
        return pinned


def _strong(results: Sequence[Parts]) -> list[Parts]:
    limit = max((parts.final for parts in results), default=0.0) * WEAKEST_SHARE
    return [parts for parts in results if parts.pinned or parts.final >= limit]


def is_searchable(text: str) -> bool:
    """Whether a text has anything to look for."""
    return bool(words(text[:300])) and re.search(r"\w", text) is not None
