"""The languages that the code knows, in the order in which the search reads them; the primary one comes first."""

from __future__ import annotations

from portal.languages.english import ENGLISH
from portal.languages.indonesian import INDONESIAN
from portal.languages.record import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (INDONESIAN, ENGLISH)}


def language_record(code: str) -> Language:
    """The record of that language; English for a code without one."""
    return LANGUAGES.get(code, ENGLISH)
