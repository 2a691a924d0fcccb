"""Numbers in a small shared file by which the processes of one machine tell each other that something changed."""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from hashlib import blake2b
from pathlib import Path

SLOTS = 4096
_SIZE = 8 * (SLOTS + 1)


class Generations:
    """A memory-mapped file: number 0 counts content changes, the others count changes of live facts by tag.

    Two tags that share a slot only make each other's pages fresh more often than needed.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < _SIZE:
                os.ftruncate(descriptor, _SIZE)
            self._map = mmap.mmap(descriptor, _SIZE)
        finally:
            os.close(descriptor)
        self._path = path

    @property
    def content(self) -> int:
        """How often content was published on this machine."""
        return self._read(0)

    def bump_content(self) -> None:
        """Tell every process to look for changed content."""
        self._bump(0)

    def of(self, tag: str) -> int:
        """How often the live facts behind this tag changed."""
        return self._read(_slot(tag))

    def bump(self, tag: str) -> None:
        """Tell every process that pages which show this tag are no longer right."""
        self._bump(_slot(tag))

    def _read(self, slot: int) -> int:
        return int(struct.unpack_from("<Q", self._map, 8 * slot)[0])

    def _bump(self, slot: int) -> None:
        with self._path.open("rb") as lock:
            # Two processes that count at the same time would otherwise lose one of the changes.
            fcntl.flock(lock, fcntl.LOCK_EX)
            struct.pack_into("<Q", self._map, 8 * slot, self._read(slot) + 1)


def _slot(tag: str) -> int:
    return 1 + int.from_bytes(blake2b(tag.encode(), digest_size=4).digest(), "little") % SLOTS
