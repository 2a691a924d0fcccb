"""Fragments: parts that are the same on many pages, such as the footer, rendered once.

Key: name and language. Value: the fragment with the catalogue it was rendered from, the tags it read and the instant at
which it changes. Lifetime: while that catalogue is served and until that instant. A page that shows a fragment takes
over its tags and its instant, so it is dropped and ends with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from flask import current_app, g

from portal.content.catalogue import Catalogue
from portal.page_cache.tracking import TrackedCatalogue
from portal.web.clock import RequestClock, request_clock
from portal.web.languages import language
from portal.web.pages import catalogue

_EXTENSION = "portal.fragments"
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Fragment:
    catalogue: Catalogue
    value: object
    made_at: datetime
    valid_until: datetime | None
    tags: frozenset[str]

    def is_right(self, plain: Catalogue, now: datetime) -> bool:
        return self.catalogue is plain and self.made_at <= now and (self.valid_until is None or now < self.valid_until)


def fragment(name: str, make: Callable[[], Value]) -> Value:
    """The fragment of that name in the request's language; `make` is called where none is stored that is right.

    `make` may ask the catalogue and the request clock, but neither the request's address nor the database.
    """
    stored: dict[tuple[str, str], _Fragment] = current_app.extensions.setdefault(_EXTENSION, {})
    key = (name, language())
    result = stored.get(key)
    if result is None or not result.is_right(catalogue().plain, request_clock().now):
        result = stored[key] = _made(make)
    catalogue().tags.update(result.tags)
    request_clock().expires_at(result.valid_until)
    return cast(Value, result.value)


def _made(make: Callable[[], object]) -> _Fragment:
    """Call `make` with a catalogue and a clock of its own, which note only what this fragment asks."""
    page_catalogue, page_clock = catalogue(), request_clock()
    g.catalogue = own_catalogue = TrackedCatalogue(page_catalogue.plain)
    g.request_clock = own_clock = RequestClock(page_clock.now, page_clock.zone)
    try:
        value = make()
    finally:
        g.catalogue, g.request_clock = page_catalogue, page_clock
    return _Fragment(own_catalogue.plain, value, own_clock.now, own_clock.valid_until, frozenset(own_catalogue.tags))
