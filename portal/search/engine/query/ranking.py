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
    """How much each part counts; fitted on the tuning queries."""

    query_coverage: float = 0.8
    title_coverage: float = 0.8
    coverage: float = 0.5
    phrase: float = 0.4


class ScoredDocument(NamedTuple):
    """A candidate with the parts of its rank.

    `score` is BM25F over the query's units and `coverage` the share of the query's mass that the document meets.
    `query_coverage` is the share of the query that its title meets, `title_coverage` the share of the title that the
    query names; both are 0 to 1. `phrase` tells that a title or keyword has the phrase key of the query. Results are
    ordered by `pinned`, then by `final`.
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
    """The best candidates in order. `visible` (bool[n]) masks documents that may appear.

    Documents whose `fades_at` is not after `now` (both in seconds since the epoch) rank lower.
    """
    if not any(unit.terms for unit in plan.units):
        return []
    total, coverage = scores(view, plan)
    preliminary = total * (weights.coverage + (1.0 - weights.coverage) * coverage) * view.prior * visible
    same_phrase = np.zeros(view.total, dtype=bool)
    if plan.phrase is not None:
        same_phrase[view.postings(plan.phrase)[0]] = True
        preliminary = preliminary * (1.0 + weights.phrase * same_phrase)
    candidates = _highest(preliminary, CANDIDATES)
    if pinned is not None and visible[pinned] and pinned not in candidates:
        candidates = np.append(candidates, pinned)
    titles = _Titles(view, plan)
    results = []
    columns = (preliminary, total, coverage, same_phrase, view.prior, view.fades_at)
    rows = zip(candidates.tolist(), *(column[candidates].tolist() for column in columns), strict=True)
    for document, start, score, share, phrase, prior, fades_at in rows:
        query_share, title_share = titles.coverage(document)
        final = start * (1.0 + weights.query_coverage * query_share) * (1.0 + weights.title_coverage * title_share)
        faded = fades_at <= now
        if faded:
            final *= FADED
        is_pinned = document == pinned
        results.append(
            ScoredDocument(document, score, share, query_share, title_share, phrase, prior, faded, is_pinned, final)
        )
    results.sort(key=lambda result: (not result.pinned, -result.final, result.document))
    return results


def _highest(values: Array, count: int) -> Array:
    """The documents (int64) of the highest positive values, in order, at most `count`."""
    documents = np.flatnonzero(values)
    if len(documents) > count:
        documents = documents[np.argpartition(values[documents], len(documents) - count)[-count:]]
    highest: Array = documents[np.lexsort((documents, -values[documents]))]
    return highest


class _Titles:
    """Compares titles with one plan."""

    def __init__(self, view: View, plan: Plan) -> None:
        self._view = view
        self._masses = [unit.mass for unit in plan.units]
        self._mass = sum(self._masses) or 1.0
        # By term the unit that it meets, and how well.
        self._units: dict[int, tuple[int, float]] = {}
        for number, unit in enumerate(plan.units):
            for term, weight in unit.terms:
                self._units.setdefault(term, (number, min(weight, 1.0)))

    def coverage(self, document: int) -> tuple[float, float]:
        """Query coverage and title coverage of a document, of the language in which their sum is largest."""
        best = (0.0, 0.0)
        units, masses = self._units, self._masses
        for title_mass, positions in self._view.title_positions(document):
            common = units.keys() & positions.keys()
            if not common:
                continue
            unit_weights: dict[int, float] = {}
            position_weights: dict[int, tuple[float, float]] = {}
            for term in common:
                unit, weight = units[term]
                if weight > unit_weights.get(unit, 0.0):
                    unit_weights[unit] = weight
                for position, mass in positions[term]:
                    if position not in position_weights or weight > position_weights[position][0]:
                        position_weights[position] = (weight, mass)
            query_share = sum([masses[unit] * weight for unit, weight in unit_weights.items()]) / self._mass
            title_share = sum([weight * mass for weight, mass in position_weights.values()]) / title_mass
            if query_share + title_share > sum(best):
                best = (query_share, title_share)
        return best


def confidence(plan: Plan, best: ScoredDocument) -> float:
    """The logit of the probability that the first result answers: 0 where both are equally likely.

    The coefficients are those of a logistic regression on the tuning queries.
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
