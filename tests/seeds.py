"""Instances that tests begin with: built once per run for the two contents that never change, then copied.

An application on a new instance migrates its database, parses its content and builds its index. A test that is about
something else takes the result of that from a seed; what a seed holds of other content is left behind.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

DATABASE = ("portal.sqlite3", "portal.sqlite3-wal")


class Seeds:
    """Keeps one prepared instance per constant content, shared by all processes of a run."""

    def __init__(self, root: Path, contents: tuple[Path, ...], make: Callable[[Path, Path], object]) -> None:
        """Bind the folder of the run; `make(instance, content)` prepares an instance."""
        self._root = root
        self._contents = contents
        self._make = make

    def plant(self, instance: Path, content: Path) -> None:
        """Fill a new instance with whatever would be the same if it were built for this content."""
        if instance.exists():
            return
        if content in self._contents:
            shutil.copytree(self._seed(content), instance, ignore=shutil.ignore_patterns("*.lock", "*-shm", "*.queue"))
            return
        instance.mkdir(parents=True)
        seed = self._seed(self._contents[0])
        for name in DATABASE:
            if (seed / name).exists():
                shutil.copy(seed / name, instance / name)

    def _seed(self, content: Path) -> Path:
        folder = self._root / f"seed-{content.name}"
        with (self._root / "seeds.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                building = folder.with_suffix(".part")
                self._make(building, content)
                building.rename(folder)
        return folder
