"""Translations: behind exactly when the words of the original changed, and shown by exactly those paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.content.markdown.compiler import compile_body
from portal.content.sources.bundled import files_of as shipped_files
from portal.content.sources.repository import ContentRepository, Person
from portal.drafts.models import Draft
from portal.drafts.translation_status import differences
from portal.publishing import wiring
from portal.web.clock import real_instant
from portal.web.state import portal
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.conftest import AppFactory
from tests.content_forms.filling import SAMPLE

KEY = "faq/berapa-biaya"
PAGE = f"/id/staff/translations/{KEY}/en"
MATRIX = "/id/staff/translations/?show="
TEXTS = st.lists(st.text("abc dé", min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6)


class Served:
    """An application that serves a repository, and a translator."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = DeskClient(app, app.response_class, use_cookies=True)
        sign_in(self.client, make_staff(app, "translator"))

    def publish(self, path: str, old: str, new: str) -> None:
        """Publish one file with a piece of text replaced."""
        with self.app.app_context():
            repository = wiring.publisher().repository()
            data = repository.read(repository.head(), path)
            assert data is not None
            assert old in data.decode()
            changed = data.decode().replace(old, new, 1).encode()
            repository.save(
                {path: changed}, author=Person("A", ""), message="x", at=real_instant(), expected=repository.head()
            )
            repository.close()
            self.app.extensions["portal"].generations.bump_content()

    def shows(self, name: str) -> bool:
        """Whether the page stands in that part of the matrix."""
        return KEY in self.client.get(MATRIX + name).get_data(as_text=True)


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Any) -> Iterator[Served]:
    path = tmp_path / "content.git"
    made = ContentRepository.create(path)
    files: dict[str, bytes | None] = dict(shipped_files(SAMPLE))
    made.save(files, author=Person("P", ""), message="Shipped", at=datetime(2026, 11, 1, tzinfo=UTC), expected="")
    made.close()
    served = Served(make_app(content=path, content_is_repository=True))
    yield served


def test_a_current_translation_is_to_be_left_alone(site: Served) -> None:
    assert site.shows("all")
    assert not site.shows("outdated")


def test_a_changed_value_or_fact_makes_no_translation_behind(site: Served) -> None:
    site.publish("reference/fees.yaml", "value: 470000", "value: 480000")
    site.publish(f"{KEY}/facts.yaml", "status: published", "status: published\nowner: lain")
    site.publish(f"{KEY}/id.md", "keywords: [", "keywords: [kata baru, ")
    site.publish(f"{KEY}/id.md", ". Layanan", ".\nLayanan")
    site.publish(f"{KEY}/id.md", "---\nBiaya", "---\n\nBiaya")
    assert not site.shows("outdated")


def test_a_changed_paragraph_is_the_one_that_is_shown(site: Served) -> None:
    with site.app.app_context():
        document = portal().live.current().find(KEY)
        assert document is not None
        original, translated = document.bodies["id"].paragraphs, document.bodies["en"].paragraphs
    site.publish(f"{KEY}/id.md", original[-1], f"{original[-1]} Bawa uang pas.")
    assert site.shows("outdated")
    page = site.client.get(PAGE).get_data(as_text=True)
    assert page.count("<h3>") == 1
    assert "Bawa uang pas." in page
    assert "<ins>" in page
    assert len(original) != len(translated) or f"Paragraf {len(original)}<" in page


def test_not_affected_needs_a_reason_and_another_pair_of_eyes(site: Served) -> None:
    site.publish(f"{KEY}/id.md", "title: ", "title: Ya, ")
    assert site.client.post(f"{PAGE}/unaffected", data={"reason": " "}).status_code == 422
    answer = site.client.post(f"{PAGE}/unaffected", data={"reason": "Hanya salah ketik"})
    assert answer.status_code == 303
    with site.app.app_context(), sessions()() as database:
        draft = database.scalars(select(Draft)).one()
    assert draft.state == "review"
    assert "Hanya salah ketik" in draft.reason
    changed = {name for name in draft.files if draft.files[name] != draft.base_files[name]}
    assert changed == {"en.md"}
    assert len(set(draft.files["en.md"].splitlines()) - set(draft.base_files["en.md"].splitlines())) == 1
    assert site.shows("review")
    assert not site.shows("outdated")


def test_a_missing_translation_is_to_do(site: Served) -> None:
    assert "faq/hanya-indonesia" in site.client.get(MATRIX + "missing").get_data(as_text=True)
    page = site.client.get("/id/staff/translations/faq/hanya-indonesia/en")
    assert page.status_code == 200
    for odd in ("faq/nothing/en", f"{KEY}/id", f"{KEY}/xx", "nothing/x/en"):
        assert site.client.get(f"/id/staff/translations/{odd}").status_code == 404
    for odd in ("x", "all&page=99", "all&page=x"):
        assert site.client.get(MATRIX + odd).status_code == 200


@given(texts=TEXTS)
def test_what_did_not_change_is_not_shown(texts: list[str]) -> None:
    assert differences(texts, texts, texts) == []


@given(texts=TEXTS, at=st.integers(0, 5))
def test_a_new_paragraph_is_new_and_nothing_else(texts: list[str], at: int) -> None:
    at = min(at, len(texts))
    result = differences(texts, [*texts[:at], "paragraf yang baru", *texts[at:]], texts)
    assert [(one.paragraph.number, one.paragraph.state) for one in result] == [(at + 1, "new")]


@given(paragraphs=TEXTS)
def test_spacing_never_changes_the_mark(paragraphs: list[str]) -> None:
    one = compile_body("\n\n".join(paragraphs)).translatable
    assert compile_body("\n\n\n".join(paragraphs) + "\n").translatable == one
    other = compile_body("\n\n".join(paragraphs), words={"keywords": ["x"], "translates": "y"}).translatable
    assert other == one


def test_a_changed_paragraph_travels_from_the_author_to_a_current_translation(site: Served) -> None:
    """The round of issue and answer: published, shown to the translator, translated, approved, current."""
    author, reviewer = (DeskClient(site.app, site.app.response_class, use_cookies=True) for _ in range(2))
    sign_in(author, make_staff(site.app, "author", name="Maria Bria"))
    sign_in(reviewer, make_staff(site.app, "reviewer", name="Yohanis Bere"))

    def carried_out(writer: DeskClient, **typed: str) -> None:
        address = str(writer.post(f"/id/staff/edit/{KEY}/begin").headers["Location"])
        fields = {name.replace("_", ".", 1): text for name, text in typed.items()}
        assert writer.post(address, data={"version": "1", **fields}).status_code == 303
        assert writer.post(f"{address}/send", data={"version": "2", "reason": "Diperjelas."}).status_code == 303
        done = reviewer.post(f"{address}/approve", data={"version": "2", "then": "publish"})
        assert done.status_code == 303

    body = "Biaya satu kartu adalah {{ fee:kartu }}. Layanan kilat: {{ fee:kartu-kilat }}."
    carried_out(author, id_body=f"{body}\n\nBayar di loket.")
    assert site.shows("outdated")
    page = site.client.get(PAGE).get_data(as_text=True)
    assert page.count("<h3>") == 1
    assert "Bayar di loket." in page
    carried_out(site.client, en_body="One card costs {{ fee:kartu }}.\n\nPay at the counter.", en_stamp="yes")
    assert not site.shows("outdated")
    assert "Pay at the counter." in site.app.test_client().get(f"/en/{KEY}").get_data(as_text=True)
