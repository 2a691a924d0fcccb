"""Concepts: what different words, spellings and languages mean in common."""

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
    """One record of the thesaurus: a concept's words, or other ways of writing a word.

    `alias` names one word by another (a short form, a foreign form); `spelling` mends what was typed in haste or in
    dialect, and the reader is told so. `same` names the concept in documents and queries; `near` points to it from
    queries only, with less weight. `subject` marks what this site is about: a query with none of it is probably for
    somebody else. `broad` marks words so general (price, place, when) that they only support others.
    `out_of_scope` (key `elsewhere`) marks what other offices and businesses deal with: a question that names it is
    never said to be answered here.
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
    """A concept found in a row of words, from `start` up to `end`."""

    concept: str
    start: int
    end: int
    near: bool


@dataclass(frozen=True)
class Thesaurus:
    """The compiled thesaurus. Concept terms begin with "#", so that no word can be mistaken for one."""

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

    def respelled(self, row: list[str]) -> list[str]:
        """The words with other spellings and names replaced by plain ones."""
        return [plain for word in row for plain in self.plain(word)]

    def names_out_of_scope(self, mentions: Iterable[Mention]) -> bool:
        """Whether one of the concepts is the business of somebody else."""
        return any(mention.concept in self.out_of_scope for mention in mentions)

    def in_scope(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The concepts that pages are about: all but the business of others."""
        return [mention for mention in mentions if mention.concept not in self.out_of_scope]

    def mentions(self, row: list[str], *, near: bool) -> list[Mention]:
        """Every concept mentioned in the words, longest first at each place; `near` includes hints of queries."""
        results: dict[tuple[str, int, int], bool] = {}
        for language in LANGUAGES:
            stems = [stem(word, language) for word in row]
            phrases, lengths = self.phrases[language], self._lengths[language]
            for start, first in enumerate(stems):
                if first not in lengths:
                    continue
                for length in range(min(lengths[first], len(row) - start), 0, -1):
                    for concept, is_near in phrases.get(tuple(stems[start : start + length]), ()):
                        if length == 1 and row[start] in STOPWORDS and row[start] not in self.vocabulary:
                            # A function word whose stem happens to be a word ("tetapi") says nothing.
                            continue
                        place = (concept, start, start + length)
                        if not is_near:
                            results[place] = False
                        elif near:
                            results.setdefault(place, True)
        listed = [Mention(concept, start, end, is_near) for (concept, start, end), is_near in results.items()]
        return sorted(listed, key=lambda mention: (mention.start, -mention.end, mention.near, mention.concept))


def compiled(records: Mapping[str, ConceptWords]) -> Thesaurus:
    """Compile records of content into a thesaurus; raises ValueError naming a phrase that has no words."""
    aliases = _rewritings(record.alias for record in records.values())
    spellings = _rewritings(record.spelling for record in records.values())
    phrases: dict[str, dict[tuple[str, ...], dict[str, bool]]] = {language: {} for language in LANGUAGES}
    plain = Thesaurus(aliases=aliases, spellings=spellings)
    vocabulary: set[str] = {*aliases, *spellings}
    for concept, record in records.items():
        for is_near, listed in ((False, record.same), (True, record.near)):
            for language, texts in listed.items():
                for text in texts:
                    row = plain.respelled(words(text))
                    if not row or len(row) > _LONGEST_PHRASE:
                        raise ValueError(f"Concept '{concept}': '{text}' must have 1 to {_LONGEST_PHRASE} words.")
                    vocabulary.update(row)
                    _add(phrases[language], tuple(stem(word, language) for word in row), concept, is_near=is_near)
    frozen = {
        language: {row: tuple(sorted(listed.items())) for row, listed in rows.items()}
        for language, rows in phrases.items()
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
        _lengths={language: _longest_by_first(rows) for language, rows in frozen.items()},
    )


def _rewritings(listed: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {written: tuple(words(plain)) for rewriting in listed for written, plain in rewriting.items()}


def _add(rows: dict[tuple[str, ...], dict[str, bool]], row: tuple[str, ...], concept: str, *, is_near: bool) -> None:
    listed = rows.setdefault(row, {})
    name = f"#{concept}"
    listed[name] = is_near and listed.get(name, True)


def _longest_by_first(rows: Mapping[tuple[str, ...], object]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for row in rows:
        longest[row[0]] = max(longest.get(row[0], 0), len(row))
    return longest


def _fingerprint(records: Mapping[str, ConceptWords]) -> str:
    return hashlib.blake2b(msgspec.json.encode(dict(sorted(records.items()))), digest_size=16).hexdigest()


def packed(thesaurus: Thesaurus) -> bytes:
    """The records as bytes, which travel with an index that was built with them."""
    return msgspec.json.encode(dict(thesaurus.records))


def unpacked(data: bytes) -> Thesaurus:
    """The thesaurus of records packed by `packed`; raises msgspec's errors on other bytes."""
    return compiled(msgspec.json.decode(data, type=dict[str, ConceptWords]))
