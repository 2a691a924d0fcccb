"""Staff services that publish straight into the folder of content and remember every call."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from portal.web.staff import NotPublished, StaffLayout, connect_staff_services
from portal.web.state import portal


class FolderStaffServices:
    """Stands in where a test is about the feature and not about drafts and repositories."""

    def __init__(self, app: Flask, content: Path, *, connected: bool = True) -> None:
        self.app, self.content = app, content
        self.recorded: list[tuple[str, str]] = []
        self.drafts: dict[str, Mapping[str, str]] = {}
        self.reasons: list[str] = []
        self.refuses = False
        if connected:
            connect_staff_services(app, self)

    def person(self) -> str:
        return "Petugas Contoh"

    def may(self, permission: str) -> bool:
        return True

    def layout_context(self) -> StaffLayout:
        return {"desk": [], "person": None}

    def csrf_token(self) -> str:
        return "token"

    def record(self, action: str, target: str) -> None:
        self.recorded.append((action, target))

    def read(self, path: str) -> str:
        try:
            return (self.content / path).read_text(encoding="utf-8")
        except OSError:
            raise NotPublished(f"There is no {path}.") from None

    def publish(
        self, changes: Mapping[str, str | bytes | None], *, reason: str, author: str = "", unread: bool = False
    ) -> None:
        if self.refuses:
            raise NotPublished("Somebody else has just changed this.")
        for path, text in changes.items():
            full = self.content / path
            full.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                full.unlink()
            else:
                full.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.reasons.append(f"{reason} by {author}" if author else reason)
        self.reload_content()

    def draft(self, kind: str, slug: str, files: Mapping[str, str]) -> str:
        if self.refuses:
            raise NotPublished("This desk makes no drafts.")
        self.drafts[f"{kind}/{slug}"] = files
        return f"/id/staff/edit/{kind}/{slug}"

    def reload_content(self) -> None:
        """Let the site notice at once what changed in the folder."""
        with self.app.app_context():
            portal().generations.bump_content()
