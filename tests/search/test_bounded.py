"""Bad input costs no more than a good question: the work is counted, not timed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portal.search.engine.query.plan import LONGEST_QUERY, MOST_WORDS
from portal.search.engine.query.ranking import CANDIDATES
from portal.search.engine.query.searcher import Searcher
from tests.search.corpus import ENTRIES, NOW, by_chance, queries_by_chance, searcher_of

THOUSAND_WORDS = " ".join(queries_by_chance(400, seed=5))
BAD = {
    "nothing": "",
    "one letter": "a",
    "one long word": "x" * 10_000,
    "a thousand words": THOUSAND_WORDS,
    "a thousand times one word": "paspor " * 1_000,
    "unknown words": " ".join(f"zq{letter}xwv{letter}k" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "only stop words": "yang di dan untuk apa " * 50,
    "pictures": "🙂🛂" * 500,
    "SQL": "' OR 1=1; DROP TABLE users --" * 20,
    "query syntax": "title:pas* AND (visa OR [a TO z]) NOT ??? ~2 ^5 " * 30,
    "NUL": "\0pas\0por\0" * 200,
    "right to left": "\u202eجواز السفر\u202c" * 100,
    "combining marks": "a\u0301" * 4_000,
    "hyphens": "a-" * 4_000,
    "digits": "1.000." * 2_000,
}


@dataclass
class Work:
    """What one search did."""

    postings: int = 0
    corrected: list[str] = field(default_factory=list)
    titles: int = 0


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder: Path = tmp_path_factory.mktemp("bounded")
    return searcher_of(folder, [*ENTRIES, *by_chance(200, seed=3)])


def work_of(searcher: Searcher, text: str, monkeypatch: pytest.MonkeyPatch, *, suggest: bool = False) -> Work:
    """The work of a search: rows of postings read, words compared with the whole lexicon, titles compared."""
    work = Work()
    view, speller = searcher.view, searcher.planner.speller
    postings, titles, near = view.postings, view.title_positions, speller._near
    with monkeypatch.context() as patched:
        patched.setattr(view, "postings", lambda term: (_add(work, "postings"), postings(term))[1])
        patched.setattr(view, "title_positions", lambda document: (_add(work, "titles"), titles(document))[1])
        patched.setattr(speller, "_near", lambda word: (work.corrected.append(word), near(word))[1])
        if suggest:
            searcher.suggest(text, now=NOW, most=6)
        else:
            searcher.find(text, now=NOW)
    return work


def _add(work: Work, name: str) -> None:
    setattr(work, name, getattr(work, name) + 1)


@pytest.mark.parametrize("suggest", [False, True], ids=["find", "suggest"])
@pytest.mark.parametrize("name", BAD)
def test_the_work_has_a_bound(searcher: Searcher, name: str, suggest: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    work = work_of(searcher, BAD[name], monkeypatch, suggest=suggest)
    assert len(work.corrected) <= MOST_WORDS
    assert work.postings <= 8 * MOST_WORDS
    assert work.titles <= CANDIDATES


def test_a_thousand_words_cost_what_the_first_few_cost(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    few = " ".join(THOUSAND_WORDS.split()[:MOST_WORDS])
    assert len(few) <= LONGEST_QUERY
    many, first = (work_of(searcher, text, monkeypatch) for text in (THOUSAND_WORDS, few))
    assert many == first
    assert first.postings > MOST_WORDS / 2


def test_words_that_are_spelled_as_several_do_not_multiply(searcher: Searcher) -> None:
    plan = searcher.planner.plan("dimana " * 40, searcher.view.word_counts(NOW))
    assert len(plan.tokens) <= MOST_WORDS
