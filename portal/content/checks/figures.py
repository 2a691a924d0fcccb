"""Figures in words: each number with its unit, in one form for every language.

The words for units come from content (`Lexicon`), the months from the language itself. A range or a choice
(“5 or 10 years”) gives its unit to each of its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol

from portal.content.checks.numbers import ENGLISH_CLOCK, in_24_hours

DATE, MONTH_DAY, CALENDAR, CLOCK, MONEY = "date", "month-day", "calendar", "clock", "money"
# Units that a number never takes from its neighbour.
OF_ITS_OWN = ("", DATE, MONTH_DAY, CALENDAR, CLOCK)
NUMBER = re.compile(r"(?<![\w.,:])\d(?:[\d.,:]*\d)?(?!\w)")
CLOCK_TIME = re.compile(r"([01]?\d|2[0-4])[.:]([0-5]\d)$")
YEARS = range(1900, 2101)


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of each language: units behind and before a number, words between two of one unit, words that tell no
    subject, numerals."""

    units: dict[str, dict[str, tuple[str, ...]]]
    before: dict[str, dict[str, tuple[str, ...]]] = {}
    between: dict[str, tuple[str, ...]] = {}
    common: dict[str, tuple[str, ...]] = {}
    numerals: dict[str, dict[str, int]] = {}


@dataclass(frozen=True)
class Figure:
    """A number in its plain form and what it counts; without a unit it is a number of anything."""

    number: str
    unit: str = ""


@dataclass(frozen=True)
class _Found:
    figure: Figure
    start: int
    end: int


class FigureReader:
    """Reads figures with the words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._patterns: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}

    def figures_in(self, text: str, language: str) -> list[Figure]:
        """The figures of a text in their order."""
        text = re.sub(r"(?<=\d)-(?=\d)", "–", ENGLISH_CLOCK.sub(in_24_hours, text))
        dates = list(_dates(text, language))
        taken = [(one.start, one.end) for one in dates]
        plain = [one for one in self._numbers(text, language) if not any(a <= one.start < b for a, b in taken)]
        joined = {"–", ",", "/", *self.lexicon.between.get(language, ())}
        shared = _shared_units(plain, text, joined)
        return [one.figure for one in sorted([*dates, *shared], key=lambda one: one.start)]

    def spelled_numbers(self, text: str, language: str) -> set[str]:
        """The numbers that stand in the text as words, in their plain form."""
        numerals = self.lexicon.numerals.get(language, {})
        return {str(numerals[word]) for word in re.findall(r"[^\W\d]+", text.lower()) if word in numerals}

    def _numbers(self, text: str, language: str) -> Iterator[_Found]:
        units, before = self._patterns_of(language)
        for match in NUMBER.finditer(text):
            clock = CLOCK_TIME.match(match[0])
            if clock:
                yield _Found(Figure(f"{int(clock[1])}:{clock[2]}", CLOCK), match.start(), match.end())
                continue
            behind, ahead = units.match(text, match.end()), before.search(text, 0, match.start())
            unit = _named(behind, self.lexicon.units, language) or _named(ahead, self.lexicon.before, language)
            number = _plain(match[0], language)
            if not unit and number.isdecimal() and int(number) in YEARS and len(match[0]) == 4:
                unit = CALENDAR
            yield _Found(Figure(number, unit), match.start(), match.end())

    def _patterns_of(self, language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
        if language not in self._patterns:
            units, before = _either(self.lexicon.units, language), _either(self.lexicon.before, language)
            self._patterns[language] = (
                re.compile(rf"[\s-]*({units})(?!\w)", re.IGNORECASE),
                re.compile(rf"(?<!\w)({before})\s*$", re.IGNORECASE),
            )
        return self._patterns[language]


def _named(match: re.Match[str] | None, names: dict[str, dict[str, tuple[str, ...]]], language: str) -> str:
    if match is None:
        return ""
    word = match[1].lower()
    return next(unit for unit, words in names.items() if word in words.get(language, ()))


def _shared_units(numbers: list[_Found], text: str, joined: set[str]) -> list[_Found]:
    """The same numbers, each without a unit taking that of its neighbour, first from behind, then from before."""
    shared = list(numbers)
    backwards = [(index, index + 1) for index in range(len(shared) - 2, -1, -1)]
    for index, neighbour in [*backwards, *((index, index - 1) for index in range(1, len(shared)))]:
        first, second = sorted((index, neighbour))
        between = text[shared[first].end : shared[second].start]
        shared[index] = _like(shared[index], shared[neighbour], between, joined)
    return shared


def _like(here: _Found, neighbour: _Found, between: str, joined: set[str]) -> _Found:
    unit = neighbour.figure.unit
    if here.figure.unit or unit in OF_ITS_OWN or between.strip() not in joined:
        return here
    return _Found(Figure(here.figure.number, unit), here.start, here.end)


def _dates(text: str, language: str) -> Iterator[_Found]:
    months, pattern = _months(language)
    for match in pattern.finditer(text):
        day = f"{months[match[2].lower()]:02d}-{int(match[1]):02d}"
        figure = Figure(f"{match[3]}-{day}", DATE) if match[3] else Figure(day, MONTH_DAY)
        yield _Found(figure, match.start(), match.end())


def _plain(number: str, language: str) -> str:
    if ":" in number:
        return number
    decimal = get_decimal_symbol(language)
    # A sign that parts no group of three is that of a version, such as 2.2, and stays.
    grouped = re.sub(rf"[{'.' if decimal == ',' else ','}](?=\d{{3}}(?!\d))", "", number)
    whole, _, rest = grouped.replace(decimal, ".").partition(".")
    rest = rest.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


@lru_cache(maxsize=8)
def _months(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    names = {name.lower(): number for number, name in get_month_names("wide", locale=language).items()}
    pattern = rf"\b(\d{{1,2}})\s({'|'.join(names)})(?:\s(\d{{4}}))?\b"
    return names, re.compile(pattern, re.IGNORECASE)


def _either(names: dict[str, dict[str, tuple[str, ...]]], language: str) -> str:
    words = {word for by_language in names.values() for word in by_language.get(language, ())}
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
