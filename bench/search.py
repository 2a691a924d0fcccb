"""`make bench-search`: quality on the site's own pages and latency at 250, 2,500 and 25,000 documents, against peers.

Engines take turns query by query, in an order that chance decides; time is CPU time of the thread. `--sizes 250,2500`
measures fewer sizes. Writes its section of docs/performance.md.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from bench import search_peers as peers
from bench.measure import machine, table
from bench.report import write_section
from portal import create_app
from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.entry import Entry
from portal.search.engine.index.view import View
from portal.search.engine.query.searcher import Searcher
from portal.search.engine.query.tiers import Tier
from portal.search.engine.query.units import Switches
from portal.search.evaluation import GOOD, Evaluated, Query, evaluated, figures, read_queries
from portal.search.indexing import thesaurus_of
from portal.search.live import LiveIndex
from portal.search.wiring import search_service
from portal.settings import PROJECT, Settings
from portal.web.operations.commands import prepare
from portal.web.state import portal

DATA = PROJECT / "tests" / "search" / "data"
SIZES = (250, 2_500, 25_000)
ROUNDS, PUBLISHES = 3, 5
SLOW_FROM, SLOW_SAMPLE = 25_000, 40
BAD_INPUT = {
    "nothing": "",
    "one letter": "a",
    "one word of 10,000 letters": "x" * 10_000,
    "a thousand words": " ".join(f"pasp{number}r vis{number} kata" for number in range(334)),
    "unknown words": " ".join(f"zq{letter}xwv{letter}k" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "only stop words": "yang di dan untuk apa " * 50,
    "pictures": "🙂🛂" * 500,
    "SQL": "' OR 1=1; DROP TABLE users --" * 20,
    "query syntax": "title:pas* AND (visa OR [a TO z]) NOT ??? ~2 ^5 " * 30,
    "NUL": "\0pas\0por\0" * 200,
    "right to left": "\u202eجواز السفر\u202c" * 100,
}


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--memory", type=Path, help="Only open this index, search, and print the memory it took.")
    chosen = options.parse_args()
    if chosen.memory:
        print(_memory(chosen.memory))
        return
    with tempfile.TemporaryDirectory() as folder:
        entries, thesaurus = _site(Path(folder) / "instance")
        parts = [
            _introduction(entries),
            _quality(entries, thesaurus, Path(folder)),
            _ablations(entries, thesaurus, Path(folder)),
        ]
        sizes = [int(size) for size in chosen.sizes.split(",")]
        parts += _speed(entries, thesaurus, sizes, Path(folder))
    write_section("search", "\n\n".join(parts))


def _site(instance: Path) -> tuple[list[Entry], Thesaurus]:
    settings = Settings(
        environment="test",
        instance=instance,
        content=str(PROJECT / "content"),
        database_url=f"sqlite:///{instance / 'portal.sqlite3'}",
        secret_key="k" * 40,
        mail="memory",
    )
    app = create_app(settings)
    prepare(app)
    with app.app_context():
        catalogue = portal().live.current()
        return search_service().indexer.entries(catalogue), thesaurus_of(catalogue)


def _introduction(entries: Sequence[Entry]) -> str:
    pages = len({entry.page for entry in entries})
    return (
        f"## Search\n\n{machine()}\n\n{len(entries)} entries of {pages} pages of this site's content, in "
        "two languages. Quality is measured on those queries of the held-out third (`tests/search/data/heldout.jsonl`) "
        f"that the content can answer by now: a page of grade {GOOD} or more counts for success and MRR. A label names "
        "every page that answers; peers are fed the same texts with the same weights of fields. Larger corpora are "
        "recombinations of the site's own texts."
    )


def _queries(name: str) -> list[Query]:
    return read_queries(DATA / f"{name}.jsonl")


def _answerable(name: str, entries: Sequence[Entry]) -> list[Query]:
    """The queries of which the content has the very page, and those that no page should answer."""
    known = {name for entry in entries for name in (entry.key, entry.page, entry.slug)}
    chosen = []
    for query in _queries(name):
        best = max(query.relevant.values(), default=0)
        if not query.relevant or any(page in known for page, grade in query.relevant.items() if grade == best):
            chosen.append(query)
    return chosen


def _quality(entries: Sequence[Entry], thesaurus: Thesaurus, folder: Path) -> str:
    queries = _answerable("heldout", entries)
    searcher = peers.ours(entries, folder / "quality", thesaurus)
    ours = figures(evaluated(searcher, queries, now=peers.NOW))
    rows = [
        [
            "**this site**",
            ours.success_1,
            ours.success_3,
            ours.mrr_10,
            ours.ndcg_10,
            ours.zero,
            ours.off_domain_answered,
        ]
    ]
    graded = {each.query.qid: each for each in evaluated(searcher, queries, now=peers.NOW)}
    engines: dict[str, peers.Search] = {
        "SQLite FTS5, porter, any word": peers.fts5(entries),
        "bm25s, Indonesian stems": peers.bm25(entries),
        "tantivy, any word": peers.tantivy_(entries),
        "Whoosh, any word": peers.whoosh_default(entries),
        "Whoosh, every word": peers.whoosh_default(entries, wants_all=True),
    }
    for name, search in engines.items():
        rows.append([name, *_peer_figures(search, queries, entries, graded)])
    head = ["engine", "success@1", "success@3", "MRR@10", "nDCG@10", "no result", "off-domain answered"]
    return table(head, [[_shown(cell) for cell in row] for row in rows])


def _shown(cell: object) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _peer_figures(
    search: peers.Search, queries: Sequence[Query], entries: Sequence[Entry], graded: dict[str, Evaluated]
) -> list[object]:
    pages: dict[str, set[str]] = {}
    for entry in entries:
        for name in (entry.key, entry.page, entry.slug):
            pages.setdefault(name, set()).add(entry.page)
    done = []
    for query in queries:
        results = tuple(dict.fromkeys(key.partition("#")[0] for key in search(query.query)))
        grades: dict[str, int] = {}
        for name, grade in query.relevant.items():
            for page in pages.get(name, ()):
                grades[page] = max(grades.get(page, 0), grade)
        tier = Tier.ANSWERS if results else Tier.NOTHING
        listed = tuple(grades.get(page, 0) for page in results)
        done.append(Evaluated(query, tier, listed, results, 0.0, graded[query.qid].ideal))
    peer = figures(done)
    return [peer.success_1, peer.success_3, peer.mrr_10, peer.ndcg_10, peer.zero, peer.off_domain_answered]


def _ablations(entries: Sequence[Entry], thesaurus: Thesaurus, folder: Path) -> str:
    view = peers.ours(entries, folder / "quality", thesaurus).view
    rows = []
    for name, switches in {
        "everything": Switches(),
        "without synonyms": Switches(synonyms=False),
        "without spelling": Switches(spelling=False),
        "without stems": Switches(stemming=False),
    }.items():
        done = figures(evaluated(Searcher(view, switches=switches), _answerable("heldout", entries), now=peers.NOW))
        rows.append([name, _shown(done.success_1), _shown(done.success_3), _shown(done.ndcg_10), _shown(done.zero)])
    return "What its parts are worth:\n\n" + table(["", "success@1", "success@3", "nDCG@10", "no result"], rows)


def recombined(entries: Sequence[Entry], count: int) -> list[Entry]:
    """As many entries as asked, with titles, keywords and sentences of the site's own in new combinations."""
    chance = random.Random(count)
    sentences = {
        code: [line for entry in entries for line in entry.text.get(code, "").split("\n") if len(line) > 30]
        for code in ("id", "en")
    }
    recombined_entries = []
    for number in range(count):
        entry, other = entries[number % len(entries)], chance.choice(entries)
        recombined_entries.append(
            msgspec.structs.replace(
                entry,
                key=f"faq/{number}",
                kind="faq",
                slug=str(number),
                part="",
                title={
                    code: f"{entry.title.get(code, '')} {_tail(other.title.get(code, ''))}" for code in ("id", "en")
                },
                keywords=other.keywords if number % 2 else entry.keywords,
                text={code: "\n".join(chance.choices(sentences[code], k=5)) for code in ("id", "en")},
                embedded={},
                pins=(),
            )
        )
    return recombined_entries


def _tail(text: str) -> str:
    return " ".join(text.split()[-3:])


def _speed(entries: Sequence[Entry], thesaurus: Thesaurus, sizes: Sequence[int], folder: Path) -> list[str]:
    rows, builds, bad = [], [], []
    for size in sizes:
        print(f"{size} documents …", file=sys.stderr)
        corpus = recombined(entries, size)
        searcher, engines, build = _engines(corpus, thesaurus, folder / str(size))
        times = _alternated(engines, size)
        for name, listed in times.items():
            rows.append([f"{size:,}", name, f"{statistics.median(listed):.3f}", f"{_quantile(listed, 0.95):.3f}"])
        builds.append([f"{size:,}", *_life(corpus, thesaurus, folder / str(size), searcher, build)])
        bad += _bad_input(searcher, size)
    speed = "CPU time of a query in ms, engines in turn:\n\n" + table(["documents", "engine", "p50", "p95"], rows)
    head = [
        "documents",
        "whole build, CPU s",
        "publish one page, wall s",
        "publish to found, wall s",
        "open, ms",
        "memory of a reader, MiB",
    ]
    message = "Bad input, CPU time in ms of the first search and the slowest suggestion (at most 20 are allowed):\n\n"
    return [
        speed,
        message + table(["documents", "slowest input", "search", "suggestion"], bad),
        "The life of the index:\n\n" + table(head, builds),
    ]


def _bad_input(searcher: Searcher, size: int) -> list[list[str]]:
    """The slowest of the bad inputs on a searcher that has seen none of them."""
    now = peers.NOW
    results = {name: _milliseconds(lambda: searcher.find(text, now=now)) for name, text in BAD_INPUT.items()}  # noqa: B023
    begun = [_milliseconds(lambda: searcher.suggest(text, now=now, most=6)) for text in BAD_INPUT.values()]  # noqa: B023
    slowest = max(results, key=lambda name: results[name])
    return [[f"{size:,}", slowest, f"{results[slowest]:.1f}", f"{max(begun):.1f}"]]


def _engines(
    corpus: list[Entry], thesaurus: Thesaurus, folder: Path
) -> tuple[Searcher, dict[str, peers.Search], float]:
    began = time.process_time()
    searcher = peers.ours(corpus, folder, thesaurus)
    build = time.process_time() - began
    return (
        searcher,
        {
            "**this site**, keys": peers.ids_of(searcher),
            "**this site**, 10 titles and snippets": peers.snippets_of(searcher),
            "SQLite FTS5, keys": peers.fts5(corpus),
            "bm25s, keys": peers.bm25(corpus),
            "tantivy, keys": peers.tantivy_(corpus),
            "Whoosh's own ranking, keys": peers.whoosh_default(corpus),
        },
        build,
    )


def _alternated(engines: dict[str, peers.Search], size: int) -> dict[str, list[float]]:
    queries = [query.query for name in ("tuning", "heldout") for query in _queries(name) if query.relevant]
    chance = random.Random(1)
    if size >= SLOW_FROM:
        queries = chance.sample(queries, SLOW_SAMPLE)
    for search in engines.values():
        search(queries[0])
    # A worker does not hold a corpus of Python objects that the collector would walk through.
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(ROUNDS if size < SLOW_FROM else 1):
        chance.shuffle(queries)
        for query in queries:
            order = list(engines)
            chance.shuffle(order)
            for name in order:
                times[name].append(_milliseconds(lambda: engines[name](query)))  # noqa: B023
    return times


def _milliseconds(run: Callable[[], object]) -> float:
    began = time.thread_time()
    run()
    return (time.thread_time() - began) * 1e3


def _quantile(listed: list[float], share: float) -> float:
    return sorted(listed)[int(len(listed) * share)]


def _life(corpus: list[Entry], thesaurus: Thesaurus, folder: Path, searcher: Searcher, build: float) -> list[str]:
    publishes, visible = [], []
    live = LiveIndex(folder)
    live.searcher()
    for turn in range(PUBLISHES):
        corpus[turn] = msgspec.structs.replace(corpus[turn], title={"id": f"Pengumuman nomor {turn} baru"})
        began = time.perf_counter()
        name = bring_up_to_date(folder, corpus, thesaurus).name
        publishes.append(time.perf_counter() - began)
        while live.searcher().view.name != name:
            time.sleep(0.002)
        visible.append(time.perf_counter() - began)
    began = time.perf_counter()
    Searcher(View(folder / name))
    opened = (time.perf_counter() - began) * 1e3
    command = [sys.executable, "-m", "bench.search", "--memory", str(folder / name)]
    memory = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout.strip()
    return [
        f"{build:.1f}",
        f"{statistics.median(publishes):.2f}",
        f"{statistics.median(visible):.2f}",
        f"{opened:.0f}",
        memory,
    ]


def _memory(folder: Path) -> str:
    queries = [query.query for query in _queries("tuning")]
    before = _anonymous_mib()
    search = peers.snippets_of(Searcher(View(folder)))
    for query in queries:
        search(query)
    return f"{_anonymous_mib() - before:.1f}"


def _anonymous_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) / 1024


if __name__ == "__main__":
    main()
