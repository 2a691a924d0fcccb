"""The scorer against brute force over Whoosh's own postings: no document may stand elsewhere."""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from whoosh import index

from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.merging import LENGTH_SHARE, SATURATION
from portal.search.engine.index.segments import FIELD
from portal.search.engine.index.view import View
from portal.search.engine.query.plan import Plan
from portal.search.engine.query.scoring import TIE, scores
from portal.search.engine.query.searcher import Searcher
from tests.conftest import FULL
from tests.search.corpus import NOW, THESAURUS, by_chance, queries_by_chance, view_of


class BruteForce:
    """Scores every document by reading Whoosh's postings one by one, in plain Python."""

    def __init__(self, folder: Path, terms: dict[int, str]) -> None:
        self.terms = terms
        self.postings: dict[str, dict[int, float]] = {}
        with closing(index.open_dir(str(folder))) as opened, closing(opened.reader()) as reader:
            self.documents = list(reader.all_doc_ids())
            self.lengths = {number: reader.doc_field_length(number, FIELD) for number in self.documents}
            for term in reader.lexicon(FIELD):
                matcher = reader.postings(FIELD, term)
                results: dict[int, float] = {}
                while matcher.is_active():
                    results[matcher.id()] = matcher.weight()
                    matcher.next()
                self.postings[term.decode()] = results
        self.average = sum(self.lengths.values()) / len(self.lengths)

    def impact(self, term: str, document: int) -> float:
        posting = self.postings.get(term, {})
        if document not in posting:
            return 0.0
        rarity = max(math.log(len(self.documents) / (len(posting) + 1.0)) + 1.0, 0.05)
        weight = posting[document]
        share = (1 - LENGTH_SHARE) + LENGTH_SHARE * self.lengths[document] / self.average
        return rarity * weight * (SATURATION + 1) / (weight + SATURATION * share)

    def score(self, plan: Plan, document: int) -> float:
        total = 0.0
        for unit in plan.units:
            values = [self.impact(self.terms[term], document) * weight for term, weight in unit.terms]
            if len(values) == 1:
                total += values[0]
            elif values:
                total += max(values) * (1 - TIE) + sum(values) * TIE
        return total


def differences(view: View, texts: list[str]) -> int:
    """On how many queries a document's score, or its place, differs."""
    brute = BruteForce(view.folder, {number: term for term, number in view.terms.items()})
    planner = Searcher(view).planner
    wrong = 0
    for text in texts:
        plan = planner.plan(text, view.word_counts(NOW))
        ours, _covered = scores(view, plan)
        theirs = np.zeros(view.total)
        for document in brute.documents:
            theirs[document] = brute.score(plan, document)
        close = np.allclose(ours, theirs, rtol=1e-4, atol=1e-5)
        order = np.argsort(-ours, kind="stable")
        # Sorted by our scores, brute force's must not rise: what ties there may stand in any order.
        sorted_too = bool(np.all(np.diff(theirs[order]) <= 1e-4))
        wrong += not (close and sorted_too)
    return wrong


def test_one_segment(tmp_path: Path) -> None:
    view = view_of(tmp_path, by_chance(150, seed=1))
    assert differences(view, queries_by_chance(1000 if FULL else 120, seed=2)) == 0


def test_many_segments_with_deleted_documents(tmp_path: Path) -> None:
    entries = by_chance(200, seed=3)
    for held in (entries[:120], entries[10:160], entries[20:200]):
        name = bring_up_to_date(tmp_path, held, THESAURUS).name
    view = View(tmp_path / name)
    assert view.total > view.count == 180
    assert differences(view, queries_by_chance(1000 if FULL else 120, seed=4)) == 0


@pytest.mark.parametrize("seed", range(3))
def test_a_publish_scores_as_a_full_build_does(tmp_path: Path, seed: int) -> None:
    entries = by_chance(120, seed=seed)
    for step in (40, 80, 120):
        name = bring_up_to_date(tmp_path / "steps", entries[step - 40 if step == 120 else 0 : step], THESAURUS).name
    stepwise = View(tmp_path / "steps" / name)
    whole = view_of(tmp_path / "whole", entries[80:120])
    for text in queries_by_chance(60, seed=seed):
        first, second = (Searcher(view).find(text, now=NOW) for view in (stepwise, whole))
        listed = [
            [(view.keys[p.document], round(p.final, 3)) for p in item.documents]
            for view, item in ((stepwise, first), (whole, second))
        ]
        assert sorted(listed[0], key=lambda pair: (-pair[1], pair[0])) == sorted(
            listed[1], key=lambda pair: (-pair[1], pair[0])
        )
