"""What of an entry is indexed: weighted terms, the words as written, and the words of its titles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from portal.search.engine.entry import Entry
from portal.search.engine.stems import stem
from portal.search.engine.stopwords import STOPWORDS
from portal.search.engine.text import words
from portal.search.engine.thesaurus import LANGUAGES, Mention, Thesaurus

TITLE, KEYWORDS, SUMMARY, TEXT = 4.0, 2.0, 1.5, 1.0
_LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Analysed:
    """The terms of one entry with their summed weights and counts, its written words, its titles as rows of terms."""

    terms: dict[str, tuple[int, float]]
    written: dict[str, tuple[str, ...]]
    titles: dict[str, tuple[tuple[str, ...], ...]]


def analysed(entry: Entry, thesaurus: Thesaurus) -> Analysed:
    """Analyse both languages of an entry."""
    counts: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    written: dict[str, set[str]] = {}
    titles: dict[str, tuple[tuple[str, ...], ...]] = {}
    for language in LANGUAGES:
        for weight, text in _parts(entry, language):
            for row in terms_of(text, language, thesaurus, written=written):
                for term in row:
                    counts[term] += 1
                    weights[term] += weight
        titles[language] = tuple(terms_of(entry.title.get(language, ""), language, thesaurus))
    return Analysed(
        terms={term: (count, weights[term]) for term, count in counts.items()},
        written={word: tuple(sorted(terms)) for word, terms in written.items()},
        titles=titles,
    )


def terms_of(
    text: str, language: str, thesaurus: Thesaurus, *, written: dict[str, set[str]] | None = None
) -> list[tuple[str, ...]]:
    """The terms of a text, one row per place: the word's stem, then the concepts that begin there."""
    row = thesaurus.respelled(words(text))
    mentions = thesaurus.mentions(row, near=False)
    concepts: dict[int, list[str]] = {}
    for mention in mentions:
        concepts.setdefault(mention.start, []).append(mention.concept)
    if written is not None:
        _note_written(row, language, mentions, written)
    listed: list[tuple[str, ...]] = []
    for place, word in enumerate(row):
        terms = [] if word in STOPWORDS else [stem(word, language)]
        terms += dict.fromkeys(concepts.get(place, ()))
        if terms:
            listed.append(tuple(terms))
    return listed


def _note_written(row: list[str], language: str, mentions: list[Mention], written: dict[str, set[str]]) -> None:
    for word in row:
        if word not in STOPWORDS:
            written.setdefault(word, set()).add(stem(word, language))
    for mention in mentions:
        for word in row[mention.start : mention.end]:
            if word not in STOPWORDS:
                written[word].add(mention.concept)


def _parts(entry: Entry, language: str) -> list[tuple[float, str]]:
    return [
        (TITLE, entry.title.get(language, "")),
        *((KEYWORDS, keyword) for keyword in entry.keywords.get(language, ())),
        (SUMMARY, entry.summary.get(language, "")),
        (SUMMARY, entry.page_title.get(language, "")),
        (TEXT, entry.text.get(language, "")[:_LONGEST_TEXT]),
    ]
