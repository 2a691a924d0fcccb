"""A site on a repository of its own with people signed in, for tests of the desk's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.content.sources.bundled import ensure_repository
from portal.content.sources.repository import ContentRepository
from portal.drafts.models import Draft
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.conftest import SAMPLE_CONTENT, AppFactory

SLUG = "kartu-hilang"
KEY = f"faq/{SLUG}"
SHIPPED = datetime(2026, 11, 1, tzinfo=UTC)


class DeskSite:
    """The application, its repository, and a client for each member of staff."""

    def __init__(self, make_app: AppFactory, folder: Path, **settings: Any) -> None:
        self.path = folder / "content.git"
        ensure_repository(self.path, SAMPLE_CONTENT, at=SHIPPED)
        self.app: Flask = make_app(content=self.path, content_is_repository=True, **settings)
        self.author = self.person("author", name="Maria Bria")
        self.reviewer = self.person("reviewer", name="Yohanis Nabu")

    def person(self, *roles: str, name: str) -> DeskClient:
        """A client of a new member of staff."""
        client = DeskClient(self.app, self.app.response_class, use_cookies=True)
        address = f"{name.split()[0].lower()}@example.org"
        sign_in(client, make_staff(self.app, *roles, email=address, name=name))
        return client

    def text(self, path: str) -> str:
        """A file as it is published."""
        repository = ContentRepository(self.path)
        data = repository.read(repository.head(), path)
        repository.close()
        return (data or b"").decode()

    def log(self, path: str = ".") -> list[Any]:
        """The commits of the served branch that touched a path, the newest first."""
        repository = ContentRepository(self.path)
        commits = repository.history(path, limit=1000)
        repository.close()
        return commits

    def draft(self, id_: str) -> Draft:
        """The draft as the database has it."""
        with self.app.app_context(), sessions()() as session:
            return session.get_one(Draft, id_)

    def drafts(self) -> list[Draft]:
        """Every draft."""
        with self.app.app_context(), sessions()() as session:
            return list(session.scalars(select(Draft)))

    def written(self, summary: str, *, client: DeskClient | None = None, key: str = KEY) -> str:
        """A draft of the page in which the summary is another one; gives its id."""
        writer = client or self.author
        began = writer.post(f"/id/staff/edit/{key}/begin")
        id_ = str(began.headers["Location"]).rpartition("/")[2]
        saved = writer.post(
            f"/id/staff/drafts/{id_}", data={"version": str(self.draft(id_).version), "id.summary": summary}
        )
        assert saved.status_code == 303, saved.get_data(as_text=True)
        return id_

    def act(self, client: DeskClient, id_: str, action: str, **form: str) -> Any:
        """An action on a draft in the version that it has now."""
        data = {"version": str(self.draft(id_).version), **form}
        return client.post(f"/id/staff/drafts/{id_}/{action}", data=data)

    def sent(self, summary: str, *, client: DeskClient | None = None) -> str:
        """The same, sent to review."""
        id_ = self.written(summary, client=client)
        assert self.act(client or self.author, id_, "send", reason="Lebih jelas").status_code == 303
        return id_
