"""What a package hands to the application: one `Feature` record, read once by `create_app`.

Entries with a `position` are ordered by it across all features; the order of features breaks ties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from click import Command
from flask import Blueprint, Flask

from portal.content.checks.rules import Check
from portal.content.document import Document, DocumentType
from portal.content.reference import ReferenceType
from portal.web.documents.cards import Card
from portal.web.documents.preview import PreviewLayer
from portal.web.navigation import MenuEntry
from portal.web.operations.jobs import Job
from portal.web.staff import StaffMenuEntry
from portal.web.syndication.sitemap import SitemapEntry

if TYPE_CHECKING:
    from portal.reference_values.uses import HolidaySource, OutcomeSource
    from portal.search.sources import ReferenceSource, SearchSource

Mount = tuple[Blueprint, str]


@dataclass(frozen=True, kw_only=True)
class CardSource:
    """A card that a feature shows on a page of another one.

    `slot` names the page (`home`, `coverage`, `desk`, …); `make` returns None when there is nothing to show.
    """

    slot: str
    make: Callable[[], Card | Any | None]
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Everything that `create_app` takes from one package; `Portal` collects it over all features.

    - `types` are its document types, `references` its lists of dated values. The page of a document is the endpoint
      `<kind>.show`, unless `document_endpoints` names another for its kind; parts of a document are `<kind>.part`.
    - `public` blueprints are mounted below `/<lang>`, `staff` blueprints below `/<lang>/staff`, each with the prefix
      beside it. `permissions` maps each staff endpoint to the permission that it needs; `recent` names the endpoints
      that ask for the password again.
    - `audited` has the words (messages of the catalogues) for each action that it writes to the audit log.
    - `menu` and `staff_menu` are its entries of both navigations, `cards` what it shows on pages of other features,
      `template_globals` functions that templates may call.
    - `search` and `search_references` say what is found, `sitemap` gives pages that are not documents.
    - `checks` look at content before it is published; `preview_layer` gives what previews show before readers do.
      `value_outcomes` give what the feature answers with a reference value besides pages, `holiday_documents` the
      documents that other holidays change; `calendar_stamps` give, by kind, what the calendar file of a document says:
      an edit that changes it raises its sequence number.
    - `jobs` are run by `flask work`, `commands` added to `flask`. `install` runs after every feature is registered.
    """

    name: str
    types: tuple[DocumentType, ...] = ()
    document_endpoints: Mapping[str, str] = field(default_factory=dict)
    references: tuple[ReferenceType, ...] = ()
    public: tuple[Mount, ...] = ()
    staff: tuple[Mount, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)
    recent: tuple[str, ...] = ()
    audited: Mapping[str, str] = field(default_factory=dict)
    menu: tuple[MenuEntry, ...] = ()
    staff_menu: tuple[StaffMenuEntry, ...] = ()
    search: tuple[SearchSource, ...] = ()
    search_references: tuple[ReferenceSource, ...] = ()
    sitemap: Callable[[], Iterable[SitemapEntry]] | None = None
    cards: tuple[CardSource, ...] = ()
    checks: tuple[Check, ...] = ()
    preview_layer: Callable[[], PreviewLayer] | None = None
    template_globals: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    commands: tuple[Command, ...] = ()
    value_outcomes: tuple[OutcomeSource, ...] = ()
    holiday_documents: tuple[HolidaySource, ...] = ()
    calendar_stamps: Mapping[str, Callable[[Document], object]] = field(default_factory=dict)
    install: Callable[[Flask], None] | None = None
