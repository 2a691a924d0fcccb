"""Ranking: exact scores of all documents, title coverage of the best candidates, confidence in the first result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from portal.search.engine.index.arrays import Array
from portal.search.engine.index.view import View
from portal.search.engine.query.plan import Plan
from portal.search.engine.query.scoring import scores

CANDIDATES = 20
FADED = 0.55


@dataclass(frozen=True)
class Weights:
    """How much each part counts; found on the tuning queries."""

    query_coverage: float = 0.8
    title_coverage: float = 0.8
    coverage: float = 0.5
    phrase: float = 0.4


class ScoredDocument(NamedTuple):
    """A candidate with what its rank is made of.

    `score` is BM25F over the query's units and `coverage` the share of the query's mass that the document meets.
    `query_coverage` is the share of the query that its title meets, `title_coverage` the share of the title that the
    query says; both are 0 to 1. `phrase` tells that a title or keyword asks for just the same. Results are ordered by
    `pinned`, then by `final`.
    """

    document: int
    score: float
    coverage: float
    query_coverage: float
    title_coverage: float
    phrase: bool
    prior: float
    faded: bool
    pinned: bool
    final: float


def ranked(
    view: View, plan: Plan, *, weights: Weights, visible: Array, now: float, pinned: int | None = None
) -> list[ScoredDocument]:
    """The best candidates in order. `visible` masks documents that may appear.

    Documents whose `fades_at` is not after `now` (both in seconds since the epoch) rank lower.
    """
    if not any(unit.terms for unit in plan.units):
        return []
    total, coverage = scores(view, plan)
    first = total * (weights.coverage + (1.0 - weights.coverage) * coverage) * view.prior * visible
    same_phrase = np.zeros(view.total, dtype=bool)
    if plan.phrase is not None:
        same_phrase[view.postings(plan.phrase)[0]] = True
        first = first * (1.0 + weights.phrase * same_phrase)
    candidates = _highest(first, CANDIDATES)
    if pinned is not None and visible[pinned] and pinned not in candidates:
        candidates = np.append(candidates, pinned)
    titles = _Titles(view, plan)
    results = []
    columns = (first, total, coverage, same_phrase, view.prior, view.fades_at)
    rows = zip(candidates.tolist(), *(column[candidates].tolist() for column in columns), strict=True)
    for document, start, score, share, phrase, prior, fades_at in rows:
        of_query, of_title = titles.coverage(document)
        final = start * (1.0 + weights.query_coverage * of_query) * (1.0 + weights.title_coverage * of_title)
        faded = fades_at <= now
        if faded:
            final *= FADED
        results.append(
            ScoredDocument(document, score, share, of_query, of_title, phrase, prior, faded, document == pinned, final)
        )
    results.sort(key=lambda result: (not result.pinned, -result.final, result.document))
    return results


def _highest(values: Array, count: int) -> Array:
    kept = np.flatnonzero(values)
    if len(kept) > count:
        kept = kept[np.argpartition(values[kept], len(kept) - count)[-count:]]
    result: Array = kept[np.lexsort((kept, -values[kept]))]
    return result


class _Titles:
    """Compares titles with one plan."""

    def __init__(self, view: View, plan: Plan) -> None:
        self._view = view
        self._masses = [unit.mass for unit in plan.units]
        self._mass = sum(self._masses) or 1.0
        self._meets: dict[int, tuple[int, float]] = {}
        for place, unit in enumerate(plan.units):
            for term, weight in unit.terms:
                self._meets.setdefault(term, (place, min(weight, 1.0)))

    def coverage(self, document: int) -> tuple[float, float]:
        """Query coverage and title coverage of a document, of the language in which their sum is largest."""
        best = (0.0, 0.0)
        meets, masses = self._meets, self._masses
        for title_mass, places in self._view.title_places(document):
            common = meets.keys() & places.keys()
            if not common:
                continue
            met: dict[int, float] = {}
            said: dict[int, tuple[float, float]] = {}
            for term in common:
                unit, weight = meets[term]
                if weight > met.get(unit, 0.0):
                    met[unit] = weight
                for place, mass in places[term]:
                    if place not in said or weight > said[place][0]:
                        said[place] = (weight, mass)
            of_query = sum([masses[unit] * weight for unit, weight in met.items()]) / self._mass
            of_title = sum([weight * mass for weight, mass in said.values()]) / title_mass
            if of_query + of_title > sum(best):
                best = (of_query, of_title)
        return best


def confidence(plan: Plan, best: ScoredDocument) -> float:
    """How sure the first result is what was meant: 0 where answerable queries and others are equally likely.

    The figures are those of a logistic regression on the tuning queries.
    """
    mass = sum(unit.mass for unit in plan.units) or 1.0
    unknown = sum(unit.mass for unit in plan.units if not unit.terms) / mass
    return (
        2.5 * best.coverage
        + 4.0 * best.query_coverage
        + 1.3 * best.title_coverage
        + 1.0 * math.log1p(max(best.score, 0.0))
        + 2.2 * plan.on_subject
        + (3.0 if best.phrase else 0.0)
        - 3.0 * unknown
        - 7.6
    )
