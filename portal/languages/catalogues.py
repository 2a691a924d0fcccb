"""Compiled message catalogues of the interface, one per language, loaded once per process."""

from __future__ import annotations

from functools import lru_cache

from babel.support import NullTranslations, Translations

from portal.settings import PROJECT

TRANSLATIONS = PROJECT / "translations"


@lru_cache(maxsize=16)
def translations_of(language: str) -> NullTranslations:
    """The catalogue of that language; without a compiled one, a catalogue that returns each message unchanged."""
    return Translations.load(str(TRANSLATIONS), [language])
