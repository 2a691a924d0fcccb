"""Units: the parts of a query, each with the terms that meet it and its share of the query, called its mass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.stems import stem
from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.thesaurus import Mention, Thesaurus
from portal.search.engine.index.view import View

PREFIX_WEIGHT = 0.6
"""The weight of a word that only begins with what was typed."""

_CONCEPT, _NEAR, _HINT, _INSIDE, _BROAD = 0.95, 0.7, 0.12, 0.35, 0.5


@dataclass(frozen=True)
class Unit:
    """A part of a query: pairs of term number and weight, and its mass, which grows with the rarity of its terms."""

    word: str
    terms: tuple[tuple[int, float], ...]
    mass: float


@dataclass(frozen=True)
class Switches:
    """Parts of the search that an evaluation may switch off."""

    synonyms: bool = True
    spelling: bool = True
    stemming: bool = True


class UnitMaker:
    """Makes the units of one query from the concepts that it mentions."""

    def __init__(self, view: View, thesaurus: Thesaurus, switches: Switches, mentions: Sequence[Mention]) -> None:
        """Bind the index and the concepts that the query mentions; a maker serves one query only."""
        self._view, self._thesaurus, self._switches = view, thesaurus, switches
        self._mentions = mentions
        self._hints = Counter(concept for concept, _ in {(mention.concept, mention.start) for mention in mentions})
        self._seen: set[str] = set()
        self._unknown: list[str] = []

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that no document and no concept has."""
        return tuple(self._unknown)

    @property
    def on_subject(self) -> float:
        """Whether the query names what this site is about: 1 by name, a half by a hint, else 0."""
        hints = [mention.near for mention in self._mentions if mention.concept in self._thesaurus.subjects]
        return 0.0 if not hints else 0.5 if all(hints) else 1.0

    def units(self, tokens: list[str], *, completions: Callable[[str], list[str]]) -> tuple[Unit, ...]:
        """The units of the words in order; `completions` gives words that begin with an unknown one."""
        units: list[Unit] = []
        start = 0
        while start < len(tokens):
            starting = [mention for mention in self._mentions if mention.start == start]
            end = max((mention.end for mention in starting), default=start + 1)
            longest = [mention for mention in starting if mention.end == end]
            if end - start > 1:
                units += self._phrase(tokens, start, end, longest)
            else:
                unit = self._single(tokens[start], longest, completions)
                if unit is not None:
                    units.append(unit)
            start = end
        return tuple(units)

    def _single(self, word: str, mentions: list[Mention], completions: Callable[[str], list[str]]) -> Unit | None:
        fresh = [mention for mention in mentions if mention.concept not in self._seen]
        if word in self._seen or (word in STOPWORDS and not fresh):
            return None
        self._seen.add(word)
        is_repetition = bool(mentions) and not fresh
        # A second word for the same concept ("how much does it cost") modifies it and asks for nothing more.
        share = _INSIDE if is_repetition else 1.0
        unit = self._unit(word, {**self._stems(word, share), **self._concepts(fresh)}, fresh)
        if is_repetition:
            return replace(unit, mass=unit.mass * share) if unit.terms else None
        if unit.terms:
            return unit
        if not mentions and self._switches.spelling and len(word) >= 4 and word.isalpha():
            unit = self._completed(unit, completions(word))
        if not unit.terms:
            self._unknown.append(word)
        return unit

    def _completed(self, unit: Unit, words: list[str]) -> Unit:
        terms = {term: PREFIX_WEIGHT for word in words for term in self._view.meanings(self._view.word_number[word])}
        return replace(unit, terms=tuple(sorted(terms.items())))

    def _phrase(self, tokens: list[str], start: int, end: int, mentions: list[Mention]) -> list[Unit]:
        fresh = [mention for mention in mentions if mention.concept not in self._seen]
        units = [self._unit(" ".join(tokens[start:end]), self._concepts(fresh), fresh)] if fresh else []
        for position in range(start, end):
            word = tokens[position]
            if word in STOPWORDS or word in self._seen:
                continue
            self._seen.add(word)
            # A word of a phrase and its own concept count less than the phrase.
            terms = self._stems(word, _INSIDE)
            for mention in self._mentions:
                is_word_alone = mention.start == position and mention.end == position + 1
                if is_word_alone and not mention.near and mention.concept not in self._seen:
                    terms[mention.concept] = _INSIDE
            unit = self._unit(word, terms, ())
            if unit.terms:
                units.append(replace(unit, mass=unit.mass * _INSIDE))
        return units

    def _stems(self, word: str, weight: float) -> dict[str, float]:
        if word in STOPWORDS:
            return {}
        stems = {stem(word, language) if self._switches.stemming else word for language in LANGUAGES}
        rarity = {term: self._view.rarity[self._view.terms[term]] for term in stems if term in self._view.terms}
        lowest = min(rarity.values(), default=1.0)
        # The stem of the wrong language is rare without being more specific.
        return {term: weight * lowest / rarity.get(term, lowest) for term in stems}

    def _concepts(self, mentions: Sequence[Mention]) -> dict[str, float]:
        weights: dict[str, float] = {}
        for mention in mentions:
            self._seen.add(mention.concept)
            # Two hints at one concept ("vlogger", "video") are as good as its name.
            hints = self._hints[mention.concept] - 1
            weights[mention.concept] = min(_NEAR + _HINT * hints, 1.0) if mention.near else _CONCEPT
        return weights

    def _unit(self, word: str, weights: dict[str, float], mentions: Sequence[Mention]) -> Unit:
        terms = [(self._view.terms[term], weight) for term, weight in weights.items() if term in self._view.terms]
        # The mass is the rarity of the most frequent term.
        mass = min((self._view.rarity[term] for term, _ in terms), default=self._view.rarest)
        concepts = {mention.concept for mention in mentions}
        if concepts and concepts <= self._thesaurus.broad:
            mass *= _BROAD
            terms = [(term, weight * _BROAD) for term, weight in terms]
        elif concepts:
            mass *= 1.0 + 0.25 * min(max(self._hints[concept] for concept in concepts) - 1, 2)
        return Unit(word, tuple(terms), mass)
