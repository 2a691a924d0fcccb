"""Searching one view: queries to ranked results with their tier. A searcher is shared between threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from portal.search.engine.analysis.analyser import phrase_key_of
from portal.search.engine.index.arrays import Array
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.view import View
from portal.search.engine.query.plan import Plan, Planner
from portal.search.engine.query.ranking import ScoredDocument, Weights, confidence, ranked
from portal.search.engine.query.snippets import Highlighter
from portal.search.engine.query.tiers import Tier, tier_of
from portal.search.engine.query.units import Switches

MOST_PER_PAGE = 2
"""The most entries of one page among the results."""

WEAKEST_SHARE = 0.22
"""Results below this share of the best score are left out: they only have a common word."""


@dataclass(frozen=True)
class SearchResults:
    """Candidates in order, before any entry is read, with the tier, the plan and the numbers of results by tag."""

    plan: Plan
    tier: Tier
    confidence: float
    documents: tuple[ScoredDocument, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_corrected(self) -> bool:
        """Whether something else was searched than what was typed."""
        return bool(self.plan.corrected)


class Searcher:
    """Searches one view with the thesaurus it was built with."""

    def __init__(
        self,
        view: View,
        *,
        switches: Switches | None = None,
        weights: Weights | None = None,
    ) -> None:
        """Bind a view; `switches` and `weights` are for evaluation."""
        self.view, self.weights = view, weights or Weights()
        self.planner = Planner(view, view.thesaurus, switches or Switches())
        self._pins = self._pinned_queries()

    def find(self, text: str, *, now: float, tags: Sequence[str] = (), exact: bool = False) -> SearchResults:
        """Search a text at a time in seconds since the epoch.

        `tags` such as `kind:faq` and `topic:…` narrow the results; `exact` corrects nothing.
        """
        counts = self.view.word_counts(now)
        plan = self.planner.plan(text, counts, exact=exact)
        visible = self.view.visible_at(now)
        pinned = self._pins.get(plan.key)
        candidates = ranked(self.view, plan, visible=visible, now=now, pinned=pinned, weights=self.weights)
        if not candidates:
            return SearchResults(plan, Tier.NOTHING, float("-inf"))
        best = candidates[0]
        confidence_ = confidence(plan, best)
        out_of_scope = plan.out_of_scope and not best.phrase
        tier = tier_of(confidence_, out_of_scope=out_of_scope, on_subject=plan.on_subject == 1.0)
        if best.pinned:
            tier = Tier.ANSWERS
        if tier is Tier.NOTHING:
            return SearchResults(plan, tier, confidence_)
        results = _strong_results(candidates, self.view.keys)
        narrowed = results if not tags else self._narrowed(plan, visible=visible, now=now, tags=tags)
        return SearchResults(plan, tier, confidence_, tuple(narrowed), self._tag_counts(results))

    def suggest(self, text: str, *, now: float, most: int) -> list[ScoredDocument]:
        """The best results for the beginning of a query, whose last word may be unfinished; one per page."""
        plan = self.planner.plan(text, self.view.word_counts(now), unfinished=not text.endswith(" "))
        results = ranked(self.view, plan, visible=self.view.visible_at(now), now=now, weights=self.weights)
        pages: dict[str, ScoredDocument] = {}
        for result in _strong_results(results, self.view.keys):
            pages.setdefault(self.view.keys[result.document].partition("#")[0], result)
        return list(pages.values())[:most]

    def entries(self, results: Sequence[ScoredDocument]) -> list[Entry]:
        """The entries of results, in their order."""
        return self.view.entries([result.document for result in results])

    def highlighter(self, plan: Plan) -> Highlighter:
        """Marks the words of a plan in texts."""
        words: set[str] = set()
        for unit in plan.units:
            for term, weight in unit.terms:
                if weight >= 0.5:
                    words.update(self.view.words_meaning.get(term, ()))
        aliases = self.view.thesaurus.aliases
        return Highlighter(words | {name for name, plain in aliases.items() if len(plain) == 1 and plain[0] in words})

    def _narrowed(self, plan: Plan, *, visible: Array, now: float, tags: Sequence[str]) -> list[ScoredDocument]:
        mask = visible.copy()
        for tag in tags:
            has_tag = np.zeros(self.view.total, dtype=bool)
            has_tag[self.view.tags.get(tag, np.zeros(0, dtype=np.int64))] = True
            mask &= has_tag
        narrowed = ranked(self.view, plan, visible=mask, now=now, weights=self.weights)
        return _strong_results(narrowed, self.view.keys)

    def _tag_counts(self, results: Sequence[ScoredDocument]) -> dict[str, int]:
        return Counter(tag for result in results for tag in self.view.tags_of[result.document])

    def _pinned_queries(self) -> dict[str, int]:
        pinned: dict[str, int] = {}
        thesaurus = self.view.thesaurus
        for document, queries in enumerate(self.view.pins):
            if self.view.live[document]:
                for query in queries:
                    pinned.setdefault(phrase_key_of(query, thesaurus), document)
        return pinned


def _strong_results(results: Sequence[ScoredDocument], keys: Sequence[str]) -> list[ScoredDocument]:
    limit = max((result.final for result in results), default=0.0) * WEAKEST_SHARE
    pages: Counter[str] = Counter()
    strong: list[ScoredDocument] = []
    for result in results:
        page = keys[result.document].partition("#")[0]
        if result.pinned or (result.final >= limit and pages[page] < MOST_PER_PAGE):
            pages[page] += 1
            strong.append(result)
    return strong
