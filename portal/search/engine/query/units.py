"""Units: the things that a query asks for, each with the terms that meet it and its share of the query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.stems import stem
from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.thesaurus import Mention, Thesaurus
from portal.search.engine.index.view import View

BEGINNING = 0.6
"""The weight of a word that only begins with what was typed."""

_CONCEPT, _NEAR, _HINT, _INSIDE, _BROAD = 0.95, 0.7, 0.12, 0.35, 0.5


@dataclass(frozen=True)
class Unit:
    """One thing asked for: terms that meet it with their weights, and its share of the query."""

    word: str
    terms: tuple[tuple[int, float], ...]
    mass: float


@dataclass(frozen=True)
class Switches:
    """Parts that an evaluation may switch off to see what they are worth."""

    synonyms: bool = True
    spelling: bool = True
    stemming: bool = True


class UnitMaker:
    """Makes the units of one query from the concepts that it mentions."""

    def __init__(self, view: View, thesaurus: Thesaurus, switches: Switches, mentions: Sequence[Mention]) -> None:
        """Bind what the query is read against; a maker serves one query only."""
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
        named = [mention.near for mention in self._mentions if mention.concept in self._thesaurus.subjects]
        return 0.0 if not named else 0.5 if all(named) else 1.0

    def units(self, row: list[str], *, completions: Callable[[str], list[str]]) -> tuple[Unit, ...]:
        """The units of the words in order; `completions` gives words that begin with an unknown one."""
        units: list[Unit] = []
        at = 0
        while at < len(row):
            here = [mention for mention in self._mentions if mention.start == at]
            end = max((mention.end for mention in here), default=at + 1)
            chosen = [mention for mention in here if mention.end == end]
            if end - at > 1:
                units += self._phrase(row, at, end, chosen)
            else:
                unit = self._single(row[at], chosen, completions)
                if unit is not None:
                    units.append(unit)
            at = end
        return tuple(units)

    def _single(self, word: str, mentions: list[Mention], completions: Callable[[str], list[str]]) -> Unit | None:
        fresh = [mention for mention in mentions if mention.concept not in self._seen]
        if word in self._seen or (word in STOPWORDS and not fresh):
            return None
        self._seen.add(word)
        again = bool(mentions) and not fresh
        # A second word for what was asked already ("how much does it cost") is a shade of it, not another wish.
        share = _INSIDE if again else 1.0
        unit = self._unit(word, {**self._stems(word, share), **self._concepts(fresh)}, fresh)
        if again:
            return replace(unit, mass=unit.mass * share) if unit.terms else None
        if unit.terms:
            return unit
        if not mentions and self._switches.spelling and len(word) >= 4 and word.isalpha():
            unit = self._begun(unit, completions(word))
        if not unit.terms:
            self._unknown.append(word)
        return unit

    def _begun(self, unit: Unit, words: list[str]) -> Unit:
        terms = {term: BEGINNING for word in words for term in self._view.meanings(self._view.word_number[word])}
        return replace(unit, terms=tuple(sorted(terms.items())))

    def _phrase(self, row: list[str], start: int, end: int, chosen: list[Mention]) -> list[Unit]:
        fresh = [mention for mention in chosen if mention.concept not in self._seen]
        units = [self._unit(" ".join(row[start:end]), self._concepts(fresh), fresh)] if fresh else []
        for place in range(start, end):
            word = row[place]
            if word in STOPWORDS or word in self._seen:
                continue
            self._seen.add(word)
            # Inside a phrase a word and its own concept still help, but the phrase says what is meant.
            terms = self._stems(word, _INSIDE)
            for mention in self._mentions:
                alone = mention.start == place and mention.end == place + 1
                if alone and not mention.near and mention.concept not in self._seen:
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
        usual = min(rarity.values(), default=1.0)
        # The stem of the wrong language is rare by accident, not because it says more.
        return {term: weight * usual / rarity.get(term, usual) for term in stems}

    def _concepts(self, mentions: Sequence[Mention]) -> dict[str, float]:
        weights: dict[str, float] = {}
        for mention in mentions:
            self._seen.add(mention.concept)
            # Two hints at one concept ("vlogger", "video") are as good as its name.
            hints = self._hints[mention.concept] - 1
            weights[mention.concept] = min(_NEAR + _HINT * hints, 1.0) if mention.near else _CONCEPT
        return weights

    def _unit(self, word: str, weights: dict[str, float], mentions: Sequence[Mention]) -> Unit:
        known = [(self._view.terms[term], weight) for term, weight in weights.items() if term in self._view.terms]
        # What is asked for is as rare as the most usual way of saying it.
        mass = min((self._view.rarity[term] for term, _ in known), default=self._view.rarest)
        concepts = {mention.concept for mention in mentions}
        if concepts and concepts <= self._thesaurus.broad:
            mass *= _BROAD
            known = [(term, weight * _BROAD) for term, weight in known]
        elif concepts:
            mass *= 1.0 + 0.25 * min(max(self._hints[concept] for concept in concepts) - 1, 2)
        return Unit(word, tuple(known), mass)
