"""The page cache: a layer before Flask that answers with ready bytes for exactly as long as they are right."""

from __future__ import annotations

import gzip
import hashlib
import queue
import sys
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.content.live import Change
from portal.page_cache.negotiation import content_coding, is_not_modified
from portal.web.pages import PAGE, PageRecord
from portal.web.state import Portal

QUICK, BEST = 5, 11
BROWSER_SECONDS, FRONT_SECONDS = 60, 5
OVERHEAD_BYTES = 2000
LONGEST_VALUE = 200
IDLE_SECONDS = 5.0
# Headers by which a request could colour a page that everybody else then gets.
UNKEYED = ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_RANGE")
Headers = list[tuple[str, str]]


@dataclass
class Page:
    """A finished answer in its two compressed forms, with the headers of each made ready."""

    bodies: dict[str, bytes]
    headers: dict[str, Headers]
    etag: str
    valid_until: float | None
    tags: tuple[str, ...]
    live: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Bytes of memory, headers included by estimate."""
        return sum(len(body) for body in self.bodies.values()) + OVERHEAD_BYTES


class PageStore:
    """Pages by key, bounded by bytes: the least recently used ones go first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._by_tag: dict[str, set[str]] = defaultdict(set)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: str) -> Page | None:
        """The page of that key, made the most recent one."""
        page = self._pages.get(key)
        if page is not None:
            try:
                self._pages.move_to_end(key)
            except KeyError:
                return None
        return page

    def put(self, key: str, page: Page, *, only_if: Callable[[], bool]) -> bool:
        """Keep the page when `only_if` holds under the lock; says whether it was kept."""
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

    def improve(self, key: str, page: Page, *, coding_: str, body: bytes) -> None:
        """Put better compressed bytes in the place of quick ones, if the page is still the same."""
        with self._lock:
            if self._pages.get(key) is page:
                self.bytes += len(body) - len(page.bodies[coding_])
                page.headers[coding_] = _with_length(page.headers[coding_], len(body))
                page.bodies[coding_] = body

    def drop(self, tags: Iterable[str]) -> None:
        """Forget every page that shows one of these tags."""
        with self._lock:
            for tag in tags:
                for key in list(self._by_tag.get(tag, ())):
                    self._remove(key)

    def clear(self) -> None:
        """Forget everything."""
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


class PageCache:
    """The WSGI layer: finished bytes for public pages, everything else handed on to Flask."""

    def __init__(self, app: Flask, portal: Portal, *, now: Callable[[], float]) -> None:
        self.app: WSGIApplication = app.wsgi_app
        self._flask = app
        self._portal = portal
        self._now = now
        self._host = portal.settings.base_url.partition("://")[2]
        self._flights: dict[str, threading.Lock] = {}
        self._flights_lock = threading.Lock()
        self._better: queue.Queue[tuple[str, Page]] = queue.Queue(maxsize=2000)
        self._compressor: threading.Thread | None = None
        self.pages = PageStore(portal.settings.page_cache_bytes)
        self.renders = 0
        portal.live.on_change(self._content_changed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        # The router reads `//id` as `/id`; a second key for the same page would only cost memory.
        if method not in ("GET", "HEAD") or environ.get("PATH_INFO", "")[:2] == "//":
            return self.app(environ, start_response)
        self._portal.live.current()
        query = environ.get("QUERY_STRING", "")
        key = environ.get("PATH_INFO", "")
        if query:
            allowed = self._allowed_query(key, query)
            if allowed is None:
                return self.app(environ, start_response)
            environ["QUERY_STRING"] = allowed
            key = f"{key}?{allowed}" if allowed else key
        page = self._fresh(key)
        if page is not None:
            return self._answer(page, environ, start_response)
        if not query and self._parameters(key) is None:
            return self.app(environ, start_response)
        return self._make(key, environ, start_response)

    def _content_changed(self, change: Change) -> None:
        self.pages.drop(change.tags)

    def _fresh(self, key: str) -> Page | None:
        page = self.pages.get(key)
        if page is None or (page.valid_until is not None and self._now() >= page.valid_until):
            return None
        generations = self._portal.generations
        if any(generations.of(tag) != number for tag, number in page.live):
            return None
        return page

    def _parameters(self, path: str) -> tuple[str, ...] | None:
        """The parameters that belong to the key of this path's page, or nothing when it has no public page."""
        try:
            endpoint, _values = self._flask.url_map.bind("localhost").match(path, method="GET")
        except HTTPException:
            return None
        except Exception:  # a path that the router cannot take apart is no page of ours
            return None
        view = self._flask.view_functions.get(endpoint)
        found: tuple[str, ...] | None = getattr(view, "page_query", None)
        return found

    def _allowed_query(self, path: str, query: str) -> str | None:
        parameters = self._parameters(path)
        if parameters is None:
            return None
        if not parameters:
            return ""
        try:
            pairs = dict(reversed(parse_qsl(query[:4000], max_num_fields=50)))
        except ValueError:
            return ""
        kept = [(name, pairs[name]) for name in parameters if name in pairs and len(pairs[name]) <= LONGEST_VALUE]
        return urlencode(kept)

    def _make(self, key: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._flight(key):
            page = self._fresh(key)
            if page is None:
                page, passed_on = self._render(key, environ)
                if page is None:
                    start_response(passed_on.status, passed_on.headers)
                    return [] if environ["REQUEST_METHOD"] == "HEAD" else [passed_on.body]
        return self._answer(page, environ, start_response)

    def _render(self, key: str, environ: WSGIEnvironment) -> tuple[Page | None, _Captured]:
        """The page for everyone, or the answer as it came when it may not be kept for others."""
        clean = {name: value for name, value in environ.items() if name not in UNKEYED}
        clean = {name: value for name, value in clean.items() if not name.startswith("HTTP_X_FORWARDED")}
        clean |= {"REQUEST_METHOD": "GET", "HTTP_HOST": self._host}
        captured = _Captured.of(self.app, clean)
        record = clean.get(PAGE)
        is_page = captured.status.startswith("200") and isinstance(record, PageRecord)
        if not is_page or any(name.lower() == "set-cookie" for name, _value in captured.headers):
            return None, captured
        assert isinstance(record, PageRecord)
        self.renders += 1
        page = _page(captured, record)
        live = self._portal.live
        if self.pages.put(key, page, only_if=lambda: live.served() is record.catalogue):
            self._compress_later(key, page)
        return page, captured

    @contextmanager
    def _flight(self, key: str) -> Iterator[None]:
        """One maker per key: the others wait and find the page made."""
        with self._flights_lock:
            lock = self._flights.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._flights_lock:
                if not lock.locked():
                    self._flights.pop(key, None)

    def _answer(self, page: Page, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen = content_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = page.headers[chosen]
        if page.valid_until is not None:
            headers = _within(headers, page.valid_until - self._now())
        if is_not_modified(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0] != "Content-Length"])
            return []
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        body = page.bodies.get(chosen)
        return [gzip.decompress(page.bodies["gzip"]) if body is None else body]

    def _compress_later(self, key: str, page: Page) -> None:
        if self._compressor is None or not self._compressor.is_alive():
            self._compressor = threading.Thread(target=self._compress, name="compressor", daemon=True)
            self._compressor.start()
        try:
            self._better.put_nowait((key, page))
        except queue.Full:
            # Quick compression is right too; under such a load nobody waits for better bytes.
            return

    def _compress(self) -> None:
        while True:
            try:
                key, page = self._better.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                # The next page that is made starts another thread; an idle one would keep its application alive.
                return
            best = brotli.compress(gzip.decompress(page.bodies["gzip"]), quality=BEST, mode=brotli.MODE_TEXT)
            self.pages.improve(key, page, coding_="br", body=best)


@dataclass(frozen=True)
class _Captured:
    """The answer of the application behind the cache."""

    status: str
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, app: WSGIApplication, environ: dict[str, Any]) -> _Captured:
        started: list[Any] = []

        def start_response(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], object]:
            started[:] = [status, list(headers)]
            return lambda _data: None

        parts = app(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return cls(started[0], started[1], body)


def _page(captured: _Captured, record: PageRecord) -> Page:
    etag = f'W/"{hashlib.blake2b(captured.body, digest_size=12).hexdigest()}"'
    bodies = {
        "br": brotli.compress(captured.body, quality=QUICK, mode=brotli.MODE_TEXT),
        "gzip": gzip.compress(captured.body, compresslevel=6, mtime=0),
    }
    dropped = {"content-length", "cache-control", "etag", "vary", "content-encoding", "x-request-id"}
    shared = [_same(*pair) for pair in captured.headers if pair[0].lower() not in dropped]
    shared += [_same("Vary", "Accept-Encoding"), ("ETag", etag), *_times(BROWSER_SECONDS, FRONT_SECONDS)]
    headers = {
        name: [*shared, _same("Content-Encoding", name), ("Content-Length", str(len(body)))]
        for name, body in bodies.items()
    }
    headers["identity"] = [*shared, ("Content-Length", str(len(captured.body)))]
    until = record.valid_until.timestamp() if record.valid_until else None
    tags = tuple(map(sys.intern, record.tags))
    return Page(bodies, headers, etag, until, tags, tuple(record.live.items()))


@lru_cache(maxsize=2000)
def _same(name: str, value: str) -> tuple[str, str]:
    # Thousands of pages carry the same headers; each pair is held once.
    return name, value


def _times(browser: int, front: int) -> Headers:
    return [_same("Cache-Control", f"public, max-age={browser}"), _same("X-Accel-Expires", str(front))]


def _within(headers: Headers, left: float) -> Headers:
    """The headers with times that end at the page's next boundary, when that is near."""
    if left >= BROWSER_SECONDS:
        return headers
    seconds = max(0, int(left))
    kept = [pair for pair in headers if pair[0] not in ("Cache-Control", "X-Accel-Expires")]
    return [*kept, *_times(seconds, min(FRONT_SECONDS, seconds))]


def _with_length(headers: Headers, length: int) -> Headers:
    return [(name, str(length) if name == "Content-Length" else value) for name, value in headers]
