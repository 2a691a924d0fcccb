"""The merge form obeys the permissions of fields."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.drafts.models import ConflictCopy
from portal.web.transactions import sessions
from tests.conftest import AppFactory
from tests.desk.test_writing_pages import DeskPages, words


def test_a_translator_writes_no_original_through_the_merge(make_app: AppFactory) -> None:
    desk = DeskPages(make_app())
    translator = desk.client("translator", name="Ani", email="ani@example.org")
    address = desk.begin()
    stale: Any = desk.sent(address, en_title="Her words")
    desk.save(address, id_title="Dari Maria", en_title="Maria's words")
    lead = translator.post(address, data=stale, content_type="multipart/form-data").headers["Location"]
    with desk.app.app_context(), sessions()() as database:
        # A text of hers from the time when she was an author.
        copy = database.scalars(select(ConflictCopy)).one()
        copy.files = {**copy.files, "id.md": copy.files["id.md"].replace("title: ", "title: Bukan haknya ", 1)}
        database.commit()
    assert "Bukan haknya" not in words(translator.get(lead))
    form: Any = {"version": str(desk.draft(address).version), "choice-en.title": "mine", "choice-id.title": "both"}
    assert translator.post(lead, data=form | {"text-id.title": "Bukan haknya"}).status_code == 303
    files = desk.draft(address).files
    assert "title: Dari Maria" in files["id.md"] and "title: Her words" in files["en.md"]
