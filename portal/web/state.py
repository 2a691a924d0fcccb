"""What the running application holds beside Flask: settings, live content, generations, rooms' contributions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from portal.content.checks import Check
from portal.content.document import DocumentType
from portal.content.generation import Generations
from portal.content.live import LiveCatalogue
from portal.settings import Settings

if TYPE_CHECKING:
    from portal.web.navigation import Place

EXTENSION = "portal"


@dataclass
class Portal:
    """The one object that create_app fills and that every door finds through `portal()`."""

    settings: Settings
    live: LiveCatalogue
    generations: Generations
    types: Mapping[str, DocumentType]
    places: list[Place] = field(default_factory=list)
    cards: dict[str, list[Callable[[], Any]]] = field(default_factory=dict)
    template_globals: dict[str, Any] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    chrome: Callable[[], dict[str, Any]] = dict
    pages: Any = None


def install(app: Flask, portal_: Portal) -> None:
    """Hang the object onto the application."""
    app.extensions[EXTENSION] = portal_


def portal() -> Portal:
    """The object of the current application."""
    found: Portal = current_app.extensions[EXTENSION]
    return found


def portal_of(app: Flask) -> Portal:
    """The object of that application, while it is being put together."""
    found: Portal = app.extensions[EXTENSION]
    return found


def card(portal_: Portal, slot: str, make: Callable[[], Any]) -> None:
    """Let a room add a card to a page of another room (slot `home`, `coverage`, …) without importing it."""
    portal_.cards.setdefault(slot, []).append(make)


def cards(slot: str) -> list[Any]:
    """The cards of that slot that have something to show, in the order of the rooms."""
    return [made for made in (make() for make in portal().cards.get(slot, [])) if made is not None]
