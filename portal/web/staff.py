"""The interface through which staff pages of features use the desk, a layer above them that they may not import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, NotRequired, Protocol, TypedDict

from flask import Flask, Response, current_app

from portal.languages import formatting
from portal.messages import N_
from portal.web.clock import office_zone, request_clock
from portal.web.languages import language
from portal.web.pages import private, render

_EXTENSION = "portal.desk"


class StaffMenuGroup(Enum):
    """The groups of the staff menu in their order; the value is the label, a message of the catalogues."""

    FIRST = ""
    WRITING = N_("Writing")
    SERVICES = N_("Services")
    EVENTS = N_("Events")
    READERS = N_("Readers")
    ADMINISTRATION = N_("Administration")


@dataclass(frozen=True)
class StaffMenuEntry:
    """An entry of the staff menu: its endpoint, its label (a message of the catalogues), its group, what waits there.

    `position` orders the entries of one group.
    """

    endpoint: str
    label: str
    position: int
    group: StaffMenuGroup
    count: Callable[[], int] | None = None


@dataclass(frozen=True)
class StaffShortcut:
    """A button of the desk's first page, a card of the slot `desk-shortcuts`, for whoever may call its endpoint.

    `label` is a message of the catalogues; `style` a further class of the button; `permission` one that is needed
    instead of the endpoint's.
    """

    endpoint: str
    label: str
    style: str = ""
    permission: str = ""


class StaffMenuItem(TypedDict):
    """An entry of the staff menu on a page; `current` is "page" on its own page, True on pages below it."""

    label: str
    href: str
    count: int | None
    current: NotRequired[str | bool]


class StaffMenuSection(TypedDict):
    """A group of the staff menu with the entries that this person may open; `label` is empty for the first."""

    label: str
    items: list[StaffMenuItem]


class StaffPerson(TypedDict):
    """Who is signed in: name, roles as words, the address of the account page."""

    name: str
    role: str
    href: str


class StaffLayout(TypedDict):
    """The variables of staff.html; both empty for whoever is not wholly signed in."""

    desk: list[StaffMenuSection]
    person: StaffPerson | None


class NotPublished(Exception):
    """The change was not published; the message tells staff why and what to do."""


class PublishedMeanwhile(NotPublished):
    """Somebody published the same file since it was read; the change can be made anew on the present text."""


class StaffServices(Protocol):
    """What staff pages of features may ask of the desk; `create_app` connects an implementation."""

    def person(self) -> str:
        """The name of whoever is signed in, for notes that staff leave."""
        ...

    def may(self, permission: str) -> bool:
        """Whether whoever is signed in has that permission."""
        ...

    def layout_context(self) -> StaffLayout:
        """The variables of staff.html: `desk`, `person`."""
        ...

    def csrf_token(self) -> str:
        """The token that every form of the desk carries."""
        ...

    def record(self, action: str, target: str) -> None:
        """Add an action to the audit log; the target is an id, never a name."""
        ...

    def read(self, path: str) -> str:
        """The text of a content file as it is published now; raises NotPublished when there is none."""
        ...

    def publish(
        self, changes: Mapping[str, str | bytes | None], *, reason: str, author: str = "", unread: bool = False
    ) -> None:
        """Publish these files as one change by whoever is signed in; None takes one away.

        With the id of an `author` the change is that person's, approved by whoever is signed in.
        `unread` texts go out without a second reader and wait for one afterwards.

        Raises NotPublished, as PublishedMeanwhile where a file is no longer what was read.
        """
        ...

    def draft(self, kind: str, slug: str, files: Mapping[str, str]) -> str:
        """Make a draft of a new document and give the address at which it is edited; raises NotPublished."""
        ...


class NoStaffServices:
    """Stands in while no desk is connected: reads nothing, publishes nothing."""

    def person(self) -> str:
        return ""

    def may(self, permission: str) -> bool:
        return False

    def layout_context(self) -> StaffLayout:
        return {"desk": [], "person": None}

    def csrf_token(self) -> str:
        return ""

    def record(self, action: str, target: str) -> None:
        return None

    def read(self, path: str) -> str:
        raise NotPublished("The staff desk is not running here.")

    def publish(
        self, changes: Mapping[str, str | bytes | None], *, reason: str, author: str = "", unread: bool = False
    ) -> None:
        raise NotPublished("The staff desk is not running here.")

    def draft(self, kind: str, slug: str, files: Mapping[str, str]) -> str:
        raise NotPublished("The staff desk is not running here.")


def connect_staff_services(app: Flask, services: StaffServices) -> None:
    """Make these the staff services of the application."""
    app.extensions[_EXTENSION] = services


def staff_services() -> StaffServices:
    """The desk of this application."""
    services: StaffServices = current_app.extensions.get(_EXTENSION) or NoStaffServices()
    return services


def render_staff(template: str, *, status: int = 200, **context: Any) -> Response:
    """A page of the desk, kept by no cache; `csrf` is the token for its forms."""
    frame = staff_services().layout_context()
    return private(render(template, status=status, **frame, csrf=staff_services().csrf_token(), **context))


def staff_time(instant: datetime) -> str:
    """An instant as staff pages show it: of today the clock alone, of another day with its day."""
    local = instant.astimezone(office_zone())
    if local.date() == request_clock().now.date():
        return formatting.clock(local, language())
    return formatting.day_clock(local, language())
