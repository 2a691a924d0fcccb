"""The page cache under bad manners: no answer under another's key, no error, bounded memory."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.page_cache.negotiation import content_coding, is_not_modified
from portal.page_cache.store import PageStore, StoredPage
from portal.web.state import EXTENSION
from tests.conftest import AppFactory
from tests.content.tree import FILES, write

FAQ = "/id/faq/biaya"


@pytest.fixture
def app(make_app: AppFactory, tmp_path: Path) -> Flask:
    return make_app(content=write(tmp_path / "content"))


def cache_of(app: Flask) -> Any:
    return app.extensions[EXTENSION].page_cache


def raw(
    app: Flask, path: str, *, query: str = "", method: str = "GET", **headers: str
) -> tuple[str, dict[str, str], bytes]:
    """One request as the server hands it over, so that not even the test client mends it."""
    answer: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": __import__("io").BytesIO(),
        "wsgi.errors": __import__("sys").stderr,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    parts = app.wsgi_app(environ, lambda status, pairs, _error=None: answer.extend([status, dict(pairs)]))
    return answer[0], answer[1], b"".join(parts)


def test_one_page_in_three_codings(app: Flask) -> None:
    _status, _headers, identity = raw(app, FAQ)
    _status, headers, packed = raw(app, FAQ, accept_encoding="gzip, br")
    assert headers["Content-Encoding"] == "br"
    assert brotli.decompress(packed) == identity
    assert int(headers["Content-Length"]) == len(packed)
    _status, headers, packed = raw(app, FAQ, accept_encoding="gzip, br;q=0")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == identity
    assert cache_of(app).renders == 1


def test_a_weak_tag_and_no_cookie(app: Flask) -> None:
    _status, headers, _body = raw(app, FAQ)
    assert headers["ETag"].startswith('W/"')
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers
    status, headers, body = raw(app, FAQ, if_none_match=headers["ETag"])
    assert status.startswith("304")
    assert body == b""
    assert "Content-Length" not in headers


def test_head_is_get_without_the_body(app: Flask) -> None:
    _status, of_get, body = raw(app, FAQ)
    _status, of_head, nothing = raw(app, FAQ, method="HEAD")
    assert (nothing, of_head) == (b"", of_get)
    assert body


def test_unknown_parameters_are_ignored_and_never_seen(app: Flask) -> None:
    first = raw(app, FAQ)
    for number in range(300):
        assert raw(app, FAQ, query=f"utm={number}&x=%00{'y' * number}") == first
    assert (cache_of(app).renders, len(cache_of(app).pages)) == (1, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example"},
        {"x_forwarded_proto": "https", "x_forwarded_prefix": "/evil"},
        {"cookie": "language=en; session=x"},
        {"accept_language": "en"},
        {"authorization": "Basic eDp5", "referer": "http://evil.example/", "origin": "http://evil.example"},
        {"x_original_url": "/en/", "x_rewrite_url": "/en/", "x_http_method_override": "POST"},
        {"range": "bytes=0-10"},
    ],
)
def test_no_header_colours_the_page_that_others_get(app: Flask, headers: dict[str, str]) -> None:
    poisoned = raw(app, FAQ, **headers)
    clean = raw(app, FAQ)
    assert cache_of(app).renders == 1
    assert poisoned == clean
    assert b"evil" not in clean[2]


@pytest.mark.parametrize(
    "path",
    [
        "//id/faq/biaya",
        "/id//faq/biaya",
        "/id/faq/biaya/",
        "/id/faq/" + "x" * 8000,
        "/id/faq/\xff\xfe",
        "/id/faq/../../etc/passwd",
        "/id/faq/biaya\x00",
        "/id/faq/%2e%2e",
        "/\u0000",
        "",
        "*",
        "/id/faq/biaya\r\nX: y",
    ],
)
def test_odd_paths_are_answered_and_never_kept(app: Flask, path: str) -> None:
    status, _headers, _body = raw(app, path)
    assert status[0] in "234"
    assert len(cache_of(app).pages) == 0


@given(st.text(max_size=400))
def test_any_accept_encoding_is_answered(header: str) -> None:
    assert content_coding(header) in ("br", "gzip", "identity")


@given(st.text(max_size=200))
def test_only_the_tag_itself_or_a_star_is_not_modified(header: str) -> None:
    if '"abc"' not in header and "*" not in header:
        assert not is_not_modified(header, 'W/"abc"')


def test_huge_conditional_and_encoding_headers(app: Flask) -> None:
    status, _headers, _body = raw(app, FAQ, if_none_match='"x",' * 16_000, accept_encoding="gzip;q=0," * 8_000)
    assert status.startswith("200")


def test_an_edit_drops_the_pages_that_show_it_and_no_other(app: Flask, tmp_path: Path) -> None:
    before, other = raw(app, FAQ), raw(app, "/id/guidance/panduan")
    (tmp_path / "content" / "faq/biaya/id.md").write_text(FILES["faq/biaya/id.md"] + "\nTambahan.\n")
    app.extensions[EXTENSION].generations.bump_content()
    after = raw(app, FAQ)
    assert b"Tambahan." in after[2]
    assert b"Tambahan." not in before[2]
    renders = cache_of(app).renders
    raw(app, FAQ), raw(app, "/en/faq/biaya"), raw(app, "/id/faq/biaya")
    assert other[0].startswith("200")
    assert cache_of(app).renders <= renders + 1


def test_many_askers_of_one_page_render_it_once(app: Flask) -> None:
    started, answers = threading.Barrier(16), []

    def ask() -> None:
        started.wait()
        answers.append(raw(app, FAQ)[2])

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert cache_of(app).renders == 1


def page(number: int, size: int) -> StoredPage:
    """A page of known size that shows one tag."""
    body = bytes(size)
    headers: list[tuple[str, str]] = []
    return StoredPage({"br": body, "gzip": body}, {"br": headers}, f"{number}", None, frozenset({f"t{number % 7}"}), ())


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 4000)), max_size=60), st.integers(1, 6))
def test_the_store_stays_inside_its_bytes_and_counts_them(puts: list[tuple[int, int]], dropped: int) -> None:
    store = PageStore(40_000)
    for number, size in puts:
        store.put(str(number), page(number, size), only_if=lambda: True)
        assert store.bytes <= 40_000
    store.drop({f"t{dropped}"})
    assert all(store.get(str(number)) is None for number in range(31) if number % 7 == dropped)
    store.clear()
    assert (store.bytes, len(store)) == (0, 0)


def test_a_flood_of_distinct_pages_stays_in_bounds(make_app: AppFactory, tmp_path: Path) -> None:
    app = make_app(content=write(tmp_path / "content"), page_cache_bytes=60_000)
    raw(app, FAQ)
    tracemalloc.start()
    for number in range(400):
        raw(app, f"/id/faq/tiada-{number}", query=f"q={number}")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert cache_of(app).pages.bytes <= 60_000
    assert peak < 20_000_000
