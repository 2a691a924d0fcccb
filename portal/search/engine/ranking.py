"""Ranking: exact scores, then what the best candidates' titles say, then how sure the site may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from portal.search.engine.arrays import Array
from portal.search.engine.plan import Plan
from portal.search.engine.scoring import scores
from portal.search.engine.thesaurus import LANGUAGES
from portal.search.engine.view import View

CANDIDATES = 48
FADED = 0.55
_NO_MATCH = -1.0


@dataclass(frozen=True)
class Weights:
    """How much each part counts; found on the tuning queries."""

    asked: float = 0.8
    said: float = 0.8
    covered: float = 0.5
    phrase: float = 0.4


@dataclass(frozen=True)
class Parts:
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
    meets = {
        term: (place, weight) for place, unit in reversed(list(enumerate(plan.units))) for term, weight in unit.terms
    }
    found = []
    for document in candidates.tolist():
        asked, said = _title(view, plan, document, meets)
        faded = bool(view.fades_at[document] <= now)
        final = float(first[document]) * (1.0 + weights.asked * asked) * (1.0 + weights.said * said)
        final *= FADED if faded else 1.0
        found.append(
            Parts(
                document=document,
                words=float(total[document]),
                covered=float(covered[document]),
                asked=asked,
                said=said,
                phrase=bool(whole[document]),
                prior=float(view.prior[document]),
                faded=faded,
                pinned=document == pinned,
                final=final,
            )
        )
    return sorted(found, key=lambda parts: (not parts.pinned, -parts.final, parts.document))


def _highest(values: Array, count: int) -> Array:
    many = len(values) > count
    some = np.argpartition(values, len(values) - count)[-count:] if many else np.arange(len(values))
    kept = some[values[some] > 0]
    result: Array = kept[np.lexsort((kept, -values[kept]))]
    return result


def _title(view: View, plan: Plan, document: int, meets: dict[int, tuple[int, float]]) -> tuple[float, float]:
    """How much of the query the title asks, and how much of the title the query says; best of both languages."""
    best = (0.0, 0.0)
    mass = sum(unit.mass for unit in plan.units)
    for language in LANGUAGES:
        title = view.title(document, language)
        if not title:
            continue
        met: dict[int, float] = {}
        said = whole = place_mass = place_met = 0.0
        for term in title:
            if term < 0:
                whole += place_mass
                said += place_met
                place_mass = place_met = 0.0
                continue
            rarity = view.rarity[term]
            place_mass = place_mass or rarity
            if term in meets:
                unit, weight = meets[term]
                met[unit] = max(met.get(unit, 0.0), weight)
                place_met = max(place_met, place_mass * min(weight, 1.0))
        asked = sum(plan.units[unit].mass * weight for unit, weight in met.items()) / mass if mass else 0.0
        pair = (min(asked, 1.0), said / whole if whole else 0.0)
        best = max(best, pair, key=lambda each: each[0] + each[1])
    return best


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
