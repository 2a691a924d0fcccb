"""Query parameters of public pages: one key for each meaning, so that no stranger can make pages without end."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import AppFactory
from tests.content.tree import write
from tests.waiting import until
from tests.web.test_caching import cache_of, raw

NOW = datetime.fromisoformat("2026-11-24T09:00+08:00")
FAQ = "/id/faq/biaya"
WEEK = "/id/schedules/week/2026-W48"


@pytest.fixture
def app(make_app: AppFactory) -> Flask:
    """The sample content, with an empty cache."""
    return make_app(clock=NOW)


@pytest.fixture
def dated(make_app: AppFactory, tmp_path: Path) -> Flask:
    return make_app(content=write(tmp_path / "content"), clock=NOW)


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/id/schedules/data.csv", "bom"),
        (WEEK, "group"),
        ("/id/schedules/month/2026-11", "group"),
        ("/id/schedules/", "group"),
        ("/id/schedules/", "place"),
        ("/id/events/", "when"),
        ("/id/events/", "district"),
        ("/id/events/", "topic"),
        ("/id/events/", "audience"),
        ("/id/events/", "month"),
        ("/id/events/", "page"),
        ("/id/news/", "page"),
        ("/id/guidance/", "audience"),
        ("/id/coverage", "district"),
    ],
)
def test_unknown_values_are_the_page_without_them(app: Flask, path: str, parameter: str) -> None:
    plain = raw(app, path)
    assert plain[0].startswith("200")
    for value in ("zzz", "", "0", "1 ", "01", "-5", "2026-13", "1999-01", "x" * 150, "%00", "%3Cb%3E"):
        if (parameter, value) != ("bom", "1"):
            assert raw(app, path, query=f"{parameter}={value}") == plain
    assert (cache_of(app).renders, len(cache_of(app).pages)) == (1, 1)


def test_all_unknown_districts_are_one_further_page_that_says_so(app: Flask) -> None:
    plain = raw(app, "/id/schedules/")
    first = raw(app, "/id/schedules/", query="district=zzz")
    assert first != plain
    for value in ("0", "1 ", "-5", "x" * 150, "%00", "%3Cb%3E"):
        assert raw(app, "/id/schedules/", query=f"district={value}") == first
    assert raw(app, "/id/schedules/", query="district=") == plain
    assert (cache_of(app).renders, len(cache_of(app).pages)) == (2, 2)


def test_order_repetition_and_case_make_no_further_page(app: Flask) -> None:
    first = raw(app, "/id/schedules/data.csv", query="bom=1")
    assert first[2].startswith(b"\xef\xbb\xbf")
    for query in ("bom=1&bom=0", "x=1&bom=1", "bom=1&group=zzz", "bom=%31"):
        assert raw(app, "/id/schedules/data.csv", query=query) == first
    assert len(cache_of(app).pages) == 1


def test_pages_of_a_list_are_those_that_there_can_be(app: Flask) -> None:
    for number in range(1, 400):
        status, _headers, _body = raw(app, "/id/events/", query=f"page={number}&when=past")
        assert status.startswith("200")
    assert len(cache_of(app).pages) < 20


def test_days_between_two_changes_are_one_page(dated: Flask) -> None:
    day, bodies = date(2024, 12, 16), {}
    while day <= NOW.date():
        bodies[day] = raw(dated, FAQ, query=f"as_of={day}")[2]
        day += timedelta(days=1)
    # One day of the old amount, fourteen on which the change is recent, and all days since.
    assert len(set(bodies.values())) == cache_of(dated).renders == len(cache_of(dated).pages) == 3
    assert b"Biaya dan aturan dari 17 Desember 2024 sampai 30 Desember 2024" in bodies[date(2024, 12, 20)]
    assert b"Biaya dan aturan dari 31 Desember 2024 sampai 24 November 2026" in bodies[date(2025, 6, 1)]


def test_days_that_the_data_does_not_cover_are_one_page(dated: Flask) -> None:
    first = raw(dated, FAQ, query="as_of=2024-12-15")
    day = date(2027, 1, 1)
    for number in range(200):
        assert raw(dated, FAQ, query=f"as_of={day + timedelta(days=number)}") == first
    for text in ("", "kemarin", "20250601x", "0001-01-01", "9999-12-31"):
        assert raw(dated, FAQ, query=f"as_of={text}") == first
    assert (cache_of(dated).renders, len(cache_of(dated).pages)) == (1, 1)


def test_a_page_that_was_asked_for_once_gets_no_better_bytes(app: Flask) -> None:
    pages = cache_of(app).pages
    raw(app, "/id/faq/")
    assert cache_of(app)._compressor is None
    quick = len(pages.get("/id/faq/").bodies["br"])
    for _again in range(2):
        raw(app, "/id/faq/")
    until(lambda: len(pages.get("/id/faq/").bodies["br"]) < quick)
    assert len(pages.get("/id/faq/").bodies["br"]) < quick


def test_a_flood_of_values_costs_less_than_a_page_each(app: Flask) -> None:
    raw(app, WEEK)
    started = time.process_time()
    for number in range(500):
        raw(app, WEEK, query=f"group=g{number}")
    assert (time.process_time() - started) / 500 < 0.005
    assert cache_of(app).renders == 1
