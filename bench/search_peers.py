"""The engines that search is measured against, each with sensible settings and fed the same texts."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import Stemmer
import tantivy
from whoosh import fields, index, qparser

from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.building import bring_up_to_date
from portal.search.engine.index.entry import Entry, filled
from portal.search.engine.index.view import View
from portal.search.engine.query.searcher import Searcher

NOW = 1_795_000_000.0
TOP = 10

Search = Callable[[str], list[str]]
FIELDS = ("title", "keywords", "summary", "text")


def texts_of(entry: Entry) -> dict[str, str]:
    """The four fields of an entry with both languages in each."""
    return {
        "title": " ".join(entry.title.values()),
        "keywords": " ".join(word for listed in entry.keywords.values() for word in listed),
        "summary": " ".join(entry.summary.values()),
        "text": " ".join(filled(text, lambda _kind, _id: " ") for text in entry.text.values()),
    }


def words_of(text: str) -> list[str]:
    """The words of a query as peers take them."""
    return re.findall(r"\w+", text.lower())


def ours(entries: Sequence[Entry], folder: Path, thesaurus: Thesaurus) -> Searcher:
    """The site's own engine on these entries."""
    return Searcher(View(folder / bring_up_to_date(folder, entries, thesaurus).name))


def ids_of(searcher: Searcher) -> Search:
    """Searches for keys alone."""

    def search(text: str) -> list[str]:
        return [searcher.view.keys[parts.document] for parts in searcher.find(text, now=NOW).documents[:TOP]]

    return search


def snippets_of(searcher: Searcher) -> Search:
    """Searches and makes what a results page shows: ten titles and snippets with marked words."""

    def search(text: str) -> list[str]:
        result = searcher.find(text, now=NOW)
        mark = searcher.highlighter(result.plan)
        return [
            mark.marked(one.title.get("id", ""))
            + mark.snippet(one.summary.get("id", ""), one.text.get("id", ""), fill=lambda _kind, _id: "")
            for one in searcher.entries(result.documents[:TOP])
        ]

    return search


def fts5(entries: Sequence[Entry]) -> Search:
    """SQLite FTS5: unicode61 with porter, any word may match, fields weighted as ours are."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE docs USING fts5(key UNINDEXED, title, keywords, summary, text, "
        "tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    rows = [(entry.key, *texts_of(entry).values()) for entry in entries]
    database.executemany("INSERT INTO docs VALUES (?, ?, ?, ?, ?)", rows)

    def search(text: str) -> list[str]:
        query = " OR ".join(f'"{word}"' for word in words_of(text))
        if not query:
            return []
        message = "SELECT key FROM docs WHERE docs MATCH ? ORDER BY bm25(docs, 0, 4, 2, 1.5, 1) LIMIT 10"
        return [key for (key,) in database.execute(message, (query,))]

    return search


def bm25(entries: Sequence[Entry]) -> Search:
    """bm25s with the Indonesian stemmer of Snowball and stop words."""
    stemmer = Stemmer.Stemmer("indonesian")
    options: dict[str, Any] = {"stopwords": list(STOPWORDS), "stemmer": stemmer, "show_progress": False}
    texts = [" ".join([item["title"]] * 3 + list(item.values())) for item in map(texts_of, entries)]
    engine = bm25s.BM25()
    engine.index(bm25s.tokenize(texts, **options), show_progress=False)
    keys = [entry.key for entry in entries]

    def search(text: str) -> list[str]:
        tokens = bm25s.tokenize([text.lower()], return_ids=False, **options)
        if not tokens[0]:
            return []
        item, scores = engine.retrieve(tokens, k=min(TOP, len(keys)), show_progress=False)
        return [keys[number] for number, score in zip(item[0], scores[0], strict=True) if score > 0]

    return search


def tantivy_(entries: Sequence[Entry]) -> Search:
    """tantivy with its default tokenizer, any word may match, fields weighted as ours are."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw")
    for name in FIELDS:
        builder.add_text_field(name, stored=False)
    engine = tantivy.Index(builder.build())
    writer = engine.writer(heap_size=64_000_000, num_threads=1)
    for entry in entries:
        writer.add_document(
            tantivy.Document(key=[entry.key], **{name: [text] for name, text in texts_of(entry).items()})
        )
    writer.commit()
    writer.wait_merging_threads()
    engine.reload()
    searcher = engine.searcher()
    boosts = {"title": 4.0, "keywords": 2.0, "summary": 1.5, "text": 1.0}

    def search(text: str) -> list[str]:
        query = " ".join(words_of(text))
        if not query:
            return []
        parsed, _errors = engine.parse_query_lenient(query, list(FIELDS), field_boosts=boosts)
        return [searcher.doc(address)["key"][0] for _score, address in searcher.search(parsed, TOP).hits]

    return search


def whoosh_default(entries: Sequence[Entry], *, wants_all: bool = False) -> Search:
    """Whoosh as its documentation shows it: a multi-field parser; any word may match, or with `wants_all` every one."""
    schema = fields.Schema(
        key=fields.ID(stored=True),
        title=fields.TEXT(field_boost=4.0),
        keywords=fields.TEXT(field_boost=2.0),
        summary=fields.TEXT(field_boost=1.5),
        text=fields.TEXT,
    )
    engine = index.create_in(tempfile.mkdtemp(prefix="bench-whoosh-"), schema)
    writer = engine.writer(limitmb=256)
    for entry in entries:
        writer.add_document(key=entry.key, **texts_of(entry))
    writer.commit()
    searcher = engine.searcher()
    group = qparser.AndGroup if wants_all else qparser.OrGroup
    parser = qparser.MultifieldParser(list(FIELDS), schema, group=group)

    def search(text: str) -> list[str]:
        return [hit["key"] for hit in searcher.search(parser.parse(" ".join(words_of(text))), limit=TOP)]

    return search
