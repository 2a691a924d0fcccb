"""News: by month, the newest first; corrections are linked both ways; old news says so."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from tests.conftest import AppFactory
from tests.content.tree import write
from tests.reading import described, links_of, main_of

ITEM, CORRECTION = "/en/news/loket-baru", "/en/news/ralat-loket"


def test_the_index_by_month_begins_with_the_newest(client: FlaskClient) -> None:
    page = client.get("/en/news/")
    assert "January 2026" in main_of(page)
    links = links_of(page)
    assert links.index(CORRECTION) < links.index(ITEM)


def test_an_item_tells_kind_day_place_and_number(client: FlaskClient) -> None:
    text = main_of(client.get(ITEM))
    assert "Press release Monday, 5 January 2026 · Sample City · Number 1/2026" in text


def test_corrections_are_linked_both_ways(client: FlaskClient) -> None:
    corrected = client.get(ITEM)
    assert "This item has been corrected" in main_of(corrected)
    assert CORRECTION in links_of(corrected)
    correction = client.get(CORRECTION)
    assert "This corrects an earlier item" in main_of(correction)
    assert ITEM in links_of(correction)


def test_old_news_says_so_after_a_year(make_app: AppFactory) -> None:
    app = make_app()
    client = app.test_client()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2027-01-04T23:59:59+08:00")
    assert "may be outdated" not in main_of(client.get(ITEM))
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2027-01-05T00:00:00+08:00")
    assert "may be outdated" in main_of(client.get(ITEM))


def test_an_item_for_machines(client: FlaskClient) -> None:
    node = described(client.get(ITEM), "NewsArticle")
    assert node["datePublished"] == "2026-01-05"
    assert node["author"]["@type"] == "GovernmentOffice"


def many(number: int) -> dict[str, str | bytes | None]:
    files: dict[str, str | bytes | None] = {}
    for day in range(1, number + 1):
        facts = f"status: published\nform: story\npublished_on: 2026-01-{day:02d}\n"
        files[f"news/item-{day:02d}/facts.yaml"] = facts
        files[f"news/item-{day:02d}/id.md"] = f"---\ntitle: Berita {day}\n---\nIsi.\n"
    return files


def test_a_long_list_has_pages(make_app: AppFactory, tmp_path: Path) -> None:
    client = make_app(content=write(tmp_path / "content", many(25))).test_client()
    first, second = links_of(client.get("/id/news/")), links_of(client.get("/id/news/?page=2"))
    assert "/id/news/item-25" in first
    assert "/id/news/item-05" in second
    assert "/id/news/item-25" not in second
    assert "/id/news/?page=2" in first


def test_odd_page_numbers_show_a_page(make_app: AppFactory, tmp_path: Path) -> None:
    client = make_app(content=write(tmp_path / "content", many(25))).test_client()
    for written in ("0", "-1", "x", "٣", "1" * 150, "", "1e3"):
        assert client.get("/id/news/", query_string={"page": written}).status_code == 200
    assert "/id/news/item-05" in links_of(client.get("/id/news/?page=99"))


def test_news_is_not_told_before_it_is_published(make_app: AppFactory, tmp_path: Path) -> None:
    files = many(1)
    files["news/item-01/facts.yaml"] = (
        "status: published\nform: story\npublished_on: 2026-12-24\npublish_from: 2026-12-24T08:00:00+08:00\n"
    )
    app = make_app(content=write(tmp_path / "content", files))
    client = app.test_client()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-12-24T07:59:00+08:00")
    assert client.get("/id/news/item-01").status_code == 404
    for path in ("/id/news/", "/id/atom.xml", "/id/news/atom.xml", "/sitemap.xml", "/id/"):
        assert "Berita 1" not in client.get(path).get_data(as_text=True)
        assert "item-01" not in client.get(path).get_data(as_text=True)
