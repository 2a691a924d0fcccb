"""The pages of writing without JavaScript: lists, new pages, forms, preview, merge, bad input in all fields."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from portal.content.parsing import yaml_of
from portal.content_forms.schema import facts_parts, leaves, words_parts
from portal.drafts.models import ConflictCopy, Draft, DraftVersion, Note, Presence
from portal.publishing.checks import is_slug, proposed_slug
from portal.publishing.models import Publication
from portal.web.state import portal
from portal.web.transactions import engine, sessions
from tests.accounts.signing import DeskClient, make_staff, sign_in
from tests.client import defects
from tests.conftest import AppFactory
from tests.content_forms.filling import FORMS, LANGUAGES, SAMPLE, Sent, files_of, sent_of

KEY = "faq/berapa-biaya"
SCRIPT = "<script>alert(1)</script><b onclick=x>“tebal”</b> {{ fee:x }} {% raw %} ---\n---\n::: aneh\n| a"


class DeskPages:
    """An application, and clients of its staff."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._clients: dict[tuple[str, ...], DeskClient] = {}
        self.author = self.client("author")

    def client(self, *roles: str, name: str = "Maria Bria", email: str = "") -> DeskClient:
        result = self._clients.get((*roles, email))
        if result is None:
            result = self._clients[(*roles, email)] = DeskClient(self.app, self.app.response_class, use_cookies=True)
            sign_in(result, make_staff(self.app, *roles, name=name, email=email))
        return result

    def clear(self) -> None:
        """Take every draft away, so that the next test begins with none."""
        with self.app.app_context(), sessions()() as database:
            for table in (Presence, DraftVersion, ConflictCopy, Note, Publication, Draft):
                database.execute(delete(table))
            database.commit()

    def begin(self, key: str = KEY, client: DeskClient | None = None) -> str:
        """The address of the form of a draft of that page."""
        answer = (client or self.author).post(f"/id/staff/edit/{key}/begin")
        assert answer.status_code == 303
        return str(answer.headers["Location"])

    def draft(self, address: str) -> Draft:
        with self.app.app_context(), sessions()() as database:
            return database.get_one(Draft, address.split("/drafts/")[1].split("/")[0].split("?")[0])

    def sent(self, address: str, **typed: str) -> Sent:
        """What a browser sends for that form after these fields were typed; `id_title` stands for id.title."""
        draft = self.draft(address)
        fields = {name.replace("_", ".", 1): [text] for name, text in typed.items()}
        return sent_of(FORMS[draft.kind], draft.files) | {"version": [str(draft.version)]} | fields

    def save(self, address: str, client: DeskClient | None = None, **typed: str) -> TestResponse:
        data: Any = self.sent(address, **typed)
        return (client or self.author).post(address, data=data, content_type="multipart/form-data")


@pytest.fixture(scope="module")
def one_desk(tmp_path_factory: pytest.TempPathFactory) -> DeskPages:
    return DeskPages(AppFactory(tmp_path_factory.mktemp("desk"))())


@pytest.fixture
def desk(one_desk: DeskPages) -> DeskPages:
    one_desk.clear()
    return one_desk


def words(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_texts_are_found_by_kind_word_and_state(desk: DeskPages) -> None:
    listed = words(desk.author.get("/id/staff/edit/?kind=faq&q=HILANG"))
    assert "kartu-hilang" in listed
    assert "mulai-2030" not in listed
    assert "mulai-2030" in words(desk.author.get("/id/staff/edit/?kind=faq&state=waiting"))
    assert "kartu-hilang" not in words(desk.author.get("/id/staff/edit/?kind=faq&state=open"))
    desk.begin("faq/kartu-hilang")
    assert "kartu-hilang" in words(desk.author.get("/id/staff/edit/?kind=faq&state=open"))
    for odd in ("kind=nothing&page=x", "page=99999&kind=faq", f"q={'a' * 500}", "state=%00"):
        assert desk.author.get(f"/id/staff/edit/?{odd}").status_code == 200


def test_the_first_page_shows_own_drafts(desk: DeskPages) -> None:
    address = desk.begin()
    assert address in words(desk.author.get("/id/staff/"))


def test_a_draft_changes_nothing_that_readers_see(desk: DeskPages) -> None:
    before = desk.app.test_client().get(f"/id/{KEY}").data
    desk.save(desk.begin(), id_title="Kartu gaib")
    assert desk.app.test_client().get(f"/id/{KEY}").data == before
    assert "Kartu gaib" not in words(desk.app.test_client().get("/id/search?q=kartu"))


def test_a_form_is_saved_by_its_button(desk: DeskPages) -> None:
    address = desk.begin()
    answer = desk.save(address, id_title="Judul baru", facts_review_by="2027-01-31")
    assert answer.headers["Location"] == f"{address}#saved"
    files = desk.draft(address).files
    assert "title: Judul baru" in files["id.md"]
    assert "review_by: 2027-01-31" in files["facts.yaml"]
    assert "Judul baru" in words(desk.author.get(address))


@pytest.mark.parametrize("kind", [path.name for path in SAMPLE.iterdir() if (path / "..").is_dir() and path.is_dir()])
def test_every_kind_has_a_form_and_a_preview_in_both_languages(desk: DeskPages, kind: str) -> None:
    for folder in sorted((SAMPLE / kind).glob("*/facts.yaml"))[:2]:
        address = desk.begin(f"{kind}/{folder.parent.name}")
        shown = words(desk.author.get(address))
        with desk.app.app_context():
            type_ = portal().types[kind]
        for name in [f"facts.{one}" for one in leaves(facts_parts(type_, LANGUAGES))] + [
            f"{code}.{one}" for code in LANGUAGES for one in leaves(words_parts(type_))
        ]:
            assert f'name="{name.replace("*", "0")}"' in shown, name
        for language in LANGUAGES:
            page = desk.author.get(f"{address}/page".replace("/id/", f"/{language}/", 1))
            assert page.status_code == 200
            assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
            assert "no-store" in page.headers["Cache-Control"]


def test_a_new_page_gets_a_name_from_its_title(desk: DeskPages) -> None:
    answer = desk.author.post("/id/staff/edit/faq/new", data={"title": "Paspor anak: di mana?", "slug": ""})
    draft = desk.draft(answer.headers["Location"])
    assert (draft.key, draft.is_new, draft.files["facts.yaml"]) == (
        "faq/paspor-anak-di-mana",
        True,
        "status: published\n",
    )
    assert desk.author.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "slug", ["../../etc/passwd", "a/b", "a--b", "-a", "kartu hilang", "kartu\x00/", "ü", "a" * 81, "new"]
)
def test_a_name_that_cannot_stand_in_an_address_is_refused_and_kept(desk: DeskPages, slug: str) -> None:
    answer = desk.author.post("/id/staff/edit/faq/new", data={"title": "Judul <b>", "slug": slug})
    assert answer.status_code == 422
    assert 'href="#field-slug"' in words(answer)
    assert "Judul &lt;b&gt;" in words(answer)
    with desk.app.app_context(), sessions()() as database:
        assert database.scalars(select(Draft)).all() == []


def test_a_name_that_is_taken_is_refused(desk: DeskPages) -> None:
    assert desk.author.post("/id/staff/edit/faq/new", data={"title": "A", "slug": "berapa-biaya"}).status_code == 422
    assert desk.author.post("/id/staff/edit/faq/new", data={"title": "", "slug": ""}).status_code == 422
    assert desk.author.post("/id/staff/edit/faq/new", data={"title": "Lain", "slug": "lain"}).status_code == 303
    assert desk.author.post("/id/staff/edit/faq/new", data={"title": "Lain", "slug": "lain"}).status_code == 422


def test_slugs_are_made_of_titles_and_numbered() -> None:
    assert proposed_slug("Berapa biaya?", ("berapa-biaya",)) == "berapa-biaya-2"
    assert all(is_slug(proposed_slug(title)) for title in ("", "???", "Ü", "a" * 300, "../x", "Café 24 jam!"))


@pytest.mark.parametrize("kind", ["faq", "guidance", "news", "alerts", "permits", "events", "schedules", "pages"])
def test_markup_and_scripts_in_every_field_do_no_harm(desk: DeskPages, kind: str) -> None:
    made = desk.author.post(f"/id/staff/edit/{kind}/new", data={"title": "Uji", "slug": "uji"})
    address = str(made.headers["Location"])
    sent = desk.sent(address)
    hostile: Any = {name: [SCRIPT] for name in sent if name != "version"} | {"version": ["1"]}
    assert desk.author.post(address, data=hostile, content_type="multipart/form-data").status_code == 303
    for path in (address, f"{address}/preview", f"{address}/page", "/id/staff/", f"/id/staff/edit/?kind={kind}"):
        answer = desk.author.get(path)
        # Each page was valid HTML, or the client would have refused it.
        assert "<script>alert(1)" not in words(answer), path
        assert "<b onclick" not in words(answer), path
    kept = sent_of(FORMS[kind], desk.draft(address).files)
    assert kept["id.body"][0].split() == SCRIPT.split()


def test_a_huge_paste_is_kept_and_told(desk: DeskPages) -> None:
    address = desk.begin()
    huge = "Kalimat pendek ini. " * 52_000
    data: Any = desk.sent(address, id_body=huge)
    assert desk.author.post(address, data=data).status_code == 303
    assert desk.draft(address).files["id.md"].count("Kalimat") == 52_000
    shown = words(desk.author.get(address))
    assert "terlalu panjang" in shown
    assert desk.author.get(f"{address}/preview").status_code == 200
    assert desk.save(address, id_body="Pendek lagi.").status_code == 303
    assert "terlalu panjang" not in words(desk.author.get(address))


def test_the_script_is_answered_with_version_words_and_findings(desk: DeskPages) -> None:
    address = desk.begin()
    data: Any = desk.sent(address, id_body="Bayar Rp350.000.")
    message = desk.author.post(f"{address}/autosave", data=data).get_json()
    assert message["version"] == 2
    assert message["words"].startswith("Tersimpan otomatis")
    checked = desk.author.post(f"{address}/check", data=data).get_json()
    assert [one["href"] for one in checked["findings"]] == ["#field-id-body"]
    data["id.title"] = [""]
    checked = desk.author.post(f"{address}/check", data=data).get_json()
    assert checked["findings"][0] == {
        "href": "#field-id-title",
        "is_warning": False,
        "message": "Ini harus diisi.",
        "where": "Judul (id)",
    }
    assert "title" in desk.draft(address).files["id.md"]


def test_an_overtaken_form_leads_to_both_texts(desk: DeskPages) -> None:
    other = desk.client("author", name="Yohanis Bere", email="yohanis@example.org")
    address = desk.begin()
    stale: Any = desk.sent(address, id_title="Dari Yohanis")
    desk.save(address, id_title="Dari Maria")
    answer = other.post(address, data=stale, content_type="multipart/form-data")
    assert "/merge?of=" in answer.headers["Location"]
    merge = words(other.get(answer.headers["Location"]))
    assert "Dari Maria" in merge
    assert "Dari Yohanis" in merge
    form: Any = {"version": str(desk.draft(address).version)}
    asked = other.post(answer.headers["Location"], data=form)
    assert asked.status_code == 422
    assert 'href="#field-id-title"' in words(asked)
    done = other.post(answer.headers["Location"], data=form | {"choice-id.title": "mine"})
    assert done.headers["Location"] == f"{address}#saved"
    assert "Dari Yohanis" in desk.draft(address).files["id.md"]


def test_a_text_typed_after_the_draft_was_closed_begins_another(desk: DeskPages) -> None:
    address = desk.begin()
    late: Any = desk.sent(address, id_title="Terlambat")
    assert desk.author.post(f"{address}/discard").status_code == 303
    answer = desk.author.post(address, data=late, content_type="multipart/form-data")
    assert address not in answer.headers["Location"]
    assert "Terlambat" in words(desk.author.get(answer.headers["Location"]))


def test_a_text_whose_draft_was_closed_waits_on_the_first_page(desk: DeskPages) -> None:
    other = desk.client("author", name="Yohanis Bere", email="yohanis@example.org")
    address = desk.begin()
    stale: Any = desk.sent(address, id_title="Masih menunggu")
    desk.save(address, id_title="Dari Maria")
    other.post(address, data=stale, content_type="multipart/form-data")
    desk.author.post(f"{address}/discard")
    assert f"{address}/merge" in words(other.get("/id/staff/"))
    moved = other.get(f"{address}/merge")
    assert moved.status_code == 303
    assert address not in moved.headers["Location"]
    assert "Masih menunggu" in words(other.get(moved.headers["Location"]))


def test_a_page_that_was_published_meanwhile_is_merged(desk: DeskPages, make_app: AppFactory, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(SAMPLE, content)
    own = DeskPages(make_app(content=content))
    address = own.begin()
    own.save(address, id_title="Dari draf")
    path = content / KEY / "id.md"
    path.write_text(path.read_text().replace("summary: ", "summary: Terbit. ", 1))
    own.app.extensions["portal"].generations.bump_content()
    assert "terbit lagi sejak draf ini" in words(own.author.get(address))
    form = {"version": str(own.draft(address).version)}
    assert own.author.post(f"{address}/merge", data=form).status_code == 303
    files = own.draft(address).files
    assert "title: Dari draf" in files["id.md"]
    assert "summary: Terbit." in files["id.md"]
    assert own.author.get(f"{address}/merge").status_code == 303


def test_a_translator_changes_the_translation_alone(desk: DeskPages) -> None:
    translator = desk.client("translator", name="Ani", email="ani@example.org")
    address = desk.begin()
    desk.save(address, translator, id_title="Bukan haknya", en_title="Her words", facts_owner="bukan-haknya")
    files = desk.draft(address).files
    assert "title: Her words" in files["en.md"]
    assert files["id.md"] == files_of(SAMPLE / KEY)["id.md"]
    assert "bukan-haknya" not in files["facts.yaml"]
    assert translator.post(f"{address}/discard").status_code == 403
    assert translator.post("/id/staff/edit/faq/new", data={"title": "A"}).status_code == 403


def test_an_expired_session_gives_the_typed_text_back(desk: DeskPages) -> None:
    address = desk.begin()
    stranger = desk.app.test_client()
    data: Any = desk.sent(address, id_title="Diketik sebelum keluar")
    answer = stranger.post(address, data=data, headers={"Origin": "http://localhost"})
    assert answer.status_code == 401
    assert "Diketik sebelum keluar" in words(answer)
    assert desk.draft(address).version == 1


def test_the_preview_is_the_real_page_at_any_time(desk: DeskPages) -> None:
    address = desk.begin()
    desk.save(address, id_title="Judul pratinjau", facts_publish_from="2030-01-01T00:00")
    now = words(desk.author.get(f"{address}/page"))
    later = words(desk.author.get(f"{address}/page?at=2030-06-01"))
    assert "Judul pratinjau</h1>" not in now
    assert "Judul pratinjau</h1>" in later
    assert defects(later, path=f"/id/{KEY}") == []
    for odd in ("at=x", "at=9999-99-99", "at=0001-01-01T00:00", f"at={'1' * 500}", "in=xx"):
        assert desk.author.get(f"{address}/preview?{odd}").status_code == 200
    with desk.app.app_context(), sessions()() as database:
        assert database.scalars(select(ConflictCopy)).all() == []


def test_unknown_drafts_and_kinds_are_not_found(desk: DeskPages) -> None:
    for path in ("drafts/x", f"drafts/{'0' * 32}", "edit/nothing/new", "edit/faq/nothing", "drafts/..%2f..%2fetc"):
        assert desk.author.get(f"/id/staff/{path}").status_code == 404


def test_a_changed_time_raises_the_number_of_the_calendar_files(desk: DeskPages) -> None:
    made = desk.author.post("/id/staff/edit/events/new", data={"title": "Sosialisasi", "slug": "sosialisasi"})
    address = str(made.headers["Location"])
    place = {"facts_venue.name.id": "Balai desa", "facts_venue.name.en": "Village hall"}
    desk.save(address, facts_starts="2026-12-03T09:00", facts_ends="2026-12-03T11:00", **place)
    with desk.app.app_context(), sessions()() as database:
        draft = database.get_one(Draft, desk.draft(address).id)
        draft.base_files = draft.files
        database.commit()
    desk.save(address, id_title="Sosialisasi lagi")
    assert "sequence" not in yaml_of(desk.draft(address).files["facts.yaml"], "")
    desk.save(address, facts_ends="2026-12-03T12:00")
    facts = yaml_of(desk.draft(address).files["facts.yaml"], "")
    assert (facts["sequence"], "modified" in facts) == (1, True)


def test_values_from_the_lists_are_shown_as_readers_see_them(desk: DeskPages) -> None:
    address = desk.begin()
    data: Any = desk.sent(address, id_body="Bayar {{ fee:kartu }} di loket.")
    message = desk.author.post(f"{address}/check", data=data).get_json()
    assert any("Rp" in one["words"] and one["kind"] == "biaya" for one in message["values"])


def test_a_field_that_is_far_too_long_is_given_back_and_the_rest_is_saved(desk: DeskPages) -> None:
    address = desk.begin()
    long = "kata " * 200_000
    data: Any = desk.sent(address, id_title="Judul lain", id_keywords=long)
    answer = desk.author.post(address, data=data)
    assert answer.status_code == 422
    assert words(answer).count("kata ") >= 200_000
    assert "Judul lain" in desk.draft(address).files["id.md"]
    data["version"] = ["2"]
    assert desk.author.post(f"{address}/autosave", data=data).status_code == 413
    assert desk.author.post(f"{address}/check", data=data).status_code == 200


def test_a_text_that_is_being_published_is_offered_for_saving_again(desk: DeskPages) -> None:
    address = desk.begin()
    data: Any = desk.sent(address, id_title="Sedetik terlambat")
    with desk.app.app_context(), sessions()() as database:
        database.get_one(Draft, desk.draft(address).id).state = "publishing"
        database.commit()
    answer = desk.author.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code == 503
    assert 'value="Sedetik terlambat"' in words(answer)
    assert desk.author.post(f"{address}/autosave", data=data).status_code == 503


def test_deep_and_broken_structures_are_kept_as_text(desk: DeskPages) -> None:
    made = desk.author.post("/id/staff/edit/schedules/new", data={"title": "Uji", "slug": "uji"})
    address = str(made.headers["Location"])
    for typed in ("[" * 5000, "[" * 2000 + "]" * 2000, "&a [*a, *a]", "!!python/object:os.system x", "a: b: c"):
        assert desk.save(address, facts_sessions=typed).status_code == 303
        assert words(desk.author.get(address))
        checked = desk.author.post(f"{address}/check", data=dict(desk.sent(address))).get_json()
        assert any(not one["is_warning"] for one in checked["findings"])


def test_a_text_is_checked_without_the_lock_of_writers(desk: DeskPages, monkeypatch: pytest.MonkeyPatch) -> None:
    address = desk.begin()
    data: Any = desk.sent(address)
    checked = []

    def write_beside(*_args: object) -> list[object]:
        with sqlite3.connect(str(engine().url.database), timeout=0.1, isolation_level=None) as beside:
            beside.execute("BEGIN IMMEDIATE")
            beside.execute("ROLLBACK")
        checked.append(True)
        return []

    monkeypatch.setattr("portal.desk.editor.save.finding_rows", write_beside)
    assert desk.author.post(f"{address}/check", data=data).status_code == 200
    assert checked
