"""Entries: what the index keeps of one page, or of one part of a page, in both languages."""

from __future__ import annotations

import hashlib
import math

import msgspec

ALWAYS_FROM = -math.inf
ALWAYS_UNTIL = math.inf


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be found. Times are seconds since the epoch; texts are plain, by language.

    `shows_from` and `shows_until` bound when it may be found at all; after `fades_at` it ranks below what still holds.
    `prior` multiplies the score: 1 for an ordinary page. `pins` are queries for which it comes first.
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
    endpoint: str = ""
    values: dict[str, str] = {}
    anchor: str = ""
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

    def text_in(self, language: str, texts: dict[str, str]) -> str:
        """The text in a language, else in the other one, else nothing."""
        return texts.get(language) or next((text for text in texts.values() if text), "")

    def is_in(self, language: str) -> bool:
        """Whether the entry was written in this language."""
        return bool(self.title.get(language))
