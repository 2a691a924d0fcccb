"""The desk's first page: what waits, told in numbers, and a question begun from a search in vain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import writing
from portal.drafts.models import Draft
from portal.search.models import SearchCount
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite

NOW = datetime(2030, 6, 1, 4, 0, tzinfo=UTC)


@pytest.fixture
def app(make_app: AppFactory) -> Flask:
    return make_app(clock=NOW)


def client_of(app: Flask, role: str) -> DeskClient:
    client = DeskClient(app, app.response_class, use_cookies=True)
    sign_in(client, make_staff(app, role))
    return client


def searched(app: Flask, query: str, count: int, *, tier: str = "nothing", days_ago: int = 1) -> None:
    with app.app_context(), sessions()() as database, writing(database):
        day = (NOW - timedelta(days=days_ago)).date()
        database.add(SearchCount(day=day, language="id", query=query, tier=tier, count=count))


def test_each_role_opens_the_first_page(app: Flask) -> None:
    for role in ("author", "translator", "reviewer", "scheduler", "registrar", "admin"):
        assert client_of(app, role).get("/id/staff/").status_code == 200


def test_pages_to_read_again_are_named(app: Flask) -> None:
    page = client_of(app, "author").get("/id/staff/").get_data(as_text=True)
    assert "Perlu dibaca ulang" in page


def test_searches_in_vain_become_a_question_in_one_step(app: Flask) -> None:
    searched(app, "kartu haji", 7)
    searched(app, "nama orang", 2)
    searched(app, "kartu", 5, tier="answers")
    author = client_of(app, "author")
    page = author.get("/id/staff/").get_data(as_text=True)
    assert "14 pencarian dalam 14 hari; 9 tanpa hasil." in page
    assert "kartu haji" in page
    # What fewer than three asked is read by nobody.
    assert "nama orang" not in page
    answer = author.post("/id/staff/searches/draft", data={"query": "kartu haji"})
    assert answer.status_code == 303
    assert author.post("/id/staff/searches/draft", data={"query": "kartu haji"}).status_code == 303
    with app.app_context(), sessions()() as database:
        drafts = database.scalars(select(Draft).order_by(Draft.created_at, Draft.slug)).all()
    assert sorted(one.slug for one in drafts) == ["kartu-haji", "kartu-haji-2"]
    assert "title: Kartu haji?" in drafts[0].files["id.md"]
    assert author.post("/id/staff/searches/draft", data={"query": " "}).status_code == 400
    assert client_of(app, "registrar").post("/id/staff/searches/draft", data={"query": "x"}).status_code == 403


def test_old_searches_are_not_counted(app: Flask) -> None:
    searched(app, "kartu lama", 9, days_ago=20)
    assert "kartu lama" not in client_of(app, "author").get("/id/staff/").get_data(as_text=True)


def test_the_note_of_a_returned_draft_stands_on_the_first_page_and_above_the_form(
    make_app: AppFactory, tmp_path: Path
) -> None:
    site = DeskSite(make_app, tmp_path)
    id_ = site.sent("Kartu hilang, lalu apa?")
    form = f"/id/staff/drafts/{id_}"
    assert "Tambah dasar hukum" not in site.author.get("/id/staff/").get_data(as_text=True)
    assert site.act(site.reviewer, id_, "send-back", note="Tambah dasar hukum <di> langkah 2.").status_code == 303
    first = site.author.get("/id/staff/").get_data(as_text=True)
    assert "Yohanis Nabu: “Tambah dasar hukum &lt;di&gt; langkah 2.”" in first
    above = site.author.get(form).get_data(as_text=True).partition('<form class="draft"')[0]
    assert "Yohanis Nabu menulis tentang draf ini" in above
    assert "Tambah dasar hukum &lt;di&gt; langkah 2." in above
    # A note of one's own is no message to oneself, and nothing stands there once it is sent again.
    assert site.act(site.author, id_, "send", reason="Lebih jelas").status_code == 303
    assert "Tambah dasar hukum" not in site.author.get("/id/staff/").get_data(as_text=True)
