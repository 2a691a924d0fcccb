"""The content in a backup: the whole repository as one git bundle, or the files of a folder in development."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from pathlib import Path

from portal.content.sources.bundled import files_of
from portal.content.sources.repository import SHIPPED, ContentRepository

SECONDS = 600
BUNDLE = "content.bundle"
FOLDER = "content/"


class ContentDamaged(Exception):
    """The content in the archive cannot be brought back whole; the message says what is wrong with it."""


def pack_repository(path: Path, to: Path) -> str:
    """Write every ref of the repository with its history as a bundle; gives the commit that is served."""
    with closing(ContentRepository(path)) as repository:
        commit = repository.head()
    _git(path, "bundle", "create", "--quiet", str(to), "--all")
    return commit


def pack_folder(path: Path, to: Path) -> list[str]:
    """Copy the files of a content folder; gives their paths."""
    files = files_of(path)
    for name, data in files.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(data)
    return sorted(files)


def unpack_repository(bundle: Path, to: Path, *, commit: str) -> None:
    """Make the repository anew from a bundle; raises ContentDamaged unless it is whole and serves `commit`."""
    ContentRepository.create(to).close()
    try:
        _git(to, "bundle", "verify", "--quiet", str(bundle))
        _git(to, "fetch", "--quiet", str(bundle), "+refs/*:refs/*")
    except subprocess.CalledProcessError as error:
        raise ContentDamaged(error.stderr.decode("utf-8", "replace").strip()) from None
    with closing(ContentRepository(to)) as repository:
        if repository.head() != commit or not repository.is_sound():
            raise ContentDamaged(f"the repository does not serve {commit or 'any commit'}")
        if commit:
            repository.index_history()


def is_as_shipped(path: Path) -> bool:
    """Whether a repository holds nothing yet but what the project ships."""
    with closing(ContentRepository(path)) as repository:
        return repository.head() in ("", repository.head(SHIPPED))


def swap_in(fresh: Path, place: Path, *, aside: Path) -> None:
    """Put the fresh folder in its place; what was there is moved aside first."""
    if place.exists():
        place.rename(aside)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(place)


def _git(path: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    environment.pop("GIT_DIR", None)
    subprocess.run(  # noqa: S603 - fixed command, arguments that cannot be options
        ["git", "-C", str(path), *arguments],  # noqa: S607
        check=True,
        capture_output=True,
        timeout=SECONDS,
        env=environment,
    )
