"""The staff services of the accounts alone: who is signed in, the layout, the CSRF token, the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf.csrf import generate_csrf

from portal.accounts.actions import record_action
from portal.accounts.layout import layout_context
from portal.accounts.people import current_staff
from portal.web.languages import gettext as _
from portal.web.staff import NotPublished, StaffLayout


class AccountServices:
    """Everything of the desk that needs accounts alone; reading and publishing belong to whoever edits."""

    def person(self) -> str:
        """The name of whoever is signed in."""
        return current_staff().name

    def may(self, permission: str) -> bool:
        """Whether whoever is signed in has that permission."""
        return current_staff().may(permission)

    def layout_context(self) -> StaffLayout:
        """The variables of staff.html."""
        return layout_context()

    def csrf_token(self) -> str:
        """The token that every form of the desk carries."""
        return generate_csrf()

    def record(self, action: str, target: str) -> None:
        """Add an action of whoever is signed in to the audit log."""
        record_action(current_staff(), action, target)

    def read(self, path: str) -> str:
        """Nothing can be read here; raises NotPublished."""
        raise NotPublished(_("This desk cannot publish."))

    def publish(
        self, changes: Mapping[str, str | bytes | None], *, reason: str, author: str = "", unread: bool = False
    ) -> None:
        """Nothing can be published here; raises NotPublished."""
        raise NotPublished(_("This desk cannot publish."))

    def draft(self, kind: str, slug: str, files: Mapping[str, str]) -> str:
        """No draft can be made here; raises NotPublished."""
        raise NotPublished(_("This desk cannot publish."))
