"""The thesaurus: concepts that different words, spellings and languages have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.stems import stem
from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.text import words

_LONGEST_PHRASE = 6

Phrases = dict[str, list[str]]


class ConceptWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record of the thesaurus: the words of a concept, or other ways of writing a word.

    `alias` maps a word to another name of it (a short form, a foreign form); `spelling` corrects misspelled and dialect
    words, which the page of results mentions. `same` names the concept in documents and queries; `near` points to it
    from queries only, with less weight. `subject` marks what this site is about: a query without it is probably for
    another office. `broad` marks words so general (price, place, when) that they only support others. `out_of_scope`
    (key `elsewhere`) marks what other offices and businesses deal with: a question that names it is never said to be
    answered here.
    """

    same: Phrases = {}
    near: Phrases = {}
    alias: dict[str, str] = {}
    spelling: dict[str, str] = {}
    subject: bool = False
    broad: bool = False
    out_of_scope: bool = msgspec.field(default=False, name="elsewhere")
    note: str = ""


@dataclass(frozen=True)
class Mention:
    """A concept named by the words from `start` up to `end`; `near` is a hint at it."""

    concept: str
    start: int
    end: int
    near: bool


@dataclass(frozen=True)
class Thesaurus:
    """The compiled thesaurus. Concept terms begin with "#", so that no word can be mistaken for one.

    `phrases` gives by language, for the stems of each phrase, pairs of concept and whether it is only a hint;
    `_lengths` gives by language and first stem the most words of a phrase. `vocabulary` are all words that it uses.
    """

    aliases: Mapping[str, tuple[str, ...]]
    spellings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, Mapping[tuple[str, ...], tuple[tuple[str, bool], ...]]] = field(default_factory=dict)
    subjects: frozenset[str] = frozenset()
    broad: frozenset[str] = frozenset()
    out_of_scope: frozenset[str] = frozenset()
    vocabulary: frozenset[str] = frozenset()
    fingerprint: str = ""
    records: Mapping[str, ConceptWords] = field(default_factory=dict)
    _lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def plain(self, word: str) -> tuple[str, ...]:
        """The plain words for one word: its usual spelling, and then the name that it is an alias of."""
        spelled = self.spellings.get(word, (word,))
        return tuple(plain for each in spelled for plain in self.aliases.get(each, (each,)))

    def respelled(self, tokens: list[str]) -> list[str]:
        """The words with other spellings and names replaced by plain ones."""
        return [plain for word in tokens for plain in self.plain(word)]

    def names_out_of_scope(self, mentions: Iterable[Mention]) -> bool:
        """Whether one of the concepts is what other offices deal with."""
        return any(mention.concept in self.out_of_scope for mention in mentions)

    def in_scope(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The concepts without those that other offices deal with."""
        return [mention for mention in mentions if mention.concept not in self.out_of_scope]

    def mentions(self, tokens: list[str], *, near: bool) -> list[Mention]:
        """The concepts that the words mention, longest first at each position; `near` includes hints."""
        hints: dict[tuple[str, int, int], bool] = {}
        for language in LANGUAGES:
            stems = [stem(word, language) for word in tokens]
            phrases, lengths = self.phrases[language], self._lengths[language]
            for start, first in enumerate(stems):
                if first not in lengths:
                    continue
                for length in range(min(lengths[first], len(tokens) - start), 0, -1):
                    for concept, is_near in phrases.get(tuple(stems[start : start + length]), ()):
                        if length == 1 and tokens[start] in STOPWORDS and tokens[start] not in self.vocabulary:
                            # A function word whose stem happens to be a word ("tetapi") says nothing.
                            continue
                        span = (concept, start, start + length)
                        if not is_near:
                            hints[span] = False
                        elif near:
                            hints.setdefault(span, True)
        mentions = [Mention(concept, start, end, is_near) for (concept, start, end), is_near in hints.items()]
        return sorted(mentions, key=lambda mention: (mention.start, -mention.end, mention.near, mention.concept))


def compile_thesaurus(records: Mapping[str, ConceptWords]) -> Thesaurus:
    """Compile records of content into a thesaurus; raises ValueError naming a phrase that has no words."""
    aliases = _rewritings(record.alias for record in records.values())
    spellings = _rewritings(record.spelling for record in records.values())
    phrases: dict[str, dict[tuple[str, ...], dict[str, bool]]] = {language: {} for language in LANGUAGES}
    plain = Thesaurus(aliases=aliases, spellings=spellings)
    vocabulary: set[str] = {*aliases, *spellings}
    for concept, record in records.items():
        for is_near, phrases_by_language in ((False, record.same), (True, record.near)):
            for language, texts in phrases_by_language.items():
                for text in texts:
                    tokens = plain.respelled(words(text))
                    if not tokens or len(tokens) > _LONGEST_PHRASE:
                        raise ValueError(f"Concept '{concept}': '{text}' must have 1 to {_LONGEST_PHRASE} words.")
                    vocabulary.update(tokens)
                    stems = tuple(stem(word, language) for word in tokens)
                    concepts = phrases[language].setdefault(stems, {})
                    concepts[f"#{concept}"] = is_near and concepts.get(f"#{concept}", True)
    frozen = {
        language: {stems: tuple(sorted(concepts.items())) for stems, concepts in by_stems.items()}
        for language, by_stems in phrases.items()
    }
    return Thesaurus(
        aliases=aliases,
        spellings=spellings,
        phrases=frozen,
        subjects=frozenset(f"#{concept}" for concept, record in records.items() if record.subject),
        broad=frozenset(f"#{concept}" for concept, record in records.items() if record.broad),
        out_of_scope=frozenset(f"#{concept}" for concept, record in records.items() if record.out_of_scope),
        vocabulary=frozenset(vocabulary),
        fingerprint=_fingerprint(records),
        records=records,
        _lengths={language: _longest_by_first(by_stems) for language, by_stems in frozen.items()},
    )


def _rewritings(rewritings: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {word: tuple(words(plain)) for rewriting in rewritings for word, plain in rewriting.items()}


def _longest_by_first(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for stems in phrases:
        longest[stems[0]] = max(longest.get(stems[0], 0), len(stems))
    return longest


def _fingerprint(records: Mapping[str, ConceptWords]) -> str:
    return hashlib.blake2b(msgspec.json.encode(dict(sorted(records.items()))), digest_size=16).hexdigest()


def encode_thesaurus(thesaurus: Thesaurus) -> bytes:
    """The records as the JSON that is stored in an index built with them."""
    return msgspec.json.encode(dict(thesaurus.records))


def decode_thesaurus(data: bytes) -> Thesaurus:
    """The thesaurus encoded by `encode_thesaurus`; raises msgspec's errors on other bytes."""
    return compile_thesaurus(msgspec.json.decode(data, type=dict[str, ConceptWords]))
