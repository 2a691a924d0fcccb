"""Topics, words, rules and districts: what every page shares, on pages of its own."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.reading import links_of, main_of, tree_of


def test_a_topic_shows_everything_of_it(client: FlaskClient) -> None:
    assert "/en/topics/kartu" in links_of(client.get("/en/topics/"))
    page = client.get("/en/topics/kartu")
    links = links_of(page)
    assert {"/en/guidance/kartu-baru", "/en/faq/berapa-biaya", "/en/faq/hanya-indonesia"} <= set(links)
    assert "/en/guidance/rancangan" not in links
    assert client.get("/en/topics/nothing").status_code == 404


def test_words_have_anchors(client: FlaskClient) -> None:
    page = client.get("/en/glossary")
    assert "Express Done on the same day." in main_of(page)
    assert any(one.get("id") == "kilat" for one in tree_of(page).iter())


def test_rules_tell_where_they_are_used(client: FlaskClient) -> None:
    page = client.get("/en/laws")
    text = main_of(page)
    assert "UU 1/2001 Act on sample cards" in text
    assert "In force since 1 January 2020" in text
    assert "/en/guidance/kartu-baru" in links_of(page)
    assert "/en/guidance/rancangan" not in links_of(page)
    assert any(one.get("id") == "pp-2-2020" for one in tree_of(page).iter())


@pytest.mark.parametrize(
    ("district", "words"),
    [("lembah", "Valley Regency: Another office"), ("nothing", "Where do you live?"), ("", "Where do you live?")],
)
def test_the_office_of_a_district(client: FlaskClient, district: str, words: str) -> None:
    assert words in main_of(client.get("/en/coverage", query_string={"district": district}))


def test_a_district_nobody_confirmed_says_so(client: FlaskClient) -> None:
    text = main_of(client.get("/en/coverage?district=lembah"))
    assert "Not yet confirmed by the office. Ask before you travel." in text


@pytest.mark.parametrize("slug", ["about", "channels", "privacy", "accessibility"])
def test_pages_of_the_office_stand_under_the_language(client: FlaskClient, slug: str) -> None:
    for language in ("id", "en"):
        assert client.get(f"/{language}/{slug}").status_code == 200
    assert client.get("/en/no-such-page").status_code == 404
