"""Plans: a query as units, each of which may be met by any of several terms."""

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
from portal.search.engine.query.units import PREFIX_WEIGHT, Switches, Unit, UnitMaker

LONGEST_QUERY = 300
MOST_WORDS = 24
_CLITICS = tuple(ending for language in LANGUAGES.values() for ending in language.clitics)
_PREFIXES = tuple(prefix for language in LANGUAGES.values() for prefix in language.prefixes)


@dataclass(frozen=True)
class Plan:
    """A query analysed.

    `corrected` are pairs of a word as typed and as searched, `searched` is the text as searched, `unknown` the words
    that neither a document nor the thesaurus has, `tokens` the words looked up. `key` is the phrase key, by which
    pinned queries are recognised; `phrase` the term of a title or keyword with the same key, if there is one.
    `on_subject` is 1 where the query names what this site is about, 0.5 where it hints at it, else 0; `out_of_scope`
    tells that it names what other offices deal with.
    """

    units: tuple[Unit, ...]
    corrected: tuple[tuple[str, str], ...] = ()
    searched: str = ""
    unknown: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    key: str = ""
    phrase: int | None = None
    on_subject: float = 0.0
    out_of_scope: bool = False


class Planner:
    """Makes the plans of queries against one view."""

    def __init__(self, view: View, thesaurus: Thesaurus, switches: Switches) -> None:
        """Bind a view, its thesaurus and what is switched on."""
        self._view, self._thesaurus, self._switches = view, thesaurus, switches
        self.speller = Speller(view, thesaurus.vocabulary if switches.synonyms else frozenset())

    def plan(self, text: str, counts: Array, *, exact: bool = False, unfinished: bool = False) -> Plan:
        """The plan of a text; `exact` takes every word as typed, `unfinished` takes the last one for a prefix.

        `counts` are the documents of each written word (int64). Only the first 300 characters and 24 words count.
        """
        typed = words(text[:LONGEST_QUERY], limit=MOST_WORDS)[:MOST_WORDS]
        corrected: list[tuple[str, str]] = []
        if exact or not self._switches.spelling:
            searched = typed
        elif unfinished and typed:
            searched = [*self._corrected(typed[:-1], counts, corrected), typed[-1]]
        else:
            searched = self._corrected(self._rejoined(typed, corrected), counts, corrected)
        # A correction may give several words, and an alias several more.
        tokens = searched[:MOST_WORDS]
        if self._switches.synonyms:
            tokens = [plain for word in tokens for plain in self._thesaurus.aliases.get(word, (word,))][:MOST_WORDS]
        mentions = self._thesaurus.mentions(tokens, near=True) if self._switches.synonyms else []
        in_scope = self._thesaurus.in_scope(mentions)
        maker = UnitMaker(self._view, self._thesaurus, self._switches, in_scope)
        units = maker.units(tokens, completions=lambda word: self.speller.completions(word, counts, limit=4))
        if unfinished and tokens:
            units = self._with_prefix_matches(units, tokens[-1], counts)
        key = phrase_key(tokens, in_scope)
        phrase = self._view.terms.get(key) if self._switches.synonyms else None
        return Plan(
            units=units,
            corrected=tuple(corrected),
            searched=" ".join(searched),
            unknown=maker.unknown,
            tokens=tuple(tokens),
            key=key,
            phrase=phrase,
            on_subject=maker.on_subject,
            out_of_scope=self._thesaurus.names_out_of_scope(mentions),
        )

    def _with_prefix_matches(self, units: tuple[Unit, ...], word: str, counts: Array) -> tuple[Unit, ...]:
        """The units with the words that begin with `word` added to its unit, which comes last."""
        completions = self.speller.completions(word, counts, limit=12)
        for alias, plain in self._thesaurus.aliases.items():
            if alias.startswith(word) and plain[0] in self._view.word_number:
                completions.append(plain[0])
        terms = {
            term: PREFIX_WEIGHT for other in completions for term in self._view.meanings(self._view.word_number[other])
        }
        mass = max((self._view.rarity[term] for term in terms), default=0.0)
        unit = next((unit for unit in units if unit.word == word), Unit(word, (), mass))
        extended = Unit(word, tuple(sorted((terms | dict(unit.terms)).items())), unit.mass or mass)
        return (*(unit for unit in units if unit.word != word), extended)

    def is_known(self, word: str) -> bool:
        """Whether a document or the thesaurus has this word, in some form."""
        if word in STOPWORDS or word in self._view.word_number or word in self._thesaurus.vocabulary:
            return True
        return any(stem(word, language) in self._view.terms for language in LANGUAGES)

    def _rejoined(self, tokens: list[str], corrected: list[tuple[str, str]]) -> list[str]:
        """The words with two joined that are one in the index and not both known alone; adds to `corrected`."""
        joined: list[str] = []
        for word in tokens:
            if joined and word.isalpha() and len(joined[-1]) + len(word) >= 6:
                both = joined[-1] + word
                known_apart = self.is_known(joined[-1]) and self.is_known(word)
                if both in self._view.word_number and not known_apart:
                    corrected.append((f"{joined[-1]} {word}", both))
                    joined[-1] = both
                    continue
            joined.append(word)
        return joined

    def _corrected(self, tokens: list[str], counts: Array, corrected: list[tuple[str, str]]) -> list[str]:
        """The words with their corrections, which are added to `corrected` unless they are stop words."""
        searched: list[str] = []
        for word in tokens:
            replacement = self._replacement(word, counts)
            if replacement != (word,) and not STOPWORDS.issuperset(replacement):
                corrected.append((word, " ".join(replacement)))
            searched.extend(replacement)
        return searched

    def _replacement(self, word: str, counts: Array) -> tuple[str, ...]:
        spelling = self._thesaurus.spellings.get(word) if self._switches.synonyms else None
        if spelling:
            return spelling
        if not word.isalpha() or self.is_known(word):
            return (word,)
        base = self._without_affixes(word)
        if base:
            return (base,)
        correction = self.speller.correction(word, counts)
        if correction:
            return self._thesaurus.spellings.get(correction, (correction,))
        halves = None if is_real_word(word) else split_in_two(word, lambda half: half in STOPWORDS or self._has(half))
        return tuple(self._thesaurus.respelled(list(halves))) if halves else (word,)

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
