"""Plans: what a query asks for, as units of which each may be met by any of several terms."""

from __future__ import annotations

from dataclasses import dataclass

from portal.languages.registry import LANGUAGES
from portal.search.engine.analysis.analyser import phrase_key
from portal.search.engine.analysis.stems import stem
from portal.search.engine.analysis.stopwords import STOPWORDS
from portal.search.engine.analysis.text import words
from portal.search.engine.analysis.thesaurus import Thesaurus
from portal.search.engine.index.arrays import Array
from portal.search.engine.index.view import View
from portal.search.engine.query.spelling import Speller, is_real_word, split_in_two
from portal.search.engine.query.units import BEGINNING, Switches, Unit, UnitMaker

LONGEST_QUERY = 300
MOST_WORDS = 24
_CLITICS = tuple(ending for language in LANGUAGES.values() for ending in language.clitics)
_PREFIXES = tuple(prefix for language in LANGUAGES.values() for prefix in language.prefixes)


@dataclass(frozen=True)
class Plan:
    """A query understood: its units, the words that were corrected, the text as searched, the words nothing knows.

    `row` are the words that were looked up. `key` is what it asks for in no order and no language, by which pinned
    queries are known; `phrase` is the term of a title or keyword with the same key, if there is one. `on_subject` is
    the share of its concepts that this site is about, 0 to 1; `out_of_scope` tells that it names what others deal with.
    """

    units: tuple[Unit, ...]
    corrected: tuple[tuple[str, str], ...] = ()
    searched: str = ""
    unknown: tuple[str, ...] = ()
    row: tuple[str, ...] = ()
    key: str = ""
    phrase: int | None = None
    on_subject: float = 0.0
    out_of_scope: bool = False


class Planner:
    """Makes plans against one view; plans are kept per text and moment of visibility."""

    def __init__(self, view: View, thesaurus: Thesaurus, switches: Switches) -> None:
        """Bind a view, its thesaurus and what is switched on."""
        self._view, self._thesaurus, self._switches = view, thesaurus, switches
        self.speller = Speller(view, thesaurus.vocabulary if switches.synonyms else frozenset())

    def plan(self, text: str, counts: Array, *, exact: bool = False, unfinished: bool = False) -> Plan:
        """The plan of a text; `exact` takes every word as written, `unfinished` reads the last one as a beginning.

        Only the first 300 characters and 24 words count.
        """
        typed = words(text[:LONGEST_QUERY], limit=MOST_WORDS)[:MOST_WORDS]
        corrected: list[tuple[str, str]] = []
        if exact or not self._switches.spelling:
            searched = typed
        elif unfinished and typed:
            searched = [*self._corrected(typed[:-1], counts, corrected), typed[-1]]
        else:
            searched = self._corrected(self._rejoined(typed, corrected), counts, corrected)
        # One word may be spelled as several, and be another name of several more.
        row = searched[:MOST_WORDS]
        if self._switches.synonyms:
            row = [plain for word in row for plain in self._thesaurus.aliases.get(word, (word,))][:MOST_WORDS]
        mentions = self._thesaurus.mentions(row, near=True) if self._switches.synonyms else []
        in_scope = self._thesaurus.in_scope(mentions)
        maker = UnitMaker(self._view, self._thesaurus, self._switches, in_scope)
        units = maker.units(row, completions=lambda word: self.speller.completions(word, counts, limit=4))
        if unfinished and row:
            units = self._with_beginning(units, row[-1], counts)
        key = phrase_key(row, in_scope)
        phrase = self._view.terms.get(key) if self._switches.synonyms else None
        return Plan(
            units=units,
            corrected=tuple(corrected),
            searched=" ".join(searched),
            unknown=maker.unknown,
            row=tuple(row),
            key=key,
            phrase=phrase,
            on_subject=maker.on_subject,
            out_of_scope=self._thesaurus.names_out_of_scope(mentions),
        )

    def _with_beginning(self, units: tuple[Unit, ...], word: str, counts: Array) -> tuple[Unit, ...]:
        begun = self.speller.completions(word, counts, limit=12)
        for alias, plain in self._thesaurus.aliases.items():
            if alias.startswith(word) and plain[0] in self._view.word_number:
                begun.append(plain[0])
        terms = {term: BEGINNING for other in begun for term in self._view.meanings(self._view.word_number[other])}
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
        for prefix, initial in _PREFIXES:
            base = initial + word[len(prefix) :]
            if word.startswith(prefix) and len(base) >= 4:
                for candidate in (base, *(base.removesuffix(clitic) for clitic in _CLITICS)):
                    if len(candidate) >= 4 and self._has(candidate):
                        return candidate
        return None

    def _has(self, word: str) -> bool:
        return word not in STOPWORDS and (word in self._view.word_number or word in self._thesaurus.vocabulary)
