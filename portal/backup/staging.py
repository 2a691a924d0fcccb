"""Folders in which a backup is put together or taken apart; what a killed process left is deleted by the next one."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIXES = (".backup-", ".restore-")
LOCK = "lock"


@contextmanager
def staging(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder of its own below `parent`, for its owner only; it is locked while it is used and gone afterwards."""
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent)
    with tempfile.TemporaryDirectory(dir=parent, prefix=prefix) as name:
        folder = Path(name)
        with (folder / LOCK).open("a") as lock_file:
            fcntl.flock(lock_file, fcntl.LOCK_EX)
            yield folder


def sweep(parent: Path) -> int:
    """Delete the folders that no living process has locked; gives their number."""
    deleted = 0
    for prefix in PREFIXES:
        for folder in parent.glob(f"{prefix}*"):
            # An empty folder is one that another process has just made.
            if folder.is_dir() and any(folder.iterdir()) and not _is_locked(folder):
                shutil.rmtree(folder, ignore_errors=True)
                deleted += 1
    return deleted


def _is_locked(folder: Path) -> bool:
    with contextlib.suppress(FileNotFoundError), (folder / LOCK).open("r") as lock_file:
        try:
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
