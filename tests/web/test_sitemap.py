"""What robots are told: addresses with their languages and true last changes, and in a preview to list nothing."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from flask.testing import FlaskClient

from portal.web.syndication.sitemap import SITEMAP, XHTML
from tests.conftest import AppFactory
from tests.content.tree import FILES, write


def entries(client: FlaskClient) -> dict[str, Element]:
    root = fromstring(client.get("/sitemap.xml").data)
    return {url.findtext(f"{{{SITEMAP}}}loc", ""): url for url in root}


def test_every_page_with_its_languages_and_last_change(client: FlaskClient) -> None:
    result = entries(client)
    page = result["http://localhost/en/faq/berapa-biaya"]
    assert page.findtext(f"{{{SITEMAP}}}lastmod") == "2026-01-05"
    links = {link.get("hreflang"): link.get("href") for link in page.iter(f"{{{XHTML}}}link")}
    assert links == {
        "id": "http://localhost/id/faq/berapa-biaya",
        "en": "http://localhost/en/faq/berapa-biaya",
        "x-default": "http://localhost/id/faq/berapa-biaya",
    }
    assert result["http://localhost/en/news/ralat-loket"].findtext(f"{{{SITEMAP}}}lastmod") == "2026-01-06"
    assert "http://localhost/en/guidance/kartu-baru/datang" in result
    assert "http://localhost/id/" in result


def test_only_what_readers_may_see(client: FlaskClient) -> None:
    result = " ".join(entries(client))
    for hidden in ("rancangan", "mulai-2030", "kartu-kertas", "alerts", "en/faq/hanya-indonesia"):
        assert hidden not in result
    assert "/id/faq/hanya-indonesia" in result


def test_a_page_without_history_has_no_last_change(make_app: AppFactory, tmp_path: Path) -> None:
    client = make_app(content=write(tmp_path / "content")).test_client()
    assert entries(client)["http://localhost/id/faq/biaya"].findtext(f"{{{SITEMAP}}}lastmod") is None


def test_robots(make_app: AppFactory, client: FlaskClient, tmp_path: Path) -> None:
    preview = client.get("/robots.txt").get_data(as_text=True)
    assert "Sitemap:" not in preview
    assert client.get("/sitemap.xml").headers["X-Robots-Tag"] == "noindex"
    site = FILES["site.yaml"].replace("stage: preview", "stage: official\ncontroller: {name: A, contact: B}")
    adopted = make_app(content=write(tmp_path / "content", {"site.yaml": site})).test_client()
    body = adopted.get("/robots.txt").get_data(as_text=True)
    assert "Sitemap: http://localhost/sitemap.xml" in body
    assert "Disallow: /id/staff/" in body
    assert 'name="robots"' not in adopted.get("/id/").get_data(as_text=True)
