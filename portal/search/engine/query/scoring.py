"""Exact scores of every document that has a term of the plan. Arrays of scores are float32[n], n the documents."""

from __future__ import annotations

import numpy as np

from portal.search.engine.index.arrays import Array
from portal.search.engine.index.view import View
from portal.search.engine.query.plan import Plan
from portal.search.engine.query.units import Unit

TIE = 0.2
"""How much of a unit's lesser matches counts beside its best one."""


def unit_scores(view: View, unit: Unit) -> Array:
    """The highest score of the unit's terms per document, and a share (TIE) of the others."""
    best = np.zeros(view.total, dtype=np.float32)
    if len(unit.terms) == 1:
        term, weight = unit.terms[0]
        documents, impacts = view.postings(term)
        best[documents] = impacts * np.float32(weight)
        return best
    total = np.zeros(view.total, dtype=np.float32)
    for term, weight in unit.terms:
        documents, impacts = view.postings(term)
        values = impacts * np.float32(weight)
        total[documents] += values
        best[documents] = np.maximum(best[documents], values)
    combined: Array = best * np.float32(1.0 - TIE) + total * np.float32(TIE)
    return combined


def scores(view: View, plan: Plan) -> tuple[Array, Array]:
    """For every document the sum over units, and the share of the query's mass that it covers (0 to 1)."""
    total = np.zeros(view.total, dtype=np.float32)
    covered = np.zeros(view.total, dtype=np.float32)
    mass = sum(unit.mass for unit in plan.units) or 1.0
    for unit in plan.units:
        if unit.terms:
            values = unit_scores(view, unit)
            total += values
            covered += (values > 0) * np.float32(unit.mass / mass)
    return total, covered
