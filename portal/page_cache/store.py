"""The answers that the page cache keeps, bounded by bytes.

Key: path and canonical query. Value: `StoredPage`. Lifetime: until an edit drops one of its tags, its time
ends (the cache checks that), or the least recently used pages are dropped.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import brotli

from portal.page_cache.rendered_page import Headers, RenderedPage

# Brotli levels: for the first reader, who waits, and for the thread that improves the bytes afterwards.
QUICK_QUALITY, BEST_QUALITY = 5, 11
BROWSER_SECONDS, FRONT_SECONDS = 60, 5
# Estimate of what a page takes beside its bodies.
OVERHEAD_BYTES = 2000
# The cache sets these itself; the id of a request would be that of a stranger's.
_REPLACED = frozenset({"content-length", "cache-control", "etag", "vary", "content-encoding", "x-request-id"})


@dataclass
class StoredPage:
    """A finished answer: bodies by content coding (`br`, `gzip`), headers by coding (`identity` as well)."""

    bodies: dict[str, bytes]
    headers: dict[str, Headers]
    etag: str
    valid_until: float | None
    tags: tuple[str, ...]
    live: tuple[tuple[str, int], ...]
    # Whether the Brotli body is still the quick one, which nobody has asked for twice.
    is_quick: bool = True

    @property
    def size(self) -> int:
        """Bytes of memory, headers included by estimate."""
        return sum(len(body) for body in self.bodies.values()) + OVERHEAD_BYTES


class PageStore:
    """Pages by key, at most `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._pages: OrderedDict[str, StoredPage] = OrderedDict()
        self._by_tag: dict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> StoredPage | None:
        """The page of that key, which becomes the most recently used; takes no lock."""
        page = self._pages.get(key)
        if page is not None:
            try:
                self._pages.move_to_end(key)
            except KeyError:
                # Another thread has just removed it.
                return None
        return page

    def put(self, key: str, page: StoredPage, *, only_if: Callable[[], bool]) -> bool:
        """Keep the page when `only_if` holds under the lock; gives whether it was kept."""
        with self._lock:
            if page.size > self.limit or not only_if():
                return False
            self._remove(key)
            self._pages[key] = page
            self.bytes += page.size
            for tag in page.tags:
                self._by_tag[tag].add(key)
            while self.bytes > self.limit:
                self._remove(next(iter(self._pages)))
        return True

    def replace_body(self, key: str, page: StoredPage, *, coding: str, body: bytes) -> None:
        """Put smaller bytes of the same content in place, unless the page has been replaced meanwhile."""
        with self._lock:
            if self._pages.get(key) is page:
                self.bytes += len(body) - len(page.bodies[coding])
                page.headers[coding] = [
                    (name, str(len(body)) if name == "Content-Length" else value)
                    for name, value in page.headers[coding]
                ]
                page.bodies[coding] = body

    def drop(self, tags: Iterable[str]) -> None:
        """Remove every page that has one of these tags."""
        with self._lock:
            for tag in tags:
                for key in list(self._by_tag.get(tag, ())):
                    self._remove(key)

    def clear(self) -> None:
        """Remove every page."""
        with self._lock:
            for key in list(self._pages):
                self._remove(key)

    def _remove(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is None:
            return
        self.bytes -= page.size
        for tag in page.tags:
            keys = self._by_tag.get(tag)
            if keys is not None:
                keys.discard(key)
                if not keys:
                    del self._by_tag[tag]


def stored_page(page: RenderedPage, headers: Headers) -> StoredPage:
    """The rendered page with the headers of its response, compressed quickly."""
    etag = f'W/"{hashlib.blake2b(page.body, digest_size=12).hexdigest()}"'
    bodies = {
        "br": brotli.compress(page.body, quality=QUICK_QUALITY, mode=brotli.MODE_TEXT),
        "gzip": gzip.compress(page.body, compresslevel=6, mtime=0),
    }
    shared = [_interned(*pair) for pair in headers if pair[0].lower() not in _REPLACED]
    shared += [_interned("Vary", "Accept-Encoding"), ("ETag", etag), *_lifetimes(BROWSER_SECONDS, FRONT_SECONDS)]
    headers_by_coding = {
        coding: [*shared, _interned("Content-Encoding", coding), ("Content-Length", str(len(body)))]
        for coding, body in bodies.items()
    }
    headers_by_coding["identity"] = [*shared, ("Content-Length", str(len(page.body)))]
    until = page.valid_until.timestamp() if page.valid_until else None
    tags = tuple(map(sys.intern, page.tags))
    return StoredPage(bodies, headers_by_coding, etag, until, tags, tuple(page.live.items()))


def best_compressed(page: StoredPage) -> bytes:
    """The page's body in Brotli at its best quality; takes about a tenth of a second."""
    return brotli.compress(gzip.decompress(page.bodies["gzip"]), quality=BEST_QUALITY, mode=brotli.MODE_TEXT)


def shortened(headers: Headers, left_seconds: float) -> Headers:
    """The headers with lifetimes that end when the page does, where that is within BROWSER_SECONDS."""
    if left_seconds >= BROWSER_SECONDS:
        return headers
    seconds = max(0, int(left_seconds))
    others = [pair for pair in headers if pair[0] not in ("Cache-Control", "X-Accel-Expires")]
    return [*others, *_lifetimes(seconds, min(FRONT_SECONDS, seconds))]


def _lifetimes(browser_seconds: int, front_seconds: int) -> Headers:
    return [
        _interned("Cache-Control", f"public, max-age={browser_seconds}"),
        _interned("X-Accel-Expires", str(front_seconds)),
    ]


@lru_cache(maxsize=2000)
def _interned(name: str, value: str) -> tuple[str, str]:
    # Thousands of pages carry the same headers; each pair is held once.
    return name, value
