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
    """A labelled query: which pages answer it, with grades 1 (touches it), 2 (answers) and 3 (the answer)."""

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
    """One query with what was found for it."""

    query: Query
    tier: Tier
    grades: tuple[int, ...]
    pages: tuple[str, ...]
    confidence: float
    ideal: tuple[int, ...]

    @property
    def is_met(self) -> bool:
        """Whether a page that answers stands where the query wants it."""
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
    """An index of documents in an empty folder, opened."""
    built = bring_up_to_date(root, documents, thesaurus)
    return View(root / built.name)


def _lines(path: Path, kind: type[_T]) -> list[_T]:
    listed = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                listed.append(msgspec.json.decode(line, type=kind))
            except msgspec.MsgspecError as error:
                raise ValueError(f"{path}, line {number}: {error}") from error
    return listed


def evaluated(searcher: Searcher, queries: Iterable[Query], *, now: float) -> list[Evaluated]:
    """Run every query and grade what came back; a page counts once, however many of its parts were found.

    A label may name a part, a page (kind/slug) or its slug alone.
    """
    pages: dict[str, set[str]] = {}
    for key, slug in zip(searcher.view.keys, searcher.view.slugs, strict=True):
        page = key.partition("#")[0]
        for name in (key, page, slug):
            pages.setdefault(name, set()).add(page)
    return [_evaluate(searcher, query, pages, now=now) for query in queries]


def _evaluate(searcher: Searcher, query: Query, pages: Mapping[str, set[str]], *, now: float) -> Evaluated:
    result = searcher.find(query.query, now=now)
    keys = (searcher.view.keys[scored.document].partition("#")[0] for scored in result.documents)
    listed = list(dict.fromkeys(keys))[:10]
    grades: dict[str, int] = {}
    for name, grade in query.relevant.items():
        for page in pages.get(name, ()):
            grades[page] = max(grades.get(page, 0), grade)
    # Labelled pages that this index does not hold cannot be ranked; a query that has none of its pages has failed.
    ideal = sorted(grades.values() or query.relevant.values(), reverse=True)
    return Evaluated(
        query=query,
        tier=result.tier,
        grades=tuple(grades.get(page, 0) for page in listed),
        pages=tuple(listed),
        confidence=result.confidence,
        ideal=tuple(ideal),
    )


def figures(listed: Sequence[Evaluated]) -> Figures:
    """The figures of evaluated queries; a mean over nothing is 0."""
    answerable = [each for each in listed if each.query.relevant]
    others = [each for each in listed if not each.query.relevant]
    return Figures(
        success_1=_mean(any(grade >= GOOD for grade in each.grades[:1]) for each in answerable),
        success_3=_mean(any(grade >= GOOD for grade in each.grades[:3]) for each in answerable),
        mrr_10=_mean(_reciprocal_rank(each.grades) for each in answerable),
        ndcg_10=_mean(_ndcg(each.grades, each.ideal) for each in answerable),
        zero=_mean(not each.pages for each in answerable),
        off_domain_answered=_mean(each.tier is Tier.ANSWERS for each in others),
        queries=len(listed),
    )


def report(listed: Sequence[Evaluated]) -> Report:
    """Figures overall and by type of query."""
    types = sorted({each.query.type for each in listed})
    return Report(figures(listed), {name: figures([e for e in listed if e.query.type == name]) for name in types})


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return round(sum(listed) / len(listed), 4) if listed else 0.0


def _reciprocal_rank(grades: Sequence[int]) -> float:
    return next((1 / place for place, grade in enumerate(grades, start=1) if grade >= GOOD), 0.0)


def _ndcg(grades: Sequence[int], ideal: Sequence[int]) -> float:
    best = _dcg(ideal[:10])
    return _dcg(grades) / best if best else 0.0


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1))
