"""What the running application holds beside Flask: settings, live content, generations, what features contribute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from portal.content.checks.rules import Check
from portal.content.document import Document, DocumentType
from portal.content.generations import Generations
from portal.content.live import LiveCatalogue
from portal.page_cache.cache import PageCache
from portal.settings import Settings

if TYPE_CHECKING:
    from portal.web.navigation import MenuEntry
    from portal.web.syndication.sitemap import SitemapEntry

EXTENSION = "portal"


@dataclass
class Portal:
    """The one object that `create_app` fills and that every entry point finds through `portal()`."""

    settings: Settings
    live: LiveCatalogue
    generations: Generations
    types: Mapping[str, DocumentType]
    document_endpoints: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
    cards: Mapping[str, list[Callable[[], Any]]] = field(default_factory=dict)
    sitemap: tuple[Callable[[], Iterable[SitemapEntry]], ...] = ()
    template_globals: dict[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    value_outcomes: tuple[Callable[..., Any], ...] = ()
    holiday_documents: tuple[Callable[..., Any], ...] = ()
    calendar_stamps: Mapping[str, Callable[[Document], object]] = field(default_factory=dict)
    layout_context: Callable[[], dict[str, Any]] = dict
    page_cache: PageCache | None = None


def install(app: Flask, portal_: Portal) -> None:
    """Hang the object onto the application."""
    app.extensions[EXTENSION] = portal_


def portal() -> Portal:
    """The object of the current application."""
    installed: Portal = current_app.extensions[EXTENSION]
    return installed


def cards(slot: str) -> list[Any]:
    """The cards of that slot that have something to show, in the order of their positions."""
    return [card for card in (make() for make in portal().cards.get(slot, [])) if card is not None]
