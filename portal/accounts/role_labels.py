"""The names of roles for people."""

from __future__ import annotations

from collections.abc import Callable

from portal.web.languages import gettext as _

_LABELS: dict[str, Callable[[], tuple[str, str]]] = {
    "author": lambda: (_("Author"), _("writes pages in both languages and sends them to review")),
    "translator": lambda: (_("Translator"), _("translates what others wrote")),
    "reviewer": lambda: (_("Reviewer"), _("reads, approves and publishes")),
    "scheduler": lambda: (_("Scheduler"), _("keeps sessions and quotas current")),
    "registrar": lambda: (_("Registrar"), _("looks after registrations and requests for events")),
    "admin": lambda: (_("Administrator"), _("may do everything and looks after accounts")),
}


def role_label(role: str) -> str:
    """The name of a role in the page's language."""
    return _LABELS[role]()[0] if role in _LABELS else role


def role_hint(role: str) -> str:
    """What a role is for, in a few words."""
    return _LABELS[role]()[1] if role in _LABELS else ""
