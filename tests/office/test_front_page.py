"""The front page: what people come for, what changed, what other features lend it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from portal.office.views.home import latest
from portal.web.documents.cards import Card, card_assets
from portal.web.state import EXTENSION
from tests.conftest import AppFactory
from tests.content.tree import FILES, write
from tests.reading import described, links_of, main_of

HOME = """
home:
  frequent: [faq/biaya, faq/none]
  tasks:
    - {to: guidance/panduan, label: {id: Buat, en: Make}, detail: {id: Rincian, en: Details}}
    - {to: fees, label: {id: Biaya, en: Costs}}
    - {to: guidance/none, label: {id: Tidak ada, en: Nowhere}}
    - {to: "https://example.org/", label: {id: Luar, en: Outside}}
  note: {kind: scam, title: {id: Awas, en: Beware}, text: {id: Teks, en: Words}, link: faq/biaya}
"""


def test_tasks_lead_to_what_is_published(make_app: AppFactory, tmp_path: Path) -> None:
    client = make_app(content=write(tmp_path / "content", {"site.yaml": FILES["site.yaml"] + HOME})).test_client()
    page = client.get("/en/")
    links = links_of(page)
    assert "/en/guidance/panduan" in links
    assert "/en/fees" in links
    assert "https://example.org/" in links
    text = main_of(page)
    assert "Make Details" in text
    assert "Nowhere" not in text
    assert "Beware" in text


def test_the_newest_changes_come_first(client: FlaskClient) -> None:
    links = links_of(client.get("/en/"))
    assert "/en/guidance/kartu-baru" in links
    assert "/en/news/ralat-loket" in links
    assert "/en/guidance/kartu-kertas" not in links


def test_latest_keeps_the_order_of_one_day() -> None:
    documents: Any = [("a", 1), ("b", 3), ("c", 3), ("d", 2)]
    assert latest(documents, 3) == [("b", 3), ("c", 3), ("d", 2)]


def test_cards_of_other_rooms_stand_where_they_belong(make_app: AppFactory) -> None:
    app = make_app()
    portal = app.extensions[EXTENSION]
    portal.cards = {"home": [lambda: Card("components/tag.html", {}, where="top"), lambda: None]}
    answer = app.test_client().get("/en/")
    assert answer.status_code == 200
    assert "lifted" in answer.get_data(as_text=True)


def test_what_cards_need_is_given_once() -> None:
    cards = [Card("a", sheets=("one",), scripts=("s",)), Card("b", sheets=("two", "one"), scripts=("s",))]
    assert card_assets(cards) == {"card_sheets": ["one", "two"], "card_scripts": ["s"]}


def test_the_office_for_machines(client: FlaskClient) -> None:
    node = described(client.get("/en/"), "GovernmentOffice")
    assert node["name"] == "Sample Service Office"
    assert node["address"]["streetAddress"] == "1 Sample Street"
    assert "telephone" not in node
    assert "not adopted" in node["disambiguatingDescription"]
