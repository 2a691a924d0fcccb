"""Feeds: sound Atom, nothing before its time, and a preview says so in each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask.testing import FlaskClient

from portal.web.syndication.feeds import ATOM, UNWRITABLE
from tests.conftest import AppFactory
from tests.content.tree import FILES, write

FEEDS = ("/en/atom.xml", "/id/atom.xml", "/en/news/atom.xml", "/en/guidance/atom.xml")


def name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def feed_of(client: FlaskClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return fromstring(answer.data)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_sound(client: FlaskClient, path: str) -> None:
    feed = feed_of(client, path)
    ids = [entry.findtext(name("id"), "") for entry in feed.iter(name("entry"))]
    assert ids
    assert len(ids) == len(set(ids))
    updated = [entry.findtext(name("updated"), "") for entry in feed.iter(name("entry"))]
    assert updated == sorted(updated, reverse=True)
    assert feed.findtext(name("updated")) == updated[0]
    for element in [feed, *feed.iter(name("entry"))]:
        assert element.findtext(name("title"))
        assert datetime.fromisoformat(element.findtext(name("updated"), "")).tzinfo
        links = {link.get("rel"): link.get("href", "") for link in element.findall(name("link"))}
        assert links["alternate"].startswith("http://localhost/")
    assert feed.find(name("author")) is not None


@pytest.mark.parametrize("path", FEEDS)
def test_a_preview_says_so(client: FlaskClient, path: str) -> None:
    words = "belum mengadopsi" if path.startswith("/id/") else "has not adopted"
    feed = feed_of(client, path)
    assert words in feed.findtext(name("title"), "")
    assert words in feed.findtext(name("subtitle"), "")
    assert all(words in entry.findtext(name("summary"), "") for entry in feed.iter(name("entry")))


def test_an_adopted_site_says_nothing_of_that(make_app: AppFactory, tmp_path: Path) -> None:
    site = FILES["site.yaml"].replace("stage: preview", "stage: official\ncontroller: {name: A, contact: B}")
    client = make_app(content=write(tmp_path / "content", {"site.yaml": site})).test_client()
    assert "adopted" not in client.get("/en/atom.xml").get_data(as_text=True)


def test_what_is_not_published_is_in_no_feed(client: FlaskClient) -> None:
    for path in FEEDS:
        text = client.get(path).get_data(as_text=True)
        for hidden in ("rancangan", "mulai-2030", "kartu-kertas", "tutup-akhir-tahun"):
            assert hidden not in text


def test_each_change_of_a_page_is_an_entry(make_app: AppFactory, tmp_path: Path) -> None:
    words = (
        "---\ntitle: Guide\nchanges:\n- {on: 2026-02-01, note: First & <best>.}\n"
        "- {on: 2026-02-01, note: Second.}\n- {on: 2026-03-01, note: Third.}\n---\nText.\n"
    )
    files: dict[str, str | bytes | None] = {"guidance/panduan/id.md": words, "guidance/panduan/en.md": words}
    app = make_app(content=write(tmp_path / "content", files))
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-02-28T10:00:00+08:00")
    entries = list(feed_of(app.test_client(), "/en/guidance/atom.xml").iter(name("entry")))
    assert len(entries) == 2
    assert len({entry.findtext(name("id")) for entry in entries}) == 2
    assert any(entry.findtext(name("summary"), "").startswith("First & <best>.") for entry in entries)
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-03-01T00:00:00+08:00")
    assert len(list(feed_of(app.test_client(), "/en/guidance/atom.xml").iter(name("entry")))) == 3


def test_an_alert_is_told_once_it_has_begun(make_app: AppFactory) -> None:
    app = make_app()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-12-24T08:00:00+08:00")
    assert "tutup-akhir-tahun" in app.test_client().get("/en/atom.xml").get_data(as_text=True)


def test_control_characters_do_not_break_the_xml(make_app: AppFactory, tmp_path: Path) -> None:
    words = '---\ntitle: "Guide\\x08 with\\x1b a bell"\nchanges: [{on: 2026-02-01, note: "A\\x0bB"}]\n---\nText.\n'
    files: dict[str, str | bytes | None] = {"guidance/panduan/id.md": words, "guidance/panduan/en.md": words}
    client = make_app(content=write(tmp_path / "content", files)).test_client()
    assert "Guide with a bell" in [entry.findtext(name("title")) for entry in feed_of(client, "/en/atom.xml")]
    assert UNWRITABLE.sub("", "a\ufffe\x00b") == "ab"
