"""Compiled message catalogues of the interface, one per language, loaded once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from babel.support import NullTranslations, Translations

from portal.settings import PROJECT

TRANSLATIONS = PROJECT / "translations"


@lru_cache(maxsize=16)
def translations_of(language: str) -> NullTranslations:
    """The catalogue of that language; without a compiled one, a catalogue that returns each message unchanged."""
    return Translations.load(str(TRANSLATIONS), [language])


def one_stop(sentence: str, variables: Mapping[str, object]) -> str:
    """The filled sentence without the second full stop after a value that ends with one, such as `5:41 a.m.`."""
    for value in variables.values():
        if isinstance(value, str) and value.endswith("."):
            sentence = sentence.replace(f"{value}.", value)
    return sentence
