"""Questions: the answer first, what is uncertain said, and nothing before its time."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from tests.conftest import SAMPLE_CONTENT, AppFactory
from tests.reading import described, links_of, main_of, tree_of


def test_the_index_lists_every_question_under_its_topic(client: FlaskClient) -> None:
    links = links_of(client.get("/en/faq/"))
    assert "/en/faq/berapa-biaya" in links
    assert "/en/faq/kartu-hilang" in links
    assert "/en/faq/mulai-2030" not in links


def test_the_answer_comes_first(client: FlaskClient) -> None:
    text = main_of(client.get("/en/faq/kartu-hilang"))
    assert text.startswith("My card is lost. What should I do? Report it first, then get a new card.")


def test_a_link_to_a_part_leads_to_its_address(client: FlaskClient) -> None:
    assert "/en/guidance/kartu-baru/dokumen" in links_of(client.get("/en/faq/kartu-hilang"))


def test_certainty_is_told(client: FlaskClient) -> None:
    assert "Not yet confirmed by the office Ask the office" in main_of(client.get("/en/faq/kartu-hilang"))
    assert "Only the office knows for certain" in main_of(client.get("/en/faq/hanya-indonesia"))
    assert "Only the office" not in main_of(client.get("/en/faq/berapa-biaya"))


def test_a_missing_translation_shows_the_indonesian_words_marked_as_such(client: FlaskClient) -> None:
    page = client.get("/en/faq/hanya-indonesia")
    assert "not available in your language yet" in main_of(page)
    marked = [one for one in tree_of(page).iter("article") if one.get("lang") == "id"]
    assert len(marked) == 1
    text = page.get_data(as_text=True)
    assert "hreflang=" not in text.partition("</head>")[0]
    assert '<link rel="canonical" href="http://localhost/id/faq/hanya-indonesia">' in text


def test_a_question_appears_at_its_moment(make_app: AppFactory) -> None:
    app = make_app()
    client = app.test_client()
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2030-01-01T07:59:59+08:00")
    assert client.get("/en/faq/mulai-2030").status_code == 404
    assert "/en/faq/mulai-2030" not in links_of(client.get("/en/faq/"))
    app.config["REAL_CLOCK"] = datetime.fromisoformat("2030-01-01T08:00:00+08:00")
    assert "scheduled-words" in main_of(client.get("/en/faq/mulai-2030"))
    assert "/en/faq/mulai-2030" in links_of(client.get("/en/faq/"))


def test_an_old_address_leads_to_the_new_one(client: FlaskClient) -> None:
    answer = client.get("/en/faq/pertanyaan-lama")
    assert (answer.status_code, answer.location) == (301, "/en/faq/berapa-biaya")


def test_question_and_answer_for_machines(client: FlaskClient) -> None:
    page = client.get("/en/faq/berapa-biaya")
    asked = described(page, "FAQPage")["mainEntity"][0]
    assert asked["name"] == "What does a card cost?"
    assert "IDR 470,000" in asked["acceptedAnswer"]["text"]
    assert "{{" not in page.get_data(as_text=True)


def test_related_pages_that_are_not_published_are_left_out(client: FlaskClient) -> None:
    assert "/en/guidance/kartu-baru" in links_of(client.get("/en/faq/berapa-biaya"))


def test_a_question_without_an_answer_says_so_and_what_is_open(make_app: AppFactory, tmp_path: Path) -> None:
    content = shutil.copytree(SAMPLE_CONTENT, tmp_path / "content")
    folder = content / "faq" / "terbuka"
    folder.mkdir()
    facts = "status: published\ntopics: [kartu]\ncertainty: ask-office\nunanswered: true\n"
    (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    words = "---\ntitle: May I?\nsummary: Ask first.\nunconfirmed: [Whether you may]\n---\nNobody says so.\n"
    for language in ("id", "en"):
        (folder / f"{language}.md").write_text(words, encoding="utf-8")
    page = make_app(content=content).test_client().get("/en/faq/terbuka")
    text = main_of(page)
    assert "May I? not answered yet" in text and "Whether you may" in text
    assert '"acceptedAnswer"' not in page.get_data(as_text=True)
    answered = make_app(content=content).test_client().get("/en/faq/kartu-hilang").get_data(as_text=True)
    assert "not answered yet" not in answered and '"acceptedAnswer"' in answered
