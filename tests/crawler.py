"""A crawler of the site's own pages: what each links to, which anchors it has, and what it weighs on the wire."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import brotli
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

# Pages that a crawl leaves alone: they change something, belong to staff, or are tried by tests of their own.
LEFT_ALONE = re.compile(r"^/(language/|static/|[a-z]{2,3}/(staff|design)(/|$))")
DATED = re.compile(r"/\d{4}-W?\d\d$")
NEAREST = 4
STATUS_LINE = 17
QUICK, BEST = 5, 11


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.alternates: dict[str, str] = {}
        self.scripts: list[str] = []
        self.meta: dict[str, str] = {}
        self.canonical = ""
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._is_data = tag == "script" and values.get("type") == "application/ld+json"
        if values.get("id"):
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "meta":
            self.meta[values.get("name") or values.get("property", "")] = values.get("content", "")
        if tag == "link":
            if values.get("rel") == "canonical":
                self.canonical = values["href"]
            elif "hreflang" in values:
                self.alternates[values["hreflang"]] = values["href"]
            else:
                self.links.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.scripts.append(data)


@dataclass
class CrawledAddress:
    """One address as it was answered."""

    path: str
    status: int
    mimetype: str
    endpoint: str
    body: bytes = b""
    headers: int = 0
    links: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    alternates: dict[str, str] = field(default_factory=dict)
    structured: list[str] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    why: str = ""

    @property
    def is_page(self) -> bool:
        """Whether this is a page of HTML."""
        return self.status == 200 and self.mimetype == "text/html"

    def weight(self, limit: int) -> int:
        """Bytes of headers and body on the wire with brotli; the best compression is tried only when it matters."""
        quick = self.headers + len(brotli.compress(self.body, quality=QUICK, mode=brotli.MODE_TEXT))
        if quick <= limit:
            return quick
        return self.headers + len(brotli.compress(self.body, quality=BEST, mode=brotli.MODE_TEXT))


class Crawl:
    """Every address of this site that can be reached from the given ones, each asked for once."""

    def __init__(self, app: Flask, starts: list[str], *, name: str = "", deep: bool = False) -> None:
        self.app = app
        self.name = name
        self.answers: dict[str, CrawledAddress] = {}
        self.from_: dict[str, str] = {}
        self._client = FlaskClient(app, app.response_class)
        self._adapter = app.url_map.bind("localhost")
        self._deep = deep
        self._seen: Counter[tuple[object, ...]] = Counter()
        pending = deque(starts)
        while pending:
            path = pending.popleft()
            if path not in self.answers:
                self.answers[path] = self._ask(path)
                pending += [target for target in self._targets(path) if target not in self.answers]

    def _ask(self, path: str) -> CrawledAddress:
        try:
            answer = self._client.get(path, headers={"Accept-Encoding": "identity"})
        except Exception as error:
            return CrawledAddress(path, 500, "", self._endpoint(path), why=f": {type(error).__name__}: {error}")
        item = CrawledAddress(path, answer.status_code, answer.mimetype, self._endpoint(path))
        item.headers = STATUS_LINE + sum(len(name) + len(value) + 4 for name, value in answer.headers)
        if 300 <= answer.status_code < 400:
            item.links = [urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl()]
        elif answer.mimetype == "text/html":
            self._read(item, answer)
        elif path == "/sitemap.xml":
            item.links = re.findall(r"<loc>([^<]+)</loc>", answer.get_data(as_text=True))
        return item

    def _read(self, result: CrawledAddress, answer: TestResponse) -> None:
        result.body = answer.get_data()
        reading = _Reading()
        reading.feed(result.body.decode())
        result.links, result.anchors, result.alternates = reading.links, reading.anchors, reading.alternates
        result.structured, result.meta, result.canonical = reading.scripts, reading.meta, reading.canonical

    def _endpoint(self, path: str) -> str:
        try:
            endpoint, _values = self._adapter.match(urlsplit(path).path, method="GET")
        except Exception:
            return ""
        return str(endpoint)

    def _targets(self, path: str) -> Iterator[str]:
        for link in self.answers[path].links:
            target = self.local(path, link)
            if target and not LEFT_ALONE.match(target) and self._is_wanted(target):
                self.from_.setdefault(target, path)
                yield target

    def _is_wanted(self, target: str) -> bool:
        """Whether to follow; of addresses with a query, one stands for all, of weeks and months, the nearest do."""
        parts = urlsplit(target)
        dated = DATED.search(parts.path)
        if self._deep or not (parts.query or dated):
            return True
        kind = (self._endpoint(target), parts.path.split("/")[1], *sorted(name for name, _ in parse_qsl(parts.query)))
        self._seen[kind] += target not in self.from_
        return self._seen[kind] <= (1 if parts.query else NEAREST)

    @staticmethod
    def local(path: str, link: str) -> str:
        """The address on this site that a link on `path` leads to, without its anchor, or nothing."""
        if link.startswith(("mailto:", "tel:")):
            return ""
        whole, _anchor = urldefrag(urljoin("http://localhost" + path, link))
        parts = urlsplit(whole)
        return parts._replace(scheme="", netloc="").geturl() if parts.netloc == "localhost" else ""

    def pages(self) -> list[CrawledAddress]:
        """The pages of HTML that were found."""
        return [value for value in self.answers.values() if value.is_page]

    def dead_links(self) -> list[str]:
        """Addresses that lead nowhere, each with a page that links to it."""
        return [
            f"{self.from_.get(path, 'the start')} links to {path}, which answers {item.status}{item.why}"
            for path, item in self.answers.items()
            if item.status >= 400
        ]

    def dead_anchors(self) -> list[str]:
        """Links to an anchor that the page does not have."""
        dead = []
        for page in self.pages():
            for link in page.links:
                anchor = urldefrag(link).fragment
                target = self._arrived(self.local(page.path, link))
                if anchor and target and target.is_page and anchor not in target.anchors:
                    dead.append(f"{page.path} links to {link}, which has no such anchor")
        return dead

    def _arrived(self, path: str) -> CrawledAddress | None:
        item = self.answers.get(path)
        for _ in range(3):
            if item and 300 <= item.status < 400 and item.links:
                item = self.answers.get(self.local(item.path, item.links[0]))
        return item
