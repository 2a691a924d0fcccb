"""The index that a process searches: the generation in use, polled every 0.1 seconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from portal.search.engine.index import generations
from portal.search.engine.index.arrays import DamagedFile
from portal.search.engine.index.view import View
from portal.search.engine.query.searcher import Searcher

POLL_SECONDS = 0.1


class LiveIndex:
    """Opens generations as they are published; a request keeps the searcher with which it began.

    The lock is held while a generation is opened; meanwhile other threads use the previous one, if there is one.
    """

    def __init__(self, root: Path) -> None:
        """Follow the index in this folder, which need not exist yet."""
        self.root = root
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._signature: tuple[int, int] | None = None
        self._next_poll_at = 0.0

    def searcher(self) -> Searcher:
        """The searcher of the current generation; raises IndexMissing while there is none that can be read."""
        if self._is_due() and self._lock.acquire(blocking=self._searcher is None):
            try:
                # A thread that waited for the first opening finds it done.
                if self._is_due():
                    self._poll()
            finally:
                self._lock.release()
        if self._searcher is None:
            raise generations.IndexMissing(f"{self.root} holds no index that can be read.")
        return self._searcher

    def drop(self) -> None:
        """Close the open generation, which is damaged."""
        with self._lock:
            self._searcher = self._signature = None
            self._next_poll_at = 0.0

    def _is_due(self) -> bool:
        return self._searcher is None or time.monotonic() >= self._next_poll_at

    def _poll(self) -> None:
        self._next_poll_at = time.monotonic() + POLL_SECONDS
        try:
            status = (self.root / generations.CURRENT).stat()
        except OSError:
            return
        signature = (status.st_ino, status.st_mtime_ns)
        if signature == self._signature and self._searcher is not None:
            return
        try:
            self._searcher = Searcher(View(self.root / generations.current_name(self.root)))
            self._signature = signature
        except (generations.IndexMissing, DamagedFile, OSError, ValueError):
            # The last good generation stays in use, and the builder will publish another one.
            self._signature = None
