"""Countries by the names in which people write them: standard names in every language, and known variants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache

from babel import Locale

from portal.content.catalogue import Catalogue, per_catalogue
from portal.content.reference import Country

# The locale data name these regions, but they are no countries of ISO 3166-1.
NOT_ISO = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"))
# Territories without inhabitants: nobody is a national of them.
UNINHABITED = frozenset(("AQ", "BV", "GS", "HM", "TF", "UM"))
SUGGESTIONS = 6
# Words before the name of a country with which people name themselves, as `folded` writes them.
BEFORE_NAME = re.compile(r"^(?:orang|warga negara|warga|wna|wn|paspor|citizen of|national of|passport of) ")


@lru_cache(maxsize=1)
def iso_codes() -> tuple[str, ...]:
    """Every alpha-2 code of ISO 3166-1, in alphabetical order."""
    codes = (str(code) for code in Locale("en").territories)
    return tuple(sorted(code for code in codes if len(code) == 2 and code.isalpha() and code not in NOT_ISO))


@lru_cache(maxsize=1)
def nationalities() -> tuple[str, ...]:
    """The codes of ISO 3166-1 of which somebody can be a national, in alphabetical order."""
    return tuple(code for code in iso_codes() if code not in UNINHABITED)


def folded(text: str) -> str:
    """Text without case, accents and punctuation, so that Türkiye, turkiye and TURKIYE are one."""
    # Some signs, such as ℰ, come apart into capitals, and some capitals fold into signs that come apart.
    normalized_code = _without_marks(_without_marks(text).casefold().replace("ı", "i"))
    return " ".join("".join(char if char.isalnum() else " " for char in normalized_code).split())


def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


@dataclass(frozen=True)
class Match:
    """What a typed name means: one code, or several suggestions, or none; `is_shared` = countries share the name."""

    code: str = ""
    suggestions: tuple[str, ...] = ()
    is_shared: bool = False


@dataclass(frozen=True)
class Countries:
    """All countries with their names in the given languages, and the additions of the reference."""

    languages: tuple[str, ...]
    additions: Mapping[str, Country]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        names = {}
        for language in self.languages:
            territories = Locale(language).territories
            additions = {code: country.name.get(language) for code, country in self.additions.items()}
            names[language] = {code: additions.get(code) or territories.get(code, code) for code in iso_codes()}
        return names

    @cached_property
    def _codes(self) -> dict[str, tuple[str, ...]]:
        """Country codes by folded spelling: several where countries share it; an ISO code means its country alone."""
        iso = {code.casefold(): (code,) for code in nationalities()}
        shared: dict[str, list[str]] = {}
        for code in nationalities():
            addition = self.additions.get(code)
            for spelling in (*self.spellings(code), *(addition.people if addition else ())):
                codes = shared.setdefault(folded(spelling), [])
                if code not in codes:
                    codes.append(code)
        return {spelling: tuple(codes) for spelling, codes in shared.items()} | iso

    def name(self, code: str, language: str) -> str:
        """The name of that country in that language; the code itself where the data have none."""
        return self._names.get(language, self._names[self.languages[0]]).get(code, code)

    def spellings(self, code: str) -> tuple[str, ...]:
        """Every way in which the country may be written, its own names first, without repetition."""
        names = [self._names[language][code] for language in self.languages]
        addition = self.additions.get(code)
        variants = [v for group in addition.variants.values() for v in group] if addition else []
        return tuple(dict.fromkeys([*names, *variants]))

    def sorted_by_name(self, language: str, codes: Iterable[str] | None = None) -> tuple[tuple[str, str], ...]:
        """Pairs of code and name in the alphabetical order of that language."""
        pairs = ((code, self.name(code, language)) for code in (nationalities() if codes is None else codes))
        return tuple(sorted(pairs, key=lambda pair: folded(pair[1])))

    def match(self, typed: str) -> Match:
        """The country that was meant, or up to six suggestions; never guesses between two countries."""
        spelling = folded(typed[:100])
        if spelling not in self._codes:
            spelling = BEFORE_NAME.sub("", spelling)
        if not spelling:
            return Match()
        if codes := self._codes.get(spelling):
            return Match(codes[0]) if len(codes) == 1 else Match(suggestions=codes, is_shared=True)
        near = self._containing(spelling) if len(spelling) > 2 else ()
        if len(near) == 1:
            return Match(near[0])
        if not near:
            close = get_close_matches(spelling, list(self._codes), n=SUGGESTIONS, cutoff=0.75)
            near = tuple(dict.fromkeys(code for other in close for code in self._codes[other]))
        return Match(suggestions=near[:SUGGESTIONS])

    def _containing(self, spelling: str) -> tuple[str, ...]:
        starts = [code for name, codes in self._codes.items() if name.startswith(spelling) for code in codes]
        words = [code for name, codes in self._codes.items() if f" {spelling}" in f" {name}" for code in codes]
        return tuple(dict.fromkeys([*starts, *words]))


@per_catalogue
def countries_of(catalogue: Catalogue) -> Countries:
    """All countries with their names in the languages of the site."""
    return Countries(catalogue.site.language_codes, catalogue.reference("countries"))
