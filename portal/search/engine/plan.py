"""Plans: what a query asks for, as units of which each may be met by any of several terms."""

from __future__ import annotations

from dataclasses import dataclass

from portal.search.engine.analysis import phrase_key
from portal.search.engine.arrays import Array
from portal.search.engine.spelling import Speller, is_real_word, split_in_two
from portal.search.engine.stems import stem
from portal.search.engine.stopwords import STOPWORDS
from portal.search.engine.text import words
from portal.search.engine.thesaurus import LANGUAGES, Mention, Thesaurus
from portal.search.engine.view import View

LONGEST_QUERY = 300
_MOST_WORDS = 24
_CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu", "in", "an", "i")
_NASALS = (("nge", ""), ("ng", ""), ("ny", "s"), ("n", "t"), ("m", "p"), ("ng", "k"), ("di", ""), ("ke", ""))
_CONCEPT, _NEAR, _INSIDE, _PREFIX = 0.95, 0.7, 0.35, 0.6
_BROAD_MASS = 0.5


@dataclass(frozen=True)
class Unit:
    """One thing asked for: terms that meet it with their weights, its share of the query, whether it is on subject."""

    word: str
    terms: tuple[tuple[int, float], ...]
    mass: float
    subject: bool = False
    near: bool = False


@dataclass(frozen=True)
class Plan:
    """A query understood: its units, the words that were corrected, the text as searched, the words nothing knows.

    `key` is what it asks for in no order and no language, by which pinned queries are known; `phrase` is the term of a title or keyword that asks for just the same, if there is one.
    """

    units: tuple[Unit, ...]
    corrected: tuple[tuple[str, str], ...] = ()
    searched: str = ""
    unknown: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    key: str = ""
    phrase: int | None = None


@dataclass(frozen=True)
class Switches:
    """Parts that an evaluation may switch off to see what they are worth."""

    synonyms: bool = True
    spelling: bool = True
    stemming: bool = True


class Planner:
    """Makes plans against one view; plans are kept per text and moment of visibility."""

    def __init__(self, view: View, thesaurus: Thesaurus, switches: Switches) -> None:
        """Bind a view, its thesaurus and what is switched on."""
        self._view, self._thesaurus, self._switches = view, thesaurus, switches
        self.speller = Speller(view, thesaurus.vocabulary if switches.synonyms else frozenset())
        self._default_mass = max(view.rarity, default=1.0)

    def plan(self, text: str, counts: Array, *, exact: bool = False, unfinished: bool = False) -> Plan:
        """The plan of a text; `exact` takes every word as written, `unfinished` reads the last one as a beginning.

        Only the first 300 characters and 24 words count.
        """
        typed = words(text[:LONGEST_QUERY], limit=_MOST_WORDS)[:_MOST_WORDS]
        corrected: list[tuple[str, str]] = []
        if exact or not self._switches.spelling:
            searched = typed
        elif unfinished and typed:
            searched = [*self._corrected(typed[:-1], counts, corrected), typed[-1]]
        else:
            searched = self._corrected(self._rejoined(typed, corrected), counts, corrected)
        row = searched
        if self._switches.synonyms:
            row = [plain for word in searched for plain in self._thesaurus.aliases.get(word, (word,))]
        mentions = self._thesaurus.mentions(row, near=True) if self._switches.synonyms else []
        units, unknown = self._units(row, mentions, counts)
        if unfinished and row:
            units = self._with_beginning(units, row[-1], counts)
        key = phrase_key(row, self._thesaurus)
        phrase = self._view.terms.get(key) if self._switches.synonyms else None
        return Plan(units, tuple(corrected), " ".join(searched), tuple(unknown), tuple(row), key, phrase)

    def _with_beginning(self, units: tuple[Unit, ...], word: str, counts: Array) -> tuple[Unit, ...]:
        begun = self.speller.completions(word, counts, limit=12)
        terms = {term: _PREFIX for other in begun for term in self._view.meanings(self._view.word_number[other])}
        mass = max((self._view.rarity[term] for term in terms), default=0.0)
        own = next((unit for unit in units if unit.word == word), Unit(word, (), mass))
        whole = Unit(word, tuple(sorted((terms | dict(own.terms)).items())), own.mass or mass)
        return (*(unit for unit in units if unit.word != word), whole)

    def is_known(self, word: str) -> bool:
        """Whether a document or the thesaurus has this word, in some form."""
        if word in STOPWORDS or word in self._view.word_number or word in self._thesaurus.vocabulary:
            return True
        return any(stem(word, language) in self._view.terms for language in LANGUAGES)

    def _rejoined(self, row: list[str], corrected: list[tuple[str, str]]) -> list[str]:
        joined: list[str] = []
        for word in row:
            if joined and word.isalpha() and len(joined[-1]) + len(word) >= 6:
                both = joined[-1] + word
                apart = self.is_known(joined[-1]) and self.is_known(word)
                if both in self._view.word_number and not apart:
                    corrected.append((f"{joined[-1]} {word}", both))
                    joined[-1] = both
                    continue
            joined.append(word)
        return joined

    def _corrected(self, row: list[str], counts: Array, corrected: list[tuple[str, str]]) -> list[str]:
        result: list[str] = []
        for word in row:
            meant = self._meant(word, counts)
            if meant != (word,) and any(each not in STOPWORDS for each in meant):
                corrected.append((word, " ".join(meant)))
            result.extend(meant)
        return result

    def _meant(self, word: str, counts: Array) -> tuple[str, ...]:
        spelled = self._thesaurus.spellings.get(word) if self._switches.synonyms else None
        if spelled:
            return spelled
        if not word.isalpha() or self.is_known(word):
            return (word,)
        plain = self._without_affixes(word)
        if plain:
            return (plain,)
        meant = self.speller.correction(word, counts)
        if meant:
            return self._thesaurus.spellings.get(meant, (meant,))
        halves = None if is_real_word(word) else split_in_two(word, self._is_common)
        return tuple(self._thesaurus.respelled(list(halves))) if halves else (word,)

    def _is_common(self, word: str) -> bool:
        return word in STOPWORDS or word in self._thesaurus.vocabulary or word in self._view.word_number

    def _without_affixes(self, word: str) -> str | None:
        for clitic in _CLITICS:
            base = word.removesuffix(clitic)
            if base != word and len(base) >= 4 and self._has(base):
                return base
        for nasal, initial in _NASALS:
            base = initial + word[len(nasal) :]
            if word.startswith(nasal) and len(base) >= 4:
                for candidate in (base, *(base.removesuffix(clitic) for clitic in _CLITICS)):
                    if len(candidate) >= 4 and self._has(candidate):
                        return candidate
        return None

    def _has(self, word: str) -> bool:
        return word not in STOPWORDS and (word in self._view.word_number or word in self._thesaurus.vocabulary)

    def _units(self, row: list[str], mentions: list[Mention], counts: Array) -> tuple[tuple[Unit, ...], list[str]]:
        units: list[Unit] = []
        unknown: list[str] = []
        seen: set[str] = set()
        at = 0
        while at < len(row):
            here = [mention for mention in mentions if mention.start == at]
            end = max((mention.end for mention in here), default=at + 1)
            chosen = [mention for mention in here if mention.end == end or end - at == 1]
            phrase = row[at:end]
            if len(phrase) > 1:
                inner = [mention for mention in mentions if at <= mention.start and mention.end <= end]
                units += self._phrase(phrase, chosen, inner, seen)
            else:
                unit = self._single(row[at], chosen, counts, seen)
                if unit is not None:
                    units.append(unit)
                    if not unit.terms:
                        unknown.append(unit.word)
            at = end
        return tuple(units), unknown

    def _single(self, word: str, mentions: list[Mention], counts: Array, seen: set[str]) -> Unit | None:
        fresh = [mention for mention in mentions if mention.concept not in seen]
        if word in seen or (word in STOPWORDS and not fresh):
            return None
        seen.add(word)
        weights: dict[str, float] = {}
        if word not in STOPWORDS:
            for language in LANGUAGES:
                term = stem(word, language) if self._switches.stemming else word
                weights[term] = 1.0
        self._add_concepts(weights, fresh, seen)
        unit = self._unit(word, weights, near=bool(fresh) and all(mention.near for mention in fresh))
        if mentions and not fresh and not unit.terms:
            # Another word already asked for the same concept, and no document has this one.
            return None
        if unit.terms or mentions or self._switches.spelling is False or len(word) < 4 or not word.isalpha():
            return unit
        begun = self.speller.completions(word, counts, limit=4)
        terms = {term: _PREFIX for other in begun for term in self._view.meanings(self._view.word_number[other])}
        return Unit(word, tuple(sorted(terms.items())), unit.mass)

    def _phrase(self, phrase: list[str], chosen: list[Mention], inner: list[Mention], seen: set[str]) -> list[Unit]:
        weights: dict[str, float] = {}
        self._add_concepts(weights, [mention for mention in chosen if mention.concept not in seen], seen)
        units = [self._unit(" ".join(phrase), weights, near=all(mention.near for mention in chosen))] if weights else []
        for word in phrase:
            if word in STOPWORDS or word in seen:
                continue
            seen.add(word)
            parts = {stem(word, language): _INSIDE for language in LANGUAGES}
            for mention in inner:
                # Inside a phrase a word's own concept still helps, but the phrase says what is meant.
                alone = mention.end - mention.start == 1 and phrase[mention.start - inner[0].start] == word
                if alone and mention.concept not in seen and not mention.near:
                    parts[mention.concept] = _INSIDE
            unit = self._unit(word, parts)
            if unit.terms:
                units.append(Unit(word, unit.terms, unit.mass * _INSIDE))
        return units

    def _add_concepts(self, weights: dict[str, float], mentions: list[Mention], seen: set[str]) -> None:
        share = 1.0 if len(mentions) < 3 else 0.8
        for mention in mentions:
            seen.add(mention.concept)
            weights[mention.concept] = (_NEAR if mention.near else _CONCEPT) * share

    def _unit(self, word: str, weights: dict[str, float], *, near: bool = False) -> Unit:
        known = [(self._view.terms[term], weight) for term, weight in weights.items() if term in self._view.terms]
        concepts = [term for term in weights if term.startswith("#")]
        mass = max((self._view.rarity[term] for term, _ in known), default=self._default_mass)
        if concepts and all(concept in self._thesaurus.broad for concept in concepts):
            mass *= _BROAD_MASS
            known = [(term, weight * _BROAD_MASS) for term, weight in known]
        subject = any(concept in self._thesaurus.subjects for concept in concepts)
        return Unit(word, tuple(known), mass, subject, near)
