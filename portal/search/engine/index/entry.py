"""Entries: what the index keeps of one page, or of one part of a page, in every language."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable

import msgspec

ALWAYS_FROM = -math.inf
ALWAYS_UNTIL = math.inf
OPEN, CLOSE = "\ue000", "\ue001"
_MARKER = re.compile(f"{OPEN}([a-z-]+):([^{CLOSE}]*){CLOSE}")


def marker(kind: str, id_: str) -> str:
    """The placeholder in a text for a value that is filled in when the text is shown."""
    return f"{OPEN}{kind}:{id_}{CLOSE}"


def filled(text: str, fill: Callable[[str, str], str]) -> str:
    """The text with every marker replaced by `fill(kind, id)`."""
    return _MARKER.sub(lambda match: fill(match[1], match[2]), text) if OPEN in text else text


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A document of the index. Times are seconds since the epoch; texts are plain, by language.

    `shows_from` and `shows_until` bound when it may be found at all; after `fades_at` it ranks below what still holds.
    `prior` multiplies the score: 1 for an ordinary page. `pins` are queries for which it comes first.
    `text` holds a marker where a dated value stands, so that a snippet shows the value of its day; `embedded` are
    the words of those values, for searching. `path` is the address below the language.
    """

    key: str
    kind: str
    slug: str
    title: dict[str, str]
    part: str = ""
    page_title: dict[str, str] = {}
    summary: dict[str, str] = {}
    keywords: dict[str, list[str]] = {}
    text: dict[str, str] = {}
    embedded: dict[str, str] = {}
    path: str = ""
    topics: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    shows_from: float = ALWAYS_FROM
    shows_until: float = ALWAYS_UNTIL
    fades_at: float = ALWAYS_UNTIL
    prior: float = 1.0
    pins: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of everything above, by which an unchanged entry is recognised."""
        return hashlib.blake2b(msgspec.msgpack.encode(self), digest_size=16).hexdigest()

    @property
    def page(self) -> str:
        """The key of the page that this entry is or belongs to."""
        return f"{self.kind}/{self.slug}"

    def text_in(self, language: str, texts: dict[str, str]) -> str:
        """The text in a language, else in another one, else ""."""
        return texts.get(language) or next((text for text in texts.values() if text), "")

    def is_in(self, language: str) -> bool:
        """Whether the entry was written in this language."""
        return bool(self.title.get(language))
