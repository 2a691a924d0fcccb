"""What of an entry is indexed: weighted terms, the words as written, and the words of its titles."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.stems import stem, stem_in_all
from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.text import words
from portal.search.engine.analysis.thesaurus import Mention, Thesaurus
from portal.search.engine.index.entry import Entry, filled

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
    weights: defaultdict[str, float] = defaultdict(float)
    written: dict[str, set[str]] = {}
    titles: dict[str, tuple[tuple[str, ...], ...]] = {}
    for language in LANGUAGES:
        for weight, text in _parts(entry, language):
            for row in terms_of(text, language, thesaurus, written=written):
                for term in row:
                    counts[term] += 1
                    weights[term] += weight
        titles[language] = tuple(terms_of(entry.title.get(language, ""), language, thesaurus))
    terms = {term: (count, weights[term]) for term, count in counts.items()}
    # A phrase is looked up whole; it adds nothing to the length of the document.
    terms |= dict.fromkeys(_phrases(entry, thesaurus), (0, 1.0))
    return Analysed(
        terms=terms,
        written={word: tuple(sorted(terms)) for word, terms in written.items()},
        titles=titles,
    )


def terms_of(
    text: str, language: str, thesaurus: Thesaurus, *, written: dict[str, set[str]] | None = None
) -> list[tuple[str, ...]]:
    """The terms of a text, one row per place: the word's stem, then the concepts that begin there."""
    row = thesaurus.respelled(words(text))
    mentions = thesaurus.in_scope(thesaurus.mentions(row, near=False))
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


def phrase_key(row: list[str], mentions: list[Mention]) -> str:
    """What a short phrase asks for, in no order and no language: equal for two wordings of one question.

    It begins with "=" and can be looked up as a term; it is empty when nothing is left of the phrase. Of the
    `mentions` of concepts in the row, hints do not count.
    """
    meant: set[str] = set()
    at = 0
    while at < len(row):
        here = [mention for mention in mentions if mention.start == at and not mention.near]
        end = max((mention.end for mention in here), default=at + 1)
        chosen = [mention.concept for mention in here if mention.end == end]
        meant.update(chosen)
        if not chosen and row[at] not in STOPWORDS:
            meant.add(stem_in_all(row[at]))
        at = end
    return "=" + " ".join(sorted(meant)) if meant else ""


def phrase_key_of(text: str, thesaurus: Thesaurus) -> str:
    """The phrase key of a text as it was typed."""
    row = thesaurus.respelled(words(text))
    return phrase_key(row, thesaurus.in_scope(thesaurus.mentions(row, near=False)))


def _phrases(entry: Entry, thesaurus: Thesaurus) -> set[str]:
    texts = [*entry.title.values(), *(phrase for listed in entry.keywords.values() for phrase in listed)]
    keys = {phrase_key_of(text, thesaurus) for text in texts}
    return keys - {""}


def _nothing(_kind: str, _id: str) -> str:
    return " "


def _parts(entry: Entry, language: str) -> list[tuple[float, str]]:
    return [
        (TITLE, entry.title.get(language, "")),
        *((KEYWORDS, keyword) for keyword in entry.keywords.get(language, ())),
        (SUMMARY, entry.summary.get(language, "")),
        (SUMMARY, entry.page_title.get(language, "")),
        (TEXT, filled(entry.text.get(language, ""), _nothing)[:_LONGEST_TEXT]),
        (TEXT, entry.embedded.get(language, "")),
    ]
