"""A small office for the tests of publishing: a repository, a database, and the reader of the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal.content.generations import Generations
from portal.content.live import LiveCatalogue
from portal.content.sources.adoption import Adoption
from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.signing import Signers, SigningKey
from portal.content.sources.source import RepositorySource
from portal.database import engine_for, sessions_for, writing
from portal.drafts.drafts import to_be_published
from portal.drafts.models import APPROVED, Draft, fresh_id
from portal.drafts.workflow import digest_of
from portal.migrations import is_current, upgrade
from portal.publishing.candidate import Candidates, Examiner
from portal.publishing.edits import Edit, edit_of
from portal.publishing.publish import publish
from portal.publishing.publisher import Publisher
from tests.content.tree import FILES, TYPES, reader

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MARIA, YOHANIS = Person("Maria", "maria@kantor.example"), Person("Yohanis", "yohanis@kantor.example")
PAGE = "faq/biaya"


class Office:
    """One machine of an office; made again over the same folder it is what a restart finds.

    With `signed` it serves commits of its own key alone.
    """

    def __init__(self, folder: Path, *, database_url: str = "", signed: bool = False) -> None:
        self.folder = folder
        self.path = folder / "content.git"
        self.key = SigningKey(folder / "audit_key")
        if not self.path.exists():
            files: dict[str, bytes | None] = {path: text.encode() for path, text in FILES.items()}
            made = ContentRepository.create(self.path, key=self.key)
            made.save(files, author=Person("Portal", ""), message="Shipped", at=NOW - timedelta(days=9), expected="")
            made.close()
        self.engine = engine_for(database_url or f"sqlite:///{folder / 'portal.sqlite3'}")
        if not is_current(self.engine):
            upgrade(self.engine)
        self.sessions = sessions_for(self.engine)
        generations = Generations(folder / "generations")
        adoption = Adoption(self.path, folder / "adopted", Signers.of_lines([self.key.line])) if signed else None
        self.live = LiveCatalogue(RepositorySource(self.path, adoption=adoption), reader(), generations)
        types = {type_.kind: type_ for type_ in TYPES}
        self.publisher = Publisher(
            path=self.path,
            candidates=Candidates(RepositorySource(self.path), self.live.reader),
            examiner=Examiner(types),
            generations=generations,
            served=self.live.current,
            facts={type_.kind: type_.facts for type_ in TYPES},
            key=self.key,
            adoption=adoption,
        )

    def close(self) -> None:
        self.engine.dispose()

    def session(self) -> Session:
        return self.sessions()

    def repository(self) -> ContentRepository:
        return ContentRepository(self.path, key=self.key)

    def text(self, path: str, *, commit: str = "") -> str | None:
        """The text of a file as it is published."""
        repository = self.repository()
        data = repository.read(commit or repository.head(), path)
        repository.close()
        return data.decode() if data is not None else None

    def commits(self) -> list[str]:
        """The messages of the served branch, the newest first."""
        repository = self.repository()
        results = [revision.message for revision in repository.history(".", limit=10_000)]
        repository.close()
        return results

    def is_sound(self) -> bool:
        repository = self.repository()
        try:
            return repository.is_sound()
        finally:
            repository.close()

    def draft(self, key: str = PAGE, *, state: str = APPROVED, new: bool = False, **texts: str) -> str:
        """A draft of a page with other texts for some of its files; gives its id."""
        kind, slug = key.split("/")
        repository = self.repository()
        base = {} if new else {n: d.decode() for n, d in repository.read_folder(repository.head(), key).items()}
        head = repository.head()
        repository.close()
        base_files = {name: text for name, text in base.items() if "/" not in name}
        with self.session() as session, writing(session):
            draft = Draft(
                id=fresh_id(),
                kind=kind,
                slug=slug,
                is_new=new,
                base=head,
                files={**base_files, **{name.replace("_", "."): text for name, text in texts.items()}},
                base_files=base_files,
                state=state,
                author="maria",
                editor="maria",
                reviewer="yohanis" if state == APPROVED else "",
                reason="Lebih jelas",
                edited_at=NOW,
                created_at=NOW,
            )
            draft.approved_digest = digest_of(draft) if state == APPROVED else ""
            session.add(draft)
        return draft.id

    def held(self, draft: str) -> Draft:
        """The draft as the database has it."""
        with self.session() as session:
            return session.get_one(Draft, draft)

    def edit(self, draft: str, *, at: datetime | None = None) -> Edit:
        held = self.held(draft)
        return edit_of(held, to_be_published(held.files), person=MARIA, committer=YOHANIS, approved_by="Yohanis", at=at)

    def publish(self, edit: Edit | str, *, now: datetime = NOW, at: datetime | None = None) -> Any:
        """Publish an edit, or the draft of that id."""
        chosen = self.edit(edit, at=at) if isinstance(edit, str) else edit
        with self.session() as session:
            return publish(self.publisher, session, chosen, now=now)
