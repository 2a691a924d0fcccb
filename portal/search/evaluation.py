"""Evaluation: how often the answer comes first, measured on labelled queries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.view import View
from portal.search.engine.query.searcher import Searcher
from portal.search.engine.query.tiers import Tier

_T = TypeVar("_T")

GOOD = 2
"""A document of this grade or more answers the query."""


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A labelled query; `relevant` gives by page a grade: 1 (related), 2 (answers) or 3 (the answer)."""

    query: str
    qid: str = ""
    type: str = "all"
    lang: str = ""
    relevant: dict[str, int] = {}
    within: int = 1


class Figures(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename={
        "success_1": "success@1",
        "success_3": "success@3",
        "mrr_10": "mrr@10",
        "ndcg_10": "ndcg@10",
    },
):
    """Means over queries. `zero` is over answerable queries, `off_domain_answered` over those without an answer."""

    success_1: float
    success_3: float
    mrr_10: float
    ndcg_10: float
    zero: float
    off_domain_answered: float
    queries: int


class Evaluated(msgspec.Struct, frozen=True):
    """A query with the keys of the first ten pages found, their grades, and the grades of the ideal order."""

    query: Query
    tier: Tier
    grades: tuple[int, ...]
    pages: tuple[str, ...]
    confidence: float
    ideal: tuple[int, ...]

    @property
    def is_met(self) -> bool:
        """Whether a page that answers is among the first `within` results."""
        return any(grade >= GOOD for grade in self.grades[: self.query.within])


class Report(msgspec.Struct, frozen=True):
    """Figures of all queries and of each type."""

    overall: Figures
    by_type: dict[str, Figures]


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    q_id: str = ""
    q_en: str = ""
    a_id: str = ""
    a_en: str = ""
    category: str = ""
    keywords: list[str] = []


def read_queries(path: Path) -> list[Query]:
    """Queries of a JSON-lines file; raises ValueError naming the file and line."""
    return _lines(path, Query)


def read_documents(path: Path) -> list[Entry]:
    """Entries of a JSON-lines file with `id`, `q_id`, `a_id`, `q_en`, `a_en`, `keywords`; raises ValueError."""
    return [
        Entry(
            key=document.id,
            kind="faq",
            slug=document.id,
            title={"id": document.q_id, "en": document.q_en},
            text={"id": document.a_id, "en": document.a_en},
            keywords={"id": document.keywords},
            topics=(document.category,),
        )
        for document in _lines(path, _Document)
    ]


def temporary_index(root: Path, documents: Iterable[Entry], thesaurus: Thesaurus) -> View:
    """A view of a new index of documents in an empty folder."""
    return View(root / bring_up_to_date(root, documents, thesaurus).name)


def _lines(path: Path, kind: type[_T]) -> list[_T]:
    records = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                records.append(msgspec.json.decode(line, type=kind))
            except msgspec.MsgspecError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
    return records


def evaluated(searcher: Searcher, queries: Iterable[Query], *, now: float) -> list[Evaluated]:
    """Run the queries and grade their results; a page counts once, however many of its parts were found.

    A label may name a part, a page (kind/slug) or its slug alone.
    """
    pages: dict[str, set[str]] = {}
    for key, slug in zip(searcher.view.keys, searcher.view.slugs, strict=True):
        page = key.partition("#")[0]
        for name in (key, page, slug):
            pages.setdefault(name, set()).add(page)
    return [_evaluate(searcher, query, pages, now=now) for query in queries]


def _evaluate(searcher: Searcher, query: Query, pages: Mapping[str, set[str]], *, now: float) -> Evaluated:
    results = searcher.find(query.query, now=now)
    keys = (searcher.view.keys[scored.document].partition("#")[0] for scored in results.documents)
    first_pages = list(dict.fromkeys(keys))[:10]
    grades: dict[str, int] = {}
    for name, grade in query.relevant.items():
        for page in pages.get(name, ()):
            grades[page] = max(grades.get(page, 0), grade)
    # Pages that this index does not have cannot be ranked; a query without any of its pages counts as failed.
    ideal = sorted(grades.values() or query.relevant.values(), reverse=True)
    return Evaluated(
        query=query,
        tier=results.tier,
        grades=tuple(grades.get(page, 0) for page in first_pages),
        pages=tuple(first_pages),
        confidence=results.confidence,
        ideal=tuple(ideal),
    )


def figures(evaluations: Sequence[Evaluated]) -> Figures:
    """The figures of evaluated queries; a mean over nothing is 0."""
    answerable = [each for each in evaluations if each.query.relevant]
    others = [each for each in evaluations if not each.query.relevant]
    return Figures(
        success_1=_mean(any(grade >= GOOD for grade in each.grades[:1]) for each in answerable),
        success_3=_mean(any(grade >= GOOD for grade in each.grades[:3]) for each in answerable),
        mrr_10=_mean(_reciprocal_rank(each.grades) for each in answerable),
        ndcg_10=_mean(_ndcg(each.grades, each.ideal) for each in answerable),
        zero=_mean(not each.pages for each in answerable),
        off_domain_answered=_mean(each.tier is Tier.ANSWERS for each in others),
        queries=len(evaluations),
    )


def report(evaluations: Sequence[Evaluated]) -> Report:
    """Figures overall and by type of query."""
    by_type: dict[str, list[Evaluated]] = {}
    for evaluation in sorted(evaluations, key=lambda evaluation: evaluation.query.type):
        by_type.setdefault(evaluation.query.type, []).append(evaluation)
    return Report(figures(evaluations), {name: figures(group) for name, group in by_type.items()})


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return round(sum(numbers) / len(numbers), 4) if numbers else 0.0


def _reciprocal_rank(grades: Sequence[int]) -> float:
    return next((1 / rank for rank, grade in enumerate(grades, start=1) if grade >= GOOD), 0.0)


def _ndcg(grades: Sequence[int], ideal: Sequence[int]) -> float:
    best = _dcg(ideal[:10])
    return _dcg(grades) / best if best else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
