"""Alerts: shown by the moment, the gravest first, on the pages that they name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.client import text_of
from tests.conftest import AppFactory
from tests.content.tree import write
from tests.reading import main_of, tree_of


def bar_of(client: FlaskClient, path: str) -> str:
    sections = [one for one in tree_of(client.get(path)).iter("section") if one.get("aria-label") == "Announcements"]
    return text_of(sections[0]) if sections else ""


def at(app: Flask, written: str) -> FlaskClient:
    app.config["REAL_CLOCK"] = datetime.fromisoformat(written)
    return app.test_client()


def test_an_alert_comes_and_goes_by_itself(make_app: AppFactory) -> None:
    app = make_app()
    words = "The office is closed until 26 December"
    for now, shows in (
        ("2026-12-24T07:59:59+08:00", False),
        ("2026-12-24T08:00:00+08:00", True),
        ("2026-12-26T23:59:59+08:00", True),
        ("2026-12-27T00:00:00+08:00", False),
    ):
        client = at(app, now)
        for path in ("/en/", "/en/faq/berapa-biaya", "/en/news/"):
            assert (words in bar_of(client, path)) is shows, (now, path)


def test_the_page_of_an_alert_tells_from_when_to_when(make_app: AppFactory) -> None:
    app = make_app()
    page = "/en/alerts/tutup-akhir-tahun"
    assert "Announced" in main_of(at(app, "2026-12-01T08:00:00+08:00").get(page))
    during = main_of(at(app, "2026-12-25T08:00:00+08:00").get(page))
    assert "In force now" in during
    assert "From 24 December 2026 at 8:00 a.m. to 27 December 2026 at 12:00 a.m. WITA" in during
    assert "Over" in main_of(at(app, "2027-01-01T08:00:00+08:00").get(page))


def alert(name: str, severity: str, on: str) -> dict[str, str | bytes | None]:
    facts = f"status: published\nseverity: {severity}\nstarts: 2026-01-01\nends: 2030-01-01\non: {on}\n"
    words = f"---\ntitle: {name}\n---\n"
    return {f"alerts/{name}/facts.yaml": facts, f"alerts/{name}/id.md": words, f"alerts/{name}/en.md": words}


def test_the_gravest_alert_comes_first_on_its_pages_only(make_app: AppFactory, tmp_path: Path) -> None:
    files = {
        **alert("calm", "notice", "site"),
        **alert("grave", "emergency", "[faq]"),
        **alert("middle", "major", "[faq/biaya, guidance]"),
    }
    client = at(make_app(content=write(tmp_path / "content", files)), "2026-06-01T08:00:00+08:00")
    assert bar_of(client, "/en/faq/biaya").split() == ["grave", "middle", "calm"]
    assert bar_of(client, "/en/guidance/panduan").split() == ["middle", "calm"]
    assert bar_of(client, "/en/news/").split() == ["calm"]
