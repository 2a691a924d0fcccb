"""Analysis of an entry: its weighted terms, the terms of its written words, and the terms of its titles.

A term is a stem, a concept of the thesaurus ("#passport") or a phrase key ("=lost #passport").
"""

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
class AnalysedEntry:
    """`terms` gives count and summed weight by term, `word_terms` the terms of each written word.

    `titles` gives by language the terms at each position of the title.
    """

    terms: dict[str, tuple[int, float]]
    word_terms: dict[str, tuple[str, ...]]
    titles: dict[str, tuple[tuple[str, ...], ...]]


def analyse_entry(entry: Entry, thesaurus: Thesaurus) -> AnalysedEntry:
    """Analyse an entry in every language."""
    counts: Counter[str] = Counter()
    weights: defaultdict[str, float] = defaultdict(float)
    word_terms: dict[str, set[str]] = {}
    titles: dict[str, tuple[tuple[str, ...], ...]] = {}
    for language in LANGUAGES:
        for weight, text in _parts(entry, language):
            for position in terms_of(text, language, thesaurus, word_terms=word_terms):
                for term in position:
                    counts[term] += 1
                    weights[term] += weight
        titles[language] = tuple(terms_of(entry.title.get(language, ""), language, thesaurus))
    terms = {term: (count, weights[term]) for term, count in counts.items()}
    # A phrase is looked up whole; it adds nothing to the length of the document.
    terms |= dict.fromkeys(_phrases(entry, thesaurus), (0, 1.0))
    return AnalysedEntry(
        terms=terms,
        word_terms={word: tuple(sorted(terms)) for word, terms in word_terms.items()},
        titles=titles,
    )


def terms_of(
    text: str, language: str, thesaurus: Thesaurus, *, word_terms: dict[str, set[str]] | None = None
) -> list[tuple[str, ...]]:
    """The terms of a text by position: the word's stem, then the concepts that begin there.

    Positions without a term are left out. The terms of each word are added to `word_terms`.
    """
    tokens = thesaurus.respelled(words(text))
    mentions = thesaurus.in_scope(thesaurus.mentions(tokens, near=False))
    concepts: dict[int, list[str]] = {}
    for mention in mentions:
        concepts.setdefault(mention.start, []).append(mention.concept)
    if word_terms is not None:
        _add_word_terms(tokens, language, mentions, word_terms)
    positions: list[tuple[str, ...]] = []
    for number, word in enumerate(tokens):
        terms = [] if word in STOPWORDS else [stem(word, language)]
        terms += dict.fromkeys(concepts.get(number, ()))
        if terms:
            positions.append(tuple(terms))
    return positions


def _add_word_terms(tokens: list[str], language: str, mentions: list[Mention], word_terms: dict[str, set[str]]) -> None:
    for word in tokens:
        if word not in STOPWORDS:
            word_terms.setdefault(word, set()).add(stem(word, language))
    for mention in mentions:
        for word in tokens[mention.start : mention.end]:
            if word not in STOPWORDS:
                word_terms[word].add(mention.concept)


def phrase_key(tokens: list[str], mentions: list[Mention]) -> str:
    """What a short phrase asks for, without order and language: equal for two wordings of one question.

    It begins with "=" and can be looked up as a term; it is "" when nothing is left of the phrase. Of the `mentions`
    of concepts, hints do not count.
    """
    parts: set[str] = set()
    start = 0
    while start < len(tokens):
        starting = [mention for mention in mentions if mention.start == start and not mention.near]
        end = max((mention.end for mention in starting), default=start + 1)
        concepts = [mention.concept for mention in starting if mention.end == end]
        parts.update(concepts)
        if not concepts and tokens[start] not in STOPWORDS:
            parts.add(stem_in_all(tokens[start]))
        start = end
    return "=" + " ".join(sorted(parts)) if parts else ""


def phrase_key_of(text: str, thesaurus: Thesaurus) -> str:
    """The phrase key of a text as it was typed."""
    tokens = thesaurus.respelled(words(text))
    return phrase_key(tokens, thesaurus.in_scope(thesaurus.mentions(tokens, near=False)))


def _phrases(entry: Entry, thesaurus: Thesaurus) -> set[str]:
    texts = [*entry.title.values(), *(keyword for keywords in entry.keywords.values() for keyword in keywords)]
    return {phrase_key_of(text, thesaurus) for text in texts} - {""}


def _parts(entry: Entry, language: str) -> list[tuple[float, str]]:
    return [
        (TITLE, entry.title.get(language, "")),
        *((KEYWORDS, keyword) for keyword in entry.keywords.get(language, ())),
        (SUMMARY, entry.summary.get(language, "")),
        (SUMMARY, entry.page_title.get(language, "")),
        (TEXT, filled(entry.text.get(language, ""), lambda _kind, _id: " ")[:_LONGEST_TEXT]),
        (TEXT, entry.embedded.get(language, "")),
    ]
