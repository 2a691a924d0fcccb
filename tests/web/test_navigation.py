"""What stands around every page: the words of navigation, links that site.yaml writes, the footer."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, g
from flask.testing import FlaskClient

from portal.web.navigation import document_link, site_link
from tests.conftest import AppFactory
from tests.content.tree import FILES, write
from tests.reading import tree_of


def navigation(client: FlaskClient, path: str) -> dict[str, str | None]:
    nav = next(one for one in tree_of(client.get(path)).iter("nav") if one.get("aria-label") == "Main menu")
    return {link.get("href", ""): link.get("aria-current") for link in nav.iter("a")}


def test_the_room_of_the_page_is_marked(client: FlaskClient) -> None:
    assert navigation(client, "/en/guidance/")["/en/guidance/"] == "page"
    assert navigation(client, "/en/guidance/kartu-baru")["/en/guidance/"] == "true"
    assert navigation(client, "/en/news/")["/en/guidance/"] is None


def test_a_room_without_documents_is_no_word_of_the_menu(make_app: AppFactory, tmp_path: Path) -> None:
    content = write(tmp_path / "content")
    client = make_app(content=content).test_client()
    assert "/en/news/" not in navigation(client, "/en/")
    assert "/en/guidance/" in navigation(client, "/en/")


def test_the_first_document_of_a_room_brings_its_word(make_app: AppFactory, tmp_path: Path) -> None:
    content = write(tmp_path / "content")
    app = make_app(content=content)
    client = app.test_client()
    assert "/en/news/" not in navigation(client, "/en/faq/biaya")
    write(
        content,
        {
            "news/a/facts.yaml": "status: published\nform: story\npublished_on: 2026-01-01\n",
            "news/a/id.md": "---\ntitle: A\n---\nB.\n",
        },
    )
    app.extensions["portal"].generations.bump_content()
    assert "/en/news/" in navigation(client, "/en/faq/biaya")


def test_links_as_site_yaml_writes_them(app: Flask) -> None:
    with app.test_request_context("/en/"):
        g.language = "en"
        assert document_link("faq/kartu-hilang") == {
            "label": "My card is lost. What should I do?",
            "href": "/en/faq/kartu-hilang",
        }
        assert document_link("guidance/kartu-baru#datang") == {
            "label": "Getting a new card",
            "href": "/en/guidance/kartu-baru/datang",
        }
        assert document_link("guidance/rancangan") is None
        assert document_link("guidance/kartu-kertas") is None
        assert document_link("faq/hanya-indonesia") == {
            "label": "Apakah ada layanan akhir pekan?",
            "href": "/en/faq/hanya-indonesia",
            "lang": "id",
        }
        assert site_link({"to": "faq", "label": {"id": "Tanya", "en": "Ask"}}) == {"label": "Ask", "href": "/en/faq/"}
        assert site_link({"to": "pages/about"}) == {"label": "About this portal", "href": "/en/about"}
        assert site_link({"to": "guidance/none", "label": {"id": "x"}}) is None


def test_the_footer_is_written_in_site_yaml(make_app: AppFactory, tmp_path: Path) -> None:
    site = FILES["site.yaml"] + "footer:\n  lists:\n    - {title: {id: Satu, en: One}, links: [faq/biaya, faq/none]}\n"
    client = make_app(content=write(tmp_path / "content", {"site.yaml": site})).test_client()
    footer = next(tree_of(client.get("/en/")).iter("footer"))
    assert [link.get("href") for link in footer.iter("a")] == ["/en/faq/biaya"]
