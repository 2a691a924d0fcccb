"""Ranking: exact scores, then what the best candidates' titles say, then how sure the site may be."""

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

    asked: float = 0.8
    said: float = 0.8
    covered: float = 0.5
    phrase: float = 0.4


class Parts(NamedTuple):
    """Why a document stands where it does; `final` is what ranks it."""

    document: int
    words: float
    covered: float
    asked: float
    said: float
    phrase: bool
    prior: float
    faded: bool
    pinned: bool
    final: float


def ranked(
    view: View, plan: Plan, *, weights: Weights, shown: Array, now: float, pinned: int | None = None
) -> list[Parts]:
    """The best candidates in order. `shown` says which documents may appear; `now` decides what has passed."""
    if not any(unit.terms for unit in plan.units):
        return []
    total, covered = scores(view, plan)
    first = total * (weights.covered + (1.0 - weights.covered) * covered) * view.prior * shown
    whole = np.zeros(view.total, dtype=bool)
    if plan.phrase is not None:
        whole[view.postings(plan.phrase)[0]] = True
        first = first * (1.0 + weights.phrase * whole)
    candidates = _highest(first, CANDIDATES)
    if pinned is not None and shown[pinned] and pinned not in candidates:
        candidates = np.append(candidates, pinned)
    titles = _Titles(view, plan)
    found = []
    columns = (first, total, covered, whole, view.prior, view.fades_at)
    rows = zip(candidates.tolist(), *(column[candidates].tolist() for column in columns), strict=True)
    for document, start, words, share, same, prior, fades_at in rows:
        asked, said = titles.compared(document)
        final = start * (1.0 + weights.asked * asked) * (1.0 + weights.said * said)
        faded = fades_at <= now
        if faded:
            final *= FADED
        found.append(Parts(document, words, share, asked, said, same, prior, faded, document == pinned, final))
    found.sort(key=lambda parts: (not parts.pinned, -parts.final, parts.document))
    return found


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

    def compared(self, document: int) -> tuple[float, float]:
        """How much of the query the title asks, and how much of the title the query says; best of both languages."""
        best_asked = best_said = 0.0
        meets, masses = self._meets, self._masses
        for whole, places in self._view.title_places(document):
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
            asked = sum([masses[unit] * weight for unit, weight in met.items()]) / self._mass
            share = sum([weight * mass for weight, mass in said.values()]) / whole
            if asked + share > best_asked + best_said:
                best_asked, best_said = asked, share
        return best_asked, best_said


def confidence(plan: Plan, best: Parts) -> float:
    """How sure the first result is what was meant: 0 where answerable queries and others are equally likely.

    The figures are those of a logistic regression on the tuning queries.
    """
    mass = sum(unit.mass for unit in plan.units) or 1.0
    unknown = sum(unit.mass for unit in plan.units if not unit.terms) / mass
    return (
        2.5 * best.covered
        + 4.0 * best.asked
        + 1.3 * best.said
        + 1.0 * math.log1p(max(best.words, 0.0))
        + 2.2 * plan.on_subject
        + (3.0 if best.phrase else 0.0)
        - 3.0 * unknown
        - 7.6
    )
