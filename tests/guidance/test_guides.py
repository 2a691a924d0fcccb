"""Guides: their parts have addresses, their facts follow the moment, and what is uncertain is said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from portal.content.markdown.compiler import compile_body
from portal.guidance.parts import GuideParts
from tests.conftest import AppFactory
from tests.content.tree import write
from tests.reading import described, links_of, main_of, tree_of

GUIDE = "/en/guidance/kartu-baru"


def test_parts_of_a_text() -> None:
    parts = GuideParts.of(compile_body("Before.\n\n## One {#one}\n\nText.\n\n## Two {#two}\n\nMore.\n"))
    assert [part.id for part in parts.parts] == ["one", "two"]
    assert parts.index("two") == 1
    assert parts.index("three") is None
    assert "Before" in str(parts.introduction)


def test_a_guide_without_headings_is_an_introduction(client: FlaskClient) -> None:
    assert "Paper cards are replaced" in main_of(client.get("/en/guidance/kartu-kertas"))


def test_the_index_lists_published_guides_by_topic(client: FlaskClient) -> None:
    page = client.get("/en/guidance/")
    assert "Cards" in main_of(page)
    assert GUIDE in links_of(page)
    assert "/en/guidance/rancangan" not in links_of(page)
    assert "/en/guidance/kartu-kertas" not in links_of(page)


def test_the_box_holds_todays_fee(client: FlaskClient) -> None:
    text = main_of(client.get(GUIDE))
    assert "Cost IDR 470,000" in text
    assert "Bring Birth certificate" in text
    assert "Legal basis: UU 1/2001" in text
    assert "Sources as of 5 January 2026; not yet confirmed by the office." in text


def test_unconfirmed_points_are_told(client: FlaskClient) -> None:
    text = main_of(client.get(GUIDE))
    assert "The office has still to confirm: Waiting time on busy days" in text


def test_a_page_has_one_notice_and_the_parts_close_after_the_first(client: FlaskClient) -> None:
    for path, closed in ((GUIDE, 0), (f"{GUIDE}/datang", 1)):
        tree = tree_of(client.get(path))
        own = {element for article in tree.iter("article") for element in article.iter()}
        notices = [
            element for element in tree.iter() if element not in own and "note" in element.get("class", "").split()
        ]
        assert [notice.tag for notice in notices] == ["details"]
        assert [notice.get("open") for notice in notices] == [None]
        parts = next(element for element in tree.iter("nav") if element.get("class") == "parts")
        assert len(list(parts.iter("details"))) == closed


def test_the_first_part_stands_on_the_guides_own_page(client: FlaskClient) -> None:
    assert "1. Prepare documents" in main_of(client.get(GUIDE))
    moved = client.get(f"{GUIDE}/dokumen")
    assert (moved.status_code, moved.location) == (301, GUIDE)


def test_a_part_has_its_own_address_and_neighbours(client: FlaskClient) -> None:
    page = client.get(f"{GUIDE}/datang")
    text = main_of(page)
    assert "2. Come to the office" in text
    assert "Prepare documents" in text
    assert "Birth certificate" not in text
    links = links_of(page)
    assert GUIDE in links
    assert f"{GUIDE}/biaya" in links
    assert tree_of(page).find(".//title").text.startswith("Getting a new card: Come to the office")  # type: ignore[union-attr]


def test_unknown_parts_and_drafts_are_not_here(client: FlaskClient) -> None:
    for path in (f"{GUIDE}/nothing", "/en/guidance/rancangan", "/id/guidance/rancangan", "/en/guidance/nothing"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "kata-kata-rancangan" not in answer.get_data(as_text=True)


def test_everything_on_one_page_for_print(client: FlaskClient) -> None:
    page = client.get(f"{GUIDE}/print")
    text = main_of(page)
    for heading in ("Prepare documents", "Come to the office", "Fees"):
        assert heading in text
    assert f"http://localhost{GUIDE}" in text
    assert 'name="robots" content="noindex"' in page.get_data(as_text=True)


def test_the_text_to_share_is_whole_and_says_what_the_site_is(client: FlaskClient) -> None:
    buttons = [one for one in tree_of(client.get(GUIDE)).iter("button") if one.get("data-text")]
    lines = buttons[0].get("data-text", "").split("\n")
    assert lines[0] == "Getting a new card"
    assert "Cost: IDR 470,000" in lines
    assert f"http://localhost{GUIDE}" in lines
    assert "not adopted" in lines[-1]


def test_a_withdrawn_guide_stays_with_reason_and_successor(client: FlaskClient) -> None:
    page = client.get("/en/guidance/kartu-kertas")
    assert page.status_code == 200
    text = main_of(page)
    assert "This page is no longer valid" in text
    assert "Paper cards are no longer issued." in text
    assert GUIDE in links_of(page)
    assert 'name="robots" content="noindex"' in page.get_data(as_text=True)


def test_a_guide_for_machines_names_its_rules(client: FlaskClient) -> None:
    page = client.get(GUIDE)
    assert described(page, "GovernmentService")["name"] == "Getting a new card"
    assert described(page, "WebPage")["isBasedOn"][0]["legislationIdentifier"] == "UU 1/2001"


def test_a_scheduled_version_takes_over_at_its_moment(make_app: AppFactory, tmp_path: Path) -> None:
    below = "guidance/panduan/next/2026-12-01T0800/"
    files = {
        f"{below}facts.yaml": "status: published\n",
        f"{below}id.md": "---\ntitle: Panduan baru\n---\nIsi baru.\n",
        f"{below}en.md": "---\ntitle: The new guide\n---\nNew words.\n",
    }
    app = make_app(content=write(tmp_path / "content", files))
    client = app.test_client()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-12-01T07:59:59+08:00")
    assert "Start." in main_of(client.get("/en/guidance/panduan"))
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2026-12-01T08:00:00+08:00")
    assert "New words." in main_of(client.get("/en/guidance/panduan"))


def test_guides_for_one_audience(make_app: AppFactory, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "reference/audiences.yaml": "warga: {name: {id: Warga, en: Citizens}}\ntamu: {name: {id: Tamu, en: Guests}}\n",
        "guidance/panduan/facts.yaml": "status: published\naudience: [warga]\n",
        "guidance/tamu/facts.yaml": "status: published\naudience: [tamu]\n",
        "guidance/tamu/id.md": "---\ntitle: Untuk tamu\n---\nIsi.\n",
    }
    client = make_app(content=write(tmp_path / "content", files)).test_client()
    links = links_of(client.get("/en/guidance/?audience=tamu"))
    assert "/en/guidance/tamu" in links
    assert "/en/guidance/panduan" not in links
    assert "/en/guidance/panduan" in links_of(client.get("/en/guidance/?audience=nobody"))
