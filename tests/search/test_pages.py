"""The results page, its JSON and suggestions, as readers meet them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.search.wiring import build_if_missing, search_service, update_index
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.waiting import until

WORDS = """---
title: "{title}"
summary: {summary}
keywords: [{keywords}]
---
{body}
"""
PAGES = {
    "paspor-hilang": {
        "id": ("Paspor hilang: langkah dan biaya", "Lapor ke polisi dahulu.", "paspor dicuri", "Datang ke kantor."),
        "en": (
            "Lost passport: steps and cost",
            "Report it to the police first.",
            "stolen passport",
            "Come to the office.",
        ),
    },
    "denda-overstay": {
        "id": ("Denda overstay", "Denda dihitung per hari.", "lewat izin tinggal", "Bayar di kantor."),
    },
    "rahasia": {"id": ("Rancangan rahasia zebra", "Belum terbit.", "zebra", "Zebra.")},
    "lama": {"id": ("Halaman yang ditarik kuda nil", "Ditarik.", "kuda nil", "Kuda nil.")},
}
FACTS = {
    "rahasia": "status: draft\n",
    "lama": "status: withdrawn\nwithdrawn: {reason: {id: Sudah diganti, en: Replaced}}\n",
}


def write_page(content: Path, slug: str, *, facts: str = "status: published\n") -> None:
    folder = content / "faq" / slug
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "facts.yaml").write_text(FACTS.get(slug, facts))
    for language, (title, summary, keywords, body) in PAGES[slug].items():
        text = WORDS.format(title=title, summary=summary, keywords=keywords, body=body)
        (folder / f"{language}.md").write_text(text)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content") / "content"
    copytree(SAMPLE_CONTENT, folder)
    for slug in PAGES:
        write_page(folder, slug)
    synonyms = Path(__file__).parents[2] / "content" / "reference" / "synonyms.yaml"
    (folder / "reference").mkdir(exist_ok=True)
    (folder / "reference" / "synonyms.yaml").write_text(synonyms.read_text())
    return folder


@pytest.fixture(scope="module")
def own_app(tmp_path_factory: pytest.TempPathFactory, content: Path) -> Flask:
    return AppFactory(tmp_path_factory.mktemp("instances"))(content=content)


@pytest.fixture
def reader(own_app: Flask) -> Iterator[FlaskClient]:
    return own_app.test_client()


def search(client: FlaskClient, query: str, *, language: str = "id", **parameters: str) -> dict[str, object]:
    answer = client.get(f"/{language}/search.json", query_string={"q": query} | parameters)
    assert answer.status_code == 200
    return answer.json


def test_the_corrected_answer_comes_first_and_is_said_to_be_corrected(reader: FlaskClient) -> None:
    page = reader.get("/id/search?q=paspot+ilang").text
    first = page.index("<article")
    assert "<mark>Paspor</mark> <mark>hilang</mark>" in page[first : page.index("</article>")]
    assert 'role="status"' in page
    assert "<b>paspor hilang</b>" in page
    assert 'href="/id/search?q=paspot+ilang&amp;exact=1"' in page
    assert "woven" in page[first : page.index("</article>")]


def test_a_query_in_the_other_language_finds_the_page_in_the_readers(reader: FlaskClient) -> None:
    answer = search(reader, "overstay fine", language="id")
    assert answer["results"][0]["url"] == "/id/faq/denda-overstay"
    page = reader.get("/en/search?q=overstay+fine").text
    article = page[page.index("<article") : page.index("</article>")]
    assert 'lang="id"' in article
    assert "in Bahasa Indonesia" in article


def test_drafts_and_withdrawn_pages_are_not_found(reader: FlaskClient) -> None:
    for query in ("rancangan rahasia zebra", "kuda nil"):
        keys = [one["key"] for one in search(reader, query)["results"]]
        assert not {"faq/rahasia", "faq/lama"} & set(keys)
    titles = [one["title"] for one in reader.get("/id/search/suggest?q=zeb").json["suggestions"]]
    assert not [title for title in titles if "zebra" in title]


def test_results_are_kept_by_nobody_and_indexed_by_nobody(reader: FlaskClient) -> None:
    for path in ("/id/search?q=paspor", "/id/search.json?q=paspor"):
        answer = reader.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in answer.headers
    assert '<meta name="robots" content="noindex">' in reader.get("/id/search").text


def test_filters_are_links(reader: FlaskClient) -> None:
    page = reader.get("/id/search?q=kartu").text
    assert 'href="/id/search?q=kartu&amp;type=faq"' in page
    kinds = {one["type"] for one in search(reader, "paspor", type="faq")["results"]}
    assert kinds == {"faq"}
    assert search(reader, "paspor", type="nothing")["total"] == 0
    assert reader.get("/id/search?q=paspor&type=nothing").status_code == 200


def test_what_was_typed_is_shown_as_text(reader: FlaskClient) -> None:
    page = reader.get("/id/search", query_string={"q": '<script>alert(1)</script>"'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_nothing_found_says_what_to_do_next(reader: FlaskClient) -> None:
    page = reader.get("/en/search?q=asdfgh+qwerty").text
    assert "No answer for that yet" in page
    assert "What you can do" in page
    assert "<article" not in page


@pytest.mark.parametrize(
    "query",
    [
        "", "a", "x" * 10_000, "dan yang di", "🙂🙂", "' OR 1=1; DROP TABLE x; --", "title:paspor AND (x TO y)",
        "*", "?", "[* TO *]", "(((((", "\0", "paspor\0hilang", "\u202eعربى", "kata " * 1_000, "%00", "{{ 7*7 }}",
    ],
)  # fmt: skip
def test_bad_input_is_answered_politely(reader: FlaskClient, query: str) -> None:
    for path in ("/id/search", "/id/search.json", "/id/search/suggest"):
        assert reader.get(path, query_string={"q": query, "page": "9" * 30, "type": "x" * 5_000}).status_code in (
            200,
            400,
            414,
        )


@pytest.mark.parametrize("page", ["0", "-1", "99", "²", "1e9", ""])
def test_a_page_that_is_none_shows_one(reader: FlaskClient, page: str) -> None:
    assert reader.get("/id/search", query_string={"q": "paspor", "page": page}).status_code == 200


def test_suggestions_are_titles_in_the_readers_language(reader: FlaskClient) -> None:
    suggestions = reader.get("/en/search/suggest?q=lost+pass").json["suggestions"]
    assert suggestions[0] == {"title": "Lost passport: steps and cost", "href": "/en/faq/paspor-hilang"}


def test_a_publish_is_found_and_a_withdrawal_is_not(make_app: AppFactory, tmp_path: Path, content: Path) -> None:
    own = copytree(content, tmp_path / "content")
    app = make_app(content=own)
    client = app.test_client()
    PAGES["baru"] = {"id": ("Loket jerapah", "Buka.", "jerapah", "Jerapah.")}
    write_page(own, "baru")
    until(lambda: _found_keys(app, client, "jerapah") == ["faq/baru"])
    write_page(own, "baru", facts=FACTS["lama"])
    until(lambda: _found_keys(app, client, "jerapah") == [])
    assert app.extensions["portal.search"].index.searcher().view.count


def _found_keys(app: Flask, client: FlaskClient, query: str) -> list[str]:
    with app.app_context():
        update_index(datetime.now().astimezone())
    return [one["key"] for one in search(client, query)["results"]]


def test_without_an_index_the_page_says_so_and_the_builder_makes_one(make_app: AppFactory, content: Path) -> None:
    app = make_app(content=content)
    root = app.extensions["portal.search"].index.root
    for path in root.rglob("*"):
        if path.is_file():
            path.unlink()
    app.extensions["portal.search"].index.drop()
    client = app.test_client()
    page = client.get("/en/search?q=passport")
    assert page.status_code == 200
    assert "being prepared" in page.text
    assert client.get("/en/search.json?q=passport").json["ready"] is False
    assert client.get("/healthz").json["checks"]["search"]["state"] == "degraded"
    with app.app_context():
        assert "entries" in build_if_missing()
        search_service().index.searcher()
    assert search(client, "passport", language="en")["total"]
    assert client.get("/healthz").json["checks"]["search"]["state"] == "ok"
