"""What the project ships becomes the branch `shipped` of the office's repository, and is merged into what it serves."""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.signing import SigningKey
from portal.content.sources.source import FolderSource

SHIPPER = Person("Portal", "")


def files_of(folder: Path) -> Mapping[str, bytes]:
    """Every file below the folder by its path."""
    source = FolderSource(folder)
    return {path: source.read(path) for path in source.listing()}


def ensure_repository(path: Path, folder: Path, *, at: datetime, key: SigningKey | None = None) -> bool:
    """Make the repository from the folder when there is none, signed with the key; says whether it was made now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f"{path.name}.lock").open("a") as lock_file:
        # Workers start together; the first makes the repository and the others find it finished.
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        if (path / "refs" / "heads" / "main").exists() or (path / "packed-refs").exists():
            return False
        is_begun = (path / "HEAD").exists()
        repository = ContentRepository(path, key=key) if is_begun else ContentRepository.create(path, key=key)
        update(repository, folder, at=at)
    return True


def update(repository: ContentRepository, folder: Path, *, at: datetime) -> bool:
    """Commit the folder's state to `shipped` and merge it; says whether main changed.

    Raises MergeConflict, naming the paths, and leaves main alone.
    """
    before = repository.head()
    repository.ship(files_of(folder), author=SHIPPER, message="Content as shipped with the project", at=at)
    after = repository.merge_shipped(author=SHIPPER, message="Merge the content shipped with the project", at=at)
    repository.index_history()
    return before != after
