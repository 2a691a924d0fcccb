"""The WSGI layer before Flask.

A GET or HEAD of a public page is answered from the `PageStore` while the stored page is right; otherwise one thread
renders it, with every header removed that could colour it for others, while further requests for the same key wait.
Everything else goes on to the application unchanged.
"""

from __future__ import annotations

import gzip
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from portal.content.generations import Generations
from portal.content.live import Change, LiveCatalogue
from portal.page_cache.cpu_budget import CpuBudget, OverBudget
from portal.page_cache.negotiation import content_coding, is_not_modified
from portal.page_cache.query import QueryDeclaration, canonical_query
from portal.page_cache.rendered_page import ResponseCapture
from portal.page_cache.store import PageStore, StoredPage, best_compressed, shortened, stored_page

IDLE_SECONDS = 5.0
LOWEST_PRIORITY = 19
# Headers by which a request could colour a page that everybody else then gets.
UNKEYED = ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_AUTHORIZATION", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_RANGE")


class PageCache:
    """Answers public pages from memory and hands everything else to `app`.

    What it does not have in memory is charged to `budget`; a network that has none left gets the answer of `too_much`.
    `public_parameters` gives how the query parameters of the page at a request's path are read, of which its key is
    made, or None where there is no public page. `now` gives seconds since the epoch; `host` stands in for the
    request's own.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        budget: CpuBudget,
        too_much: WSGIApplication,
        public_parameters: Callable[[WSGIEnvironment], QueryDeclaration | None],
        live: LiveCatalogue,
        generations: Generations,
        host: str,
        limit_bytes: int,
        now: Callable[[], float],
    ) -> None:
        self.app = app
        self.pages = PageStore(limit_bytes)
        self._budget, self._too_much = budget, too_much
        self.renders = 0
        self._public_parameters = public_parameters
        self._live = live
        self._generations = generations
        self._host = host
        self._now = now
        self._flights: dict[str, threading.Lock] = {}
        self._flights_lock = threading.Lock()
        self._uncompressed: queue.Queue[tuple[str, StoredPage]] = queue.Queue(maxsize=2000)
        self._compressor: threading.Thread | None = None
        live.on_change(self._drop_changed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # The router reads `//id` as `/id`; a second key for the same page would only cost memory.
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("PATH_INFO", "")[:2] == "//":
            return self._pass_on(environ, start_response)
        catalogue = self._live.current()
        key, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if query:
            parameters = self._public_parameters(environ)
            if parameters is None:
                return self._pass_on(environ, start_response)
            environ["QUERY_STRING"] = query = canonical_query(query, parameters, catalogue, self._now())
            key = f"{key}?{query}" if query else key
            page = self._fresh(key)
        else:
            page = self._fresh(key)
            if page is None and self._public_parameters(environ) is None:
                return self._pass_on(environ, start_response)
        if page is not None:
            if page.is_quick:
                self._compress_later(key, page)
            return self._answer(page, environ, start_response)
        try:
            return self._render_once(key, environ, start_response)
        except OverBudget:
            return self._too_much(environ, start_response)

    def _pass_on(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            with self._budget.charged(environ):
                return self.app(environ, start_response)
        except OverBudget:
            return self._too_much(environ, start_response)

    def _drop_changed(self, change: Change) -> None:
        self.pages.drop(change.tags)

    def _fresh(self, key: str) -> StoredPage | None:
        page = self.pages.get(key)
        if page is None or (page.valid_until is not None and self._now() >= page.valid_until):
            return None
        if any(self._generations.of(tag) != number for tag, number in page.live):
            return None
        return page

    def _render_once(self, key: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with self._flight(key):
            page = self._fresh(key)
            if page is None:
                with self._budget.charged(environ):
                    capture, body = self._call(environ)
                    page = self._keep(key, capture)
                if page is None:
                    start_response(capture.status, capture.headers)
                    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        return self._answer(page, environ, start_response)

    @contextmanager
    def _flight(self, key: str) -> Iterator[None]:
        """Holds the lock of that key: one request renders, the others wait and find the page stored."""
        with self._flights_lock:
            lock = self._flights.setdefault(key, threading.Lock())
        try:
            with lock:
                yield
        finally:
            with self._flights_lock:
                if not lock.locked():
                    self._flights.pop(key, None)

    def _call(self, environ: WSGIEnvironment) -> tuple[ResponseCapture, bytes]:
        neutral = {
            name: value
            for name, value in environ.items()
            if name not in UNKEYED and not name.startswith("HTTP_X_FORWARDED")
        }
        capture = ResponseCapture()
        parts = self.app(neutral | {"REQUEST_METHOD": "GET", "HTTP_HOST": self._host}, capture)
        try:
            return capture, b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def _keep(self, key: str, capture: ResponseCapture) -> StoredPage | None:
        """The answer as it may be shown to everyone, or None when it is for this request alone."""
        rendered = capture.page
        if rendered is None or not capture.status.startswith("200"):
            return None
        if any(name.lower() == "set-cookie" for name, _value in capture.headers):
            return None
        self.renders += 1
        page = stored_page(rendered, capture.headers)
        # Content that changed while the page was rendered has already dropped its tags.
        self.pages.put(key, page, only_if=lambda: self._live.served() is rendered.catalogue)
        return page

    def _answer(self, page: StoredPage, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        coding = content_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers = page.headers[coding]
        if page.valid_until is not None:
            headers = shortened(headers, page.valid_until - self._now())
        if is_not_modified(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0] != "Content-Length"])
            return []
        start_response("200 OK", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        body = page.bodies.get(coding)
        return [gzip.decompress(page.bodies["gzip"]) if body is None else body]

    def _compress_later(self, key: str, page: StoredPage) -> None:
        """Let the compressor make better bytes of a page that somebody asked for again."""
        page.is_quick = False
        if self._compressor is None or not self._compressor.is_alive():
            self._compressor = threading.Thread(target=self._compress, name="compressor", daemon=True)
            self._compressor.start()
        try:
            self._uncompressed.put_nowait((key, page))
        except queue.Full:
            # Quick compression is right too; under such a load nobody waits for better bytes.
            return

    def _compress(self) -> None:
        if sys.platform == "linux":
            # Threads have priorities of their own there: better bytes never delay a page that somebody waits for.
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        while True:
            try:
                key, page = self._uncompressed.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                # The next stored page starts another thread; an idle one would keep its application alive.
                return
            self.pages.replace_body(key, page, coding="br", body=best_compressed(page))
