"""Concepts: what different words, spellings and languages mean in common."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from portal.search.engine.stems import stem
from portal.search.engine.text import words

LANGUAGES = ("id", "en")
_LONGEST_PHRASE = 6

Phrases = dict[str, list[str]]


class ConceptWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One record of the thesaurus: a concept's words, or everyday spellings of plain words.

    `same` names the concept in documents and queries; `near` points to it from queries only, with less weight.
    `subject` marks what this site is about: a query with none of it is probably for somebody else.
    `broad` marks words so general (price, place, when) that they only support others.
    """

    same: Phrases = {}
    near: Phrases = {}
    spelling: dict[str, str] = {}
    subject: bool = False
    broad: bool = False
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

    spellings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, Mapping[tuple[str, ...], tuple[tuple[str, bool], ...]]]
    subjects: frozenset[str]
    broad: frozenset[str]
    vocabulary: frozenset[str]
    fingerprint: str
    _lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def respelled(self, row: list[str]) -> list[str]:
        """The words with everyday and chat spellings replaced by plain ones."""
        plain: list[str] = []
        for word in row:
            plain.extend(self.spellings.get(word, (word,)))
        return plain

    def mentions(self, row: list[str], *, near: bool) -> list[Mention]:
        """Every concept mentioned in the words, longest first at each place; `near` includes hints of queries."""
        found: dict[tuple[str, int, int], bool] = {}
        for language in LANGUAGES:
            stems = [stem(word, language) for word in row]
            phrases, lengths = self.phrases[language], self._lengths[language]
            for start, first in enumerate(stems):
                for length in range(min(lengths.get(first, 0), len(row) - start), 0, -1):
                    for concept, is_near in phrases.get(tuple(stems[start : start + length]), ()):
                        place = (concept, start, start + length)
                        if not is_near:
                            found[place] = False
                        elif near:
                            found.setdefault(place, True)
        listed = [Mention(concept, start, end, is_near) for (concept, start, end), is_near in found.items()]
        return sorted(listed, key=lambda mention: (mention.start, -mention.end, mention.near, mention.concept))


def compiled(records: Mapping[str, ConceptWords]) -> Thesaurus:
    """Compile records of content into a thesaurus; raises ValueError naming a phrase that has no words."""
    spellings = {
        written: tuple(words(plain))
        for record in records.values()
        for written, plain in record.spelling.items()
    }
    phrases: dict[str, dict[tuple[str, ...], dict[str, bool]]] = {language: {} for language in LANGUAGES}
    vocabulary: set[str] = set(spellings)
    for concept, record in records.items():
        for is_near, listed in ((False, record.same), (True, record.near)):
            for language, texts in listed.items():
                for text in texts:
                    row = _phrase(text, concept=concept, spellings=spellings)
                    vocabulary.update(row)
                    _add(phrases[language], tuple(stem(word, language) for word in row), concept, is_near=is_near)
    frozen = {
        language: {row: tuple(sorted(listed.items())) for row, listed in rows.items()}
        for language, rows in phrases.items()
    }
    return Thesaurus(
        spellings=spellings,
        phrases=frozen,
        subjects=frozenset(f"#{concept}" for concept, record in records.items() if record.subject),
        broad=frozenset(f"#{concept}" for concept, record in records.items() if record.broad),
        vocabulary=frozenset(vocabulary),
        fingerprint=_fingerprint(records),
        _lengths={language: _longest_by_first(rows) for language, rows in frozen.items()},
    )


def _phrase(text: str, *, concept: str, spellings: Mapping[str, tuple[str, ...]]) -> list[str]:
    row = [plain for word in words(text) for plain in spellings.get(word, (word,))]
    if not row or len(row) > _LONGEST_PHRASE:
        raise ValueError(f"Concept '{concept}': '{text}' must have 1 to {_LONGEST_PHRASE} words.")
    return row


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
