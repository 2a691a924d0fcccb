"""Commands of the search: build the index anew, search from the command line, measure quality."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NotRequired, TypedDict

import click
import msgspec
from flask.cli import with_appcontext

from portal.content.document import PRIMARY_LANGUAGE
from portal.languages.registry import LANGUAGES
from portal.search.engine.index.generations import IndexMissing
from portal.search.engine.query.ranking import ScoredDocument
from portal.search.engine.query.searcher import Searcher
from portal.search.engine.query.units import Switches
from portal.search.evaluation import Query, Report, evaluated, read_documents, read_queries, report, temporary_index
from portal.search.indexing import thesaurus_of
from portal.search.wiring import search_service
from portal.web.clock import request_clock
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal

_PARTS = ("synonyms", "spelling", "stemming")


class Explanation(
    TypedDict(
        "Explanation",
        {"words": float, "covered": float, "title asks": float, "title says": float, "same phrase": bool},
    )
):
    """The parts of a result's rank."""

    prior: float
    faded: bool
    pinned: bool


class ResultRecord(TypedDict):
    """A result of `flask search`."""

    key: str
    title: str
    score: float
    result: NotRequired[Explanation]


class UnitRecord(TypedDict):
    """A unit of the query, with its terms and their weights."""

    word: str
    mass: float
    terms: list[str]


class SearchRecord(TypedDict):
    """What `flask search` prints."""

    query: str
    searched: str
    tier: str
    confidence: float
    results: list[ResultRecord]
    units: NotRequired[list[UnitRecord]]


@click.command("reindex")
@json_option
@with_appcontext
def reindex(*, as_json: bool) -> None:
    """Build the search index anew from the content and put it in use."""
    build = search_service().indexer.update(portal().live.current(), anew=True)
    assert build is not None, "building anew always builds"
    data = {"generation": build.name, "entries": build.documents}
    answer(data, as_json=as_json, text=f"{build.name}: {build.documents} entries.")


@click.command("search")
@click.argument("query")
@click.option("--lang", type=click.Choice([*LANGUAGES]), default=PRIMARY_LANGUAGE, help="The language of titles.")
@click.option("--explain", is_flag=True, help="Show what each result's place is made of.")
@json_option
@with_appcontext
def search(query: str, *, lang: str, explain: bool, as_json: bool) -> None:
    """Search the site's index for QUERY."""
    searcher = _site_searcher()
    results = searcher.find(query, now=request_clock().now.timestamp())
    documents = results.documents[:10]
    records: list[ResultRecord] = []
    for entry, document in zip(searcher.entries(documents), documents, strict=True):
        title = entry.text_in(lang, entry.title)
        records.append({"key": entry.key, "title": title, "score": round(document.final, 4)})
        if explain:
            records[-1]["result"] = _explanation(document)
    data: SearchRecord = {
        "query": query,
        "searched": results.plan.searched,
        "tier": results.tier.value,
        "confidence": round(results.confidence, 3),
        "results": records,
    }
    if explain:
        data["units"] = _units(searcher, query)
    lines = [f"{data['tier']} (confidence {data['confidence']}), searched: {data['searched']}"]
    lines += [f"  unit {unit['word']}: {', '.join(unit['terms']) or 'unknown'}" for unit in data.get("units", ())]
    for rank, record in enumerate(records, start=1):
        lines.append(f"{rank:2}. {record['score']:8.3f}  {record['key']}  {record['title']}")
        if explain:
            lines += [f"      {name}: {value}" for name, value in record["result"].items()]
    answer(data, as_json=as_json, text="\n".join(lines))


def _explanation(result: ScoredDocument) -> Explanation:
    return {
        "words": round(result.score, 4),
        "covered": round(result.coverage, 4),
        "title asks": round(result.query_coverage, 4),
        "title says": round(result.title_coverage, 4),
        "same phrase": result.phrase,
        "prior": round(result.prior, 4),
        "faded": result.faded,
        "pinned": result.pinned,
    }


def _units(searcher: Searcher, query: str) -> list[UnitRecord]:
    view = searcher.view
    plan = searcher.planner.plan(query, view.word_counts(request_clock().now.timestamp()))
    names = {number: term for term, number in view.terms.items()}
    return [
        {
            "word": unit.word,
            "mass": round(unit.mass, 3),
            "terms": [f"{names[term]}×{weight:.2f}" for term, weight in unit.terms],
        }
        for unit in plan.units
    ]


@click.command("evaluate-search")
@click.option(
    "--documents",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Measure on a temporary index of these documents (JSON lines) instead of the site's own.",
)
@click.option(
    "--queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled queries (JSON lines); without them the tests of content/reference/search-tests.yaml are run.",
)
@click.option("--without", type=click.Choice(_PARTS), multiple=True, help="Switch a part off to see its worth.")
@click.option("--failures", is_flag=True, help="List the queries whose answer did not come first.")
@json_option
@with_appcontext
def evaluate_search(
    *, documents: Path | None, queries: Path | None, without: tuple[str, ...], failures: bool, as_json: bool
) -> None:
    """Measure how often the answer comes first."""
    switches = Switches(**{part: part not in without for part in _PARTS})
    try:
        labelled = read_queries(queries) if queries else _staff_tests()
        if documents:
            with tempfile.TemporaryDirectory() as folder:
                view = temporary_index(Path(folder), read_documents(documents), thesaurus_of(portal().live.current()))
                _evaluate(Searcher(view, switches=switches), labelled, failures=failures, as_json=as_json)
        else:
            searcher = Searcher(_site_searcher().view, switches=switches)
            _evaluate(searcher, labelled, failures=failures, as_json=as_json, strict=not queries)
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _evaluate(searcher: Searcher, queries: list[Query], *, failures: bool, as_json: bool, strict: bool = False) -> None:
    evaluations = evaluated(searcher, queries, now=request_clock().now.timestamp())
    measured = report(evaluations)
    missed = [evaluation for evaluation in evaluations if evaluation.query.relevant and not evaluation.is_met]
    data = msgspec.to_builtins(measured)
    lines = [_table(measured)]
    if failures or strict:
        lines += [
            f"missed: {miss.query.query!r} wanted {', '.join(miss.query.relevant)}, found {miss.pages[:3]}"
            for miss in missed
        ]
        data["missed"] = [miss.query.query for miss in missed]
    answer(data, as_json=as_json, text="\n".join(lines))
    if strict and missed:
        raise click.exceptions.Exit(1)


def _staff_tests() -> list[Query]:
    tests = portal().live.current().reference("search-tests")
    return [
        Query(query=test.query, qid=id_, type="staff", relevant={test.page: 3}, within=test.within)
        for id_, test in tests.items()
    ]


def _site_searcher() -> Searcher:
    try:
        return search_service().index.searcher()
    except IndexMissing as missing:
        raise click.ClickException(f"{missing} Run `flask reindex` first.") from None


def _table(measured: Report) -> str:
    figures = {"overall": measured.overall, **measured.by_type}
    rows = [(name, msgspec.to_builtins(row)) for name, row in figures.items()]
    columns = list(rows[0][1])
    head = f"{'':14}" + "".join(f"{column:>21}" for column in columns)
    return "\n".join([head, *(f"{name:14}" + "".join(f"{row[c]:>21}" for c in columns) for name, row in rows)])


COMMANDS = (reindex, search, evaluate_search)
