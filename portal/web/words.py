"""The words of developers in the page's language, looked up where the catalogue already lies in memory."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from babel.support import NullTranslations

from portal.web.environments import translations_of
from portal.web.languages import language


@lru_cache(maxsize=16)
def _words_of(code: str) -> NullTranslations:
    return translations_of(code)


def gettext(message: str, **variables: Any) -> str:
    """The message in the page's language, its %(named)s places filled; exactly what Flask-Babel gives for it."""
    found: str = _words_of(language()).gettext(message)
    return found % variables if variables else found


def ngettext(one: str, many: str, num: int, **variables: Any) -> str:
    """The message for that number in the page's language; the number itself fills %(num)d."""
    found: str = _words_of(language()).ngettext(one, many, num)
    return found % {"num": num, **variables}
