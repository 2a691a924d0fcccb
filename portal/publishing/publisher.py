"""What publishing works with, and the lock that lets one publication of a machine run at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.content.catalogue import Catalogue
from portal.content.document import DocumentFacts
from portal.content.generations import Generations
from portal.content.sources.adoption import Adoption
from portal.content.sources.repository import ContentRepository
from portal.content.sources.signing import SigningKey
from portal.publishing.candidate import Candidates, Examiner
from portal.publishing.scheduled import StoredPage


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """What publishing needs: the repository, the candidate and its checks, and the generations that workers watch.

    `served` gives the catalogue that readers see; `facts` the type of facts of each kind. `key` signs the commits;
    `adoption` refuses to publish on a commit that readers would not get.
    """

    path: Path
    candidates: Candidates
    examiner: Examiner
    generations: Generations
    served: Callable[[], Catalogue]
    facts: Mapping[str, type[DocumentFacts]]
    key: SigningKey | None = None
    adoption: Adoption | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.served().site.timezone)

    def repository(self) -> ContentRepository:
        """The repository, opened anew: it is not made for several threads."""
        return ContentRepository(self.path, durable=True, key=self.key)

    def page(self, repository: ContentRepository, commit: str, key: str) -> StoredPage:
        """A page as that commit holds it."""
        folder = repository.read_folder(commit, key) if commit else {}
        files = {path: data.decode("utf-8", "replace") for path, data in folder.items()}
        return StoredPage(key, files, self.facts.get(key.partition("/")[0], DocumentFacts), self.zone)

    @contextmanager
    def publish_lock(self) -> Iterator[None]:
        """One publication of this machine at a time; the lock ends with the process, however it ends."""
        with (self.path / "publishing.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
