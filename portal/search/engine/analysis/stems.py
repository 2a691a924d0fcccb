"""Stems: Snowball's algorithm of each language, with the forms that it gets wrong."""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer

from portal.languages.registry import LANGUAGES

_local = threading.local()


def _stemmer(language: str) -> Stemmer.Stemmer:
    # A Snowball stemmer keeps state between calls, so every thread has its own.
    stemmers: dict[str, Stemmer.Stemmer] = getattr(_local, "stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(LANGUAGES[language].stemmer, 0)
        _local.stemmers = stemmers
    return stemmers[language]


@lru_cache(maxsize=60_000)
def stem(word: str, language: str) -> str:
    """The stem of a normalised word in a registered language; codes, numbers and short words stay whole."""
    if len(word) < 4 or not word.isalpha():
        return word
    record = LANGUAGES[language]
    if word in record.stems:
        return record.stems[word]
    return str(_stemmer(language).stemWord(word)) if record.stemmer else word


def stem_in_all(word: str) -> str:
    """The word with the stemmer of each language applied in turn, the primary language last: one stem for all."""
    for language in reversed(LANGUAGES):
        word = stem(word, language)
    return word
