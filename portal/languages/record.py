"""One record per language: everything the code needs to know of it beside its message catalogue.

A further language is one module with a record, its entry in `registry.py`, a `.po` file, and words in the content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Language:
    """What formats, search and checks need of one language.

    `locale` is a CLDR locale known to Babel. `money` and `day_and_clock` are format strings with `{amount}` and with
    `{day}` and `{clock}`. `clock` is a CLDR time pattern; `day_periods` replaces its AM and PM. `end_of_day` is how
    a closing time at midnight is written, where the clock's own form would read as the beginning of the day.

    `stemmer` names a Snowball algorithm; None leaves words whole. `stems` are the forms that it gets wrong.
    `stop_words` carry no meaning in a query. `clitics` are endings and `prefixes` are (written, restored) beginnings
    that the spelling correction takes off. `units` maps abbreviations to words; `numerals`, `thousand` and `million`
    are number words.
    """

    code: str
    locale: str
    money: str
    clock: str
    day_and_clock: str
    day_periods: tuple[str, str] | None = None
    end_of_day: str | None = None
    stemmer: str | None = None
    stems: Mapping[str, str] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()
    clitics: tuple[str, ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    numerals: Mapping[str, int] = field(default_factory=dict)
    thousand: frozenset[str] = frozenset()
    million: frozenset[str] = frozenset()


def word_families(table: str) -> dict[str, str]:
    """Forms to stems from lines such as `stem: form form`; each stem stands for itself as well."""
    stems: dict[str, str] = {}
    for line in table.strip().splitlines():
        stem, _, forms = line.partition(":")
        stems |= dict.fromkeys([stem, *forms.split()], stem)
    return stems


def counted(words: str) -> dict[str, int]:
    """Number words in order, from one: `one two` gives {"one": 1, "two": 2}."""
    return {word: value for value, word in enumerate(words.split(), start=1)}
