"""The catalogue that a process serves, kept equal to its source without a restart.

`current` polls the source at most every POLL_SECONDS, or at once after a publication of this machine, and reads
again when the version or the times of its files differ. One thread reads under a lock; the others keep serving the
catalogue that they have. A source that cannot be read leaves the last catalogue in place, with a problem.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from portal.content.catalogue import Catalogue, changed_tags
from portal.content.document import Document
from portal.content.generations import Generations
from portal.content.loading.reader import Reader
from portal.content.problems import ContentError, Problem, ProblemKind
from portal.content.sources.source import FolderSource, RepositorySource, Source

POLL_SECONDS = 0.25
FOLDER_POLL_SECONDS = 0.5

SOURCE_UNREADABLE = ProblemKind("source", "could not be read: %(error)s")


@dataclass(frozen=True)
class Change:
    """What one reading changed: the catalogues before and after, and the tags that differ."""

    before: Catalogue
    after: Catalogue
    tags: frozenset[str]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold the garbage collector off while thousands of objects are made that all stay: half of the time otherwise."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class LiveCatalogue:
    """Holds the current catalogue of a source and reads it again when a poll says that it changed."""

    def __init__(self, source: Source, reader: Reader, generations: Generations) -> None:
        self.source = source
        self.reader = reader
        self._generations = generations
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Change], None]] = []
        self._generation = generations.content
        self._signature = self._stat_or_version()
        self._next_poll = 0.0
        with _without_collecting():
            self._catalogue = self._with_refusal(reader.read(source))

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` after each reading that changed something, once the new catalogue is served."""
        self._listeners.append(listener)

    def current(self) -> Catalogue:
        """The catalogue to serve now; a change is picked up within a quarter of a second of being asked for."""
        if self._generations.content != self._generation or time.monotonic() >= self._next_poll:
            self._refresh()
        return self._catalogue

    def served(self) -> Catalogue:
        """The catalogue as it is in this process, without looking for a change."""
        return self._catalogue

    def adopt(self, document: Document) -> Catalogue:
        """Serve a document that this process just published, without reading everything again."""
        with self._lock:
            self._swap(self._catalogue.replacing(document))
        return self._catalogue

    def _refresh(self) -> None:
        # One thread reads while the others keep serving the catalogue they have.
        if not self._lock.acquire(blocking=False):
            return
        try:
            generation = self._generations.content
            signature = self._stat_or_version()
            if generation != self._generation or signature != self._signature:
                self._read()
            self._generation, self._signature = generation, signature
            pause = FOLDER_POLL_SECONDS if isinstance(self.source, FolderSource) else POLL_SECONDS
            self._next_poll = time.monotonic() + pause
        finally:
            self._lock.release()

    def _read(self) -> None:
        try:
            self._swap(self._with_refusal(self.reader.read(self.source, self._catalogue)))
        except (ContentError, OSError, KeyError) as error:
            # Whatever state a push or a disk left the source in, the last good catalogue stays up.
            problem = SOURCE_UNREADABLE.at("", error=error)
            self._catalogue = _with_problem(self._catalogue, problem)

    def _swap(self, fresh: Catalogue) -> None:
        change = Change(self._catalogue, fresh, changed_tags(self._catalogue, fresh))
        self._catalogue = fresh
        for listener in self._listeners:
            listener(change)

    def _with_refusal(self, catalogue: Catalogue) -> Catalogue:
        refusal = self.source.refusal() if isinstance(self.source, RepositorySource) else None
        return _with_problem(catalogue, refusal) if refusal else catalogue

    def _stat_or_version(self) -> object:
        if isinstance(self.source, RepositorySource):
            return self.source.stat_signature()
        return self.source.version()


def _with_problem(catalogue: Catalogue, problem: Problem) -> Catalogue:
    return replace(catalogue, problems=(*catalogue.problems, problem))
