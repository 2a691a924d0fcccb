"""Languages: chosen once, kept in the address, switched by an address of its own, and a third one is only words."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from portal.settings import PROJECT
from portal.web.languages import force_locale, gettext
from portal.web.rendering import environments
from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.reading import main_of, tree_of

LEFT, RIGHT = "⟦", "⟧"


@pytest.mark.parametrize(
    ("cookie", "accepted", "chosen"),
    [
        ("", "", "id"),
        ("", "en-GB,en;q=0.8", "en"),
        ("", "fr,en;q=0.5,id;q=0.2", "en"),
        ("", "fr", "id"),
        ("id", "en", "id"),
        ("xx", "en", "en"),
        ("../evil", "", "id"),
    ],
)
def test_the_front_door_chooses(client: FlaskClient, cookie: str, accepted: str, chosen: str) -> None:
    if cookie:
        client.set_cookie("language", cookie)
    answer = client.get("/", headers={"Accept-Language": accepted} if accepted else {})
    assert (answer.status_code, answer.location) == (302, f"/{chosen}/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_pages_ignore_the_cookie_and_set_none(client: FlaskClient) -> None:
    client.set_cookie("language", "en")
    answer = client.get("/id/")
    assert 'lang="id"' in answer.get_data(as_text=True)[:60]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("to", "target"),
    [
        ("/id/faq/berapa-biaya?a=1&b=2", "/en/faq/berapa-biaya?a=1&b=2"),
        ("/id/", "/en/"),
        ("", "/en/"),
        ("https://evil.example/id/", "/en/"),
        ("//evil.example/id/", "/en/"),
        ("/\\evil.example", "/en/"),
        ("/id/\r\nSet-Cookie: a=b", "/en/"),
        ("/fr/faq", "/en/"),
        ("javascript:alert(1)", "/en/"),
    ],
)
def test_the_switch_keeps_page_and_query_on_this_site(client: FlaskClient, to: str, target: str) -> None:
    answer = client.get("/language/en", query_string={"to": to})
    assert (answer.status_code, answer.location) == (303, target)
    assert answer.headers["Cache-Control"] == "no-store"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("language=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_switch_knows_the_sites_languages_only(client: FlaskClient) -> None:
    assert client.get("/language/fr").status_code == 404


def test_pairs_are_named_where_both_are_published(client: FlaskClient) -> None:
    head = client.get("/en/faq/berapa-biaya").get_data(as_text=True).partition("</head>")[0]
    assert set(re.findall(r'hreflang="([^"]+)"', head)) == {"id", "en", "x-default"}


def _pseudo(words: str) -> str:
    return f"{LEFT}{words}{RIGHT}"


def _translations(folder: Path) -> list[str]:
    """The project's catalogues with a third one in which every sentence stands in brackets; gives the sentences."""
    shutil.copytree(PROJECT / "translations", folder, ignore=shutil.ignore_patterns("*.po"))
    with (PROJECT / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="eo")
    for message in catalogue:
        if message.id:
            message.string = tuple(map(_pseudo, message.id)) if message.pluralizable else _pseudo(message.id)
    target = folder / "eo" / "LC_MESSAGES"
    target.mkdir(parents=True)
    with (target / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    return [message.id for message in catalogue if message.id and not message.pluralizable]


@pytest.fixture
def third(make_app: AppFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[FlaskClient, list[str]]:
    """The sample office with a third language: its words, its catalogue, one line in site.yaml."""
    sentences = _translations(tmp_path / "translations")
    monkeypatch.setattr("portal.languages.catalogues.TRANSLATIONS", tmp_path / "translations")
    monkeypatch.setattr("portal.PROJECT", tmp_path)
    content = tmp_path / "content"
    shutil.copytree(SAMPLE_CONTENT, content)
    site = (content / "site.yaml").read_text()
    line = "  - {code: en, name: English, territory: GB}\n"
    (content / "site.yaml").write_text(site.replace(line, line + "  - {code: eo, name: Esperanto}\n"))
    words = "---\ntitle: Kiom kostas?\nsummary: La prezo.\n---\nUnu karto kostas {{ fee:kartu }}.\n"
    (content / "faq/berapa-biaya/eo.md").write_text(words)
    return make_app(content=content).test_client(), sentences


def test_a_third_language_needs_no_code(third: tuple[FlaskClient, list[str]]) -> None:
    client, _sentences = third
    page = client.get("/eo/faq/berapa-biaya")
    assert "Kiom kostas? La prezo. Unu karto kostas IDR 470,000" in main_of(page)
    text = page.get_data(as_text=True)
    assert '<html lang="eo">' in text
    assert set(re.findall(r'hreflang="([^"]+)"', text.partition("</head>")[0])) == {"id", "en", "eo", "x-default"}
    switches = [one.get("hreflang") for one in tree_of(page).iter("a") if "/language/" in one.get("href", "")]
    assert switches == ["id", "en"]
    assert client.get("/", headers={"Accept-Language": "eo"}).location == "/eo/"


def test_what_lacks_its_words_shows_the_indonesian_ones(third: tuple[FlaskClient, list[str]]) -> None:
    client, _sentences = third
    page = client.get("/eo/faq/kartu-hilang")
    assert _pseudo("This page is not available in your language yet. Here is the Indonesian text.") in main_of(page)
    assert any(one.tag == "article" and one.get("lang") == "id" for one in tree_of(page).iter())


@pytest.mark.parametrize("path", ["/eo/", "/eo/faq/", "/eo/guidance/", "/eo/news/", "/eo/fees", "/eo/laws", "/eo/nix"])
def test_every_word_of_developers_comes_from_the_catalogue(third: tuple[FlaskClient, list[str]], path: str) -> None:
    client, sentences = third
    text = client.get(path).get_data(as_text=True).partition("</head>")[2]
    text = re.sub(rf"{LEFT}.*?{RIGHT}", "", text, flags=re.S)
    text = re.sub(r"<script.*?</script>|<[^>]+>", "|", text, flags=re.S)
    shown = {piece.strip() for piece in text.split("|")}
    assert not shown & {sentence for sentence in sentences if "%" not in sentence}


def test_a_sentence_that_ends_with_a_time_has_one_full_stop(app: Flask) -> None:
    words = "Saved %(time)s."
    with app.test_request_context(base_url="http://127.0.0.1"), force_locale("en"):
        assert gettext(words, time="5:41 a.m.") == "Saved 5:41 a.m."
        assert gettext(words, time="17:41") == "Saved 17:41."
        template = environments.LanguageEnvironment("en", reload=False, globals_={}).from_string
        assert template("{{ _('Saved %(time)s.', time=at) }} <b>").render(at="5:41 a.m.") == "Saved 5:41 a.m. <b>"
        assert template("{{ _('Saved %(time)s.', time=at) }}").render(at="<i>.") == "Saved &lt;i&gt;."
        assert template("{{ ngettext('%(num)d since %(time)s.', '%(num)d', 1, time=at) }}").render(at="5 a.m.") == (
            "1 since 5 a.m."
        )
