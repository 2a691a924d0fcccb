"""Which links are looked at, when trouble is told, and what staff see of it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.links import jobs
from portal.links.outside import hosts_of, outside_links
from portal.links.staff import PERMISSIONS, broken
from portal.links.visiting import Visit, Visitor
from portal.web.state import portal
from tests.accounts.signing import signed_in
from tests.conftest import SAMPLE_CONTENT, AppFactory

NIGHT = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)  # 2.30 in the office's zone
GONE, FINE = Visit("broken", "gone", 404), Visit("ok", "", 200)
LINK = "https://mati.example.org/halaman"


@pytest.fixture
def app(make_app: AppFactory, tmp_path: Path) -> Flask:
    content = shutil.copytree(SAMPLE_CONTENT, tmp_path / "content")
    path = content / "faq" / "kartu-hilang" / "id.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n\nLihat [halaman itu]({LINK}#atas).\n", encoding="utf-8")
    return make_app(content=content)


def look(app: Flask, night: int, *, result: Visit = GONE) -> list[str]:
    """One night's looks; gives what was visited."""
    visited: list[str] = []

    def visit(address: str) -> Visit:
        visited.append(address)
        return result if address == LINK else FINE

    now = NIGHT + timedelta(days=night)
    with app.app_context():
        addresses = list(outside_links(portal().live.current()))
        while jobs.look(addresses, visit, now=now, since=now - timedelta(hours=2)).endswith("looked at"):
            continue
    return visited


def test_links_of_published_texts_and_references_are_found_once(app: Flask) -> None:
    with app.app_context():
        links = outside_links(portal().live.current())
    assert links[LINK] == ("faq/kartu-hilang",)
    assert all(address.startswith("http") and "#" not in address for address in links)
    assert "mati.example.org" in hosts_of(links)


def test_every_link_is_looked_at_once_a_night(app: Flask) -> None:
    first = look(app, 0)
    assert LINK in first
    assert len(first) == len(set(first))
    with app.app_context():
        assert jobs.look(first, lambda _address: GONE, now=NIGHT, since=NIGHT - timedelta(hours=2)) == ""


def test_trouble_is_told_on_the_second_night_and_gone_when_it_works_again(app: Flask) -> None:
    client = signed_in(app, ["author"])
    for night, reported in ((0, False), (1, True)):
        look(app, night)
        text = client.get("/id/staff/links/").get_data(as_text=True)
        assert (LINK in text) is reported
    assert "/id/faq/kartu-hilang" in text
    assert "sudah tidak ada" in text
    with app.test_request_context("/id/staff/"):
        assert broken() == 1
    assert LINK in client.get("/id/staff/").get_data(as_text=True)
    look(app, 2, result=FINE)
    assert LINK not in client.get("/id/staff/links/").get_data(as_text=True)


def test_a_site_that_turns_machines_away_is_told_late(app: Flask) -> None:
    client = signed_in(app, ["author"])
    for night in range(5):
        assert LINK not in client.get("/id/staff/links/").get_data(as_text=True)
        look(app, night, result=Visit("unreachable", "turned-away", 403))
    assert LINK in client.get("/id/staff/links/").get_data(as_text=True)
    with app.test_request_context("/id/staff/"):
        assert broken() == 0


def test_a_link_that_nobody_names_is_forgotten(app: Flask) -> None:
    look(app, 0)
    look(app, 1)
    with app.app_context():
        assert jobs.look([], lambda _address: GONE, now=NIGHT, since=NIGHT) != ""
    with app.test_request_context("/id/staff/"):
        assert broken() == 0


@pytest.mark.parametrize(("hour", "works"), [(0, False), (1, True), (4, True), (5, False), (12, False)])
def test_the_check_works_by_night_only(app: Flask, monkeypatch: pytest.MonkeyPatch, hour: int, works: bool) -> None:
    asked: list[str] = []

    def visit(_self: Visitor, address: str) -> Visit:
        asked.append(address)
        return FINE

    monkeypatch.setattr(Visitor, "visit", visit)
    with app.app_context():
        jobs.look_by_night(datetime(2026, 12, 1, 16, 30, tzinfo=UTC) + timedelta(hours=hour))
    assert bool(asked) is works


def test_every_view_names_its_permission(app: Flask) -> None:
    views = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("links_staff.")}
    assert views == set(PERMISSIONS)
    assert app.test_client().get("/id/staff/links/").status_code == 303
