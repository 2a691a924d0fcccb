"""What the running application holds beside Flask: settings, live content, generations, what features contribute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from portal.content.checks.rules import Check
from portal.content.document import Document, DocumentType
from portal.content.generations import Generations
from portal.content.live import LiveCatalogue
from portal.content.sources.signing import SigningKey
from portal.page_cache.cache import PageCache
from portal.settings import Settings

if TYPE_CHECKING:
    from portal.feature import Feature
    from portal.web.documents.preview import PreviewLayer
    from portal.web.navigation import LayoutVariables, MenuEntry
    from portal.web.syndication.sitemap import SitemapEntry

EXTENSION = "portal"


@dataclass
class Portal:
    """The one object that `create_app` makes and that every entry point finds through `portal()`.

    Its properties collect what all features contribute, in the order of features or by `position`.
    """

    settings: Settings
    live: LiveCatalogue
    generations: Generations
    features: tuple[Feature, ...]
    layout_context: Callable[[], LayoutVariables]
    page_cache: PageCache | None = None

    @cached_property
    def signing_key(self) -> SigningKey:
        """The key that signs the commits of this instance."""
        return SigningKey(self.settings.audit_key_path)

    @cached_property
    def types(self) -> Mapping[str, DocumentType]:
        """The document types by kind."""
        return {type_.kind: type_ for feature in self.features for type_ in feature.types}

    @cached_property
    def document_endpoints(self) -> Mapping[str, str]:
        """The endpoint of a document's page by kind, for kinds whose endpoint is not `<kind>.show`."""
        return {kind: name for feature in self.features for kind, name in feature.document_endpoints.items()}

    @cached_property
    def menu(self) -> tuple[MenuEntry, ...]:
        """The entries of the main navigation."""
        entries = (entry for feature in self.features for entry in feature.menu)
        return tuple(sorted(entries, key=lambda entry: entry.position))

    @cached_property
    def cards(self) -> Mapping[str, list[Callable[[], Any]]]:
        """What makes the cards of each slot."""
        sources = (source for feature in self.features for source in feature.cards)
        by_slot: dict[str, list[Callable[[], Any]]] = defaultdict(list)
        for source in sorted(sources, key=lambda source: source.position):
            by_slot[source.slot].append(source.make)
        return by_slot

    @cached_property
    def sitemap(self) -> tuple[Callable[[], Iterable[SitemapEntry]], ...]:
        """What gives the pages of the sitemap that are not documents."""
        return tuple(feature.sitemap for feature in self.features if feature.sitemap)

    @cached_property
    def template_globals(self) -> Mapping[str, Callable[..., Any]]:
        """The functions of features that templates may call."""
        return {name: made for feature in self.features for name, made in feature.template_globals.items()}

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks of content."""
        return tuple(check for feature in self.features for check in feature.checks)

    @cached_property
    def preview_layers(self) -> tuple[Callable[[], PreviewLayer], ...]:
        """What gives the layers that features lay over previews."""
        return tuple(feature.preview_layer for feature in self.features if feature.preview_layer)

    @cached_property
    def value_outcomes(self) -> tuple[Callable[..., Any], ...]:
        """What features answer with a reference value besides pages."""
        return tuple(source for feature in self.features for source in feature.value_outcomes)

    @cached_property
    def holiday_documents(self) -> tuple[Callable[..., Any], ...]:
        """What gives the documents that other holidays change."""
        return tuple(source for feature in self.features for source in feature.holiday_documents)

    @cached_property
    def calendar_stamps(self) -> Mapping[str, Callable[[Document], object]]:
        """What the calendar file of a document says, by kind."""
        return {kind: stamp for feature in self.features for kind, stamp in feature.calendar_stamps.items()}


def portal() -> Portal:
    """The object of the current application."""
    installed: Portal = current_app.extensions[EXTENSION]
    return installed


def portal_of(app: Flask) -> Portal:
    """The object of that application, for what has no application context."""
    installed: Portal = app.extensions[EXTENSION]
    return installed


def cards(slot: str) -> list[Any]:
    """The cards of that slot that have something to show, in the order of their positions."""
    return [card for card in (make() for make in portal().cards.get(slot, [])) if card is not None]
