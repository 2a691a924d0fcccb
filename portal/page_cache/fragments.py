"""Parts that are the same on many pages: made once per language and state of content, kept while they are right.

A part is kept together with what it read and with the instant of its next flip. A page that shows it depends on both,
so an edit drops that page, and its time ends with the part's.
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
Made = TypeVar("Made")


@dataclass(frozen=True)
class _Fragment:
    catalogue: Catalogue
    made: object
    made_at: datetime
    valid_until: datetime | None
    tags: frozenset[str]

    def is_right(self, plain: Catalogue, now: datetime) -> bool:
        return self.catalogue is plain and self.made_at <= now and (self.valid_until is None or now < self.valid_until)


def remembered(key: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, from an earlier page of this language where that still holds.

    `make` may ask the catalogue and the moment, but neither the request's address nor the database.
    """
    kept: dict[tuple[str, str], _Fragment] = current_app.extensions.setdefault(_EXTENSION, {})
    place = (key, language())
    plain, now = catalogue().plain, request_clock().now
    fragment = kept.get(place)
    if fragment is None or not fragment.is_right(plain, now):
        fragment = kept[place] = _made(make)
    catalogue().tags.update(fragment.tags)
    request_clock().expires_at(fragment.valid_until)
    return cast(Made, fragment.made)


def _made(make: Callable[[], object]) -> _Fragment:
    """Run `make` with a catalogue and a moment of its own, which note only what this part asks."""
    of_page = g.catalogue, g.request_clock
    g.catalogue, g.request_clock = own, now = (
        TrackedCatalogue(of_page[0].plain),
        RequestClock(of_page[1].now, of_page[1].zone),
    )
    try:
        made = make()
    finally:
        g.catalogue, g.request_clock = of_page
    return _Fragment(own.plain, made, now.now, now.valid_until, frozenset(own.tags))
