"""Values on the desk: changed once from a day on, seen everywhere before anybody agrees, announced by themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.content.parsing import yaml_of
from portal.content.sources.repository import ContentRepository, Person
from portal.reference_values.models import ValueChange
from portal.web.state import portal
from portal.web.transactions import sessions
from tests.conftest import AppFactory
from tests.desk.desk_site import SHIPPED, DeskSite

FEES = "reference/fees.yaml"
FORM = "/id/staff/values/fees/kartu"
TYPED = {
    "version": "0",
    "value": "Rp 512.000",
    "starts": "2027-01-01",
    "basis": "pp-2-2020",
    "reason": "Tarif baru mulai tahun depan.",
}


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path, clock=datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


def changes(site: DeskSite) -> list[ValueChange]:
    with site.app.app_context(), sessions()() as session:
        return list(session.scalars(select(ValueChange).order_by(ValueChange.created_at)))


def proposed(site: DeskSite, **typed: str) -> str:
    answer = site.author.post(FORM, data=TYPED | typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def act(site: DeskSite, where: str, action: str, client: Any = None, **form: str) -> Any:
    """An action with the form as the page of the change shows it."""
    client = client or site.author
    page = client.get(where).get_data(as_text=True)
    hidden = dict(re.findall(r'type="hidden" name="(version|mark)" value="([^"]*)"', page))
    answer = client.post(f"{where}/{action}", data=hidden | form)
    refused = re.search(r'<a href="#field-form">([^<]*)', answer.get_data(as_text=True))
    assert answer.status_code in (303, 403, 422), refused and refused[1]
    return answer


def test_a_change_is_proposed_seen_approved_and_announced_in_both_languages(site: DeskSite) -> None:
    reader = site.app.test_client()
    before = site.text(FEES)
    where = proposed(site)
    page = site.author.get(where).get_data(as_text=True)
    assert set(re.findall(r"page=([a-z/-]+)&", page)) == {"guidance/kartu-baru", "faq/berapa-biaya"}
    assert "IDR 470,000 until 31 December 2026; from 1 January 2027: IDR 512,000" in page
    assert "Rp470.000 sampai 31 Desember 2026; mulai 1 Januari 2027: Rp512.000" in page
    assert act(site, where, "send").status_code == 303
    assert act(site, where, "approve", then="publish").status_code == 403
    assert site.text(FEES) == before
    assert act(site, where, "approve", site.reviewer, then="publish").status_code == 303
    assert changes(site)[0].state == "published"
    values = yaml_of(site.text(FEES), FEES)["kartu"]["values"]
    assert values[1]["valid_to"] == "2026-12-31"
    assert values[2] == {"value": 512000, "valid_from": "2027-01-01", "legal_basis": ["pp-2-2020"]}
    assert "Rp470.000 sampai 31 Desember 2026; mulai 1 Januari 2027: Rp512.000" in reader.get("/id/fees").get_data(
        as_text=True
    )
    assert "from 1 January 2027: IDR 512,000" in reader.get("/en/fees").get_data(as_text=True)
    assert site.log()[0].message.startswith("fees/kartu: Tarif baru mulai tahun depan.")
    assert "Approved-by: Yohanis Nabu" in site.log()[0].message


def test_no_translation_becomes_outdated_and_only_the_records_own_lines_change(site: DeskSite) -> None:
    def outdated() -> set[tuple[str, str]]:
        with site.app.app_context():
            catalogue = portal().live.current()
            return {
                (one.key, code)
                for kind in catalogue.kinds()
                for one in catalogue.all(kind)
                for code in one.words
                if one.is_outdated(code)
            }

    stale, before = outdated(), site.text(FEES)
    where = proposed(site)
    act(site, where, "send")
    act(site, where, "approve", site.reviewer, then="publish")
    assert outdated() == stale
    after = site.text(FEES)
    assert after.partition("kartu-hilang:")[2] == before.partition("kartu-hilang:")[2]
    assert after.startswith("# The fee of a card rises")


def test_nobody_approves_what_they_proposed_themselves(site: DeskSite) -> None:
    where = str(site.reviewer.post(FORM, data=TYPED).headers["Location"])
    act(site, where, "send", site.reviewer)
    page = site.reviewer.get(where).get_data(as_text=True)
    assert "Anda ikut menulis perubahan ini" in page
    assert "Setujui dan terbitkan" not in page
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark is not None
    answer = site.reviewer.post(f"{where}/approve", data={"mark": mark[1], "then": "publish"})
    assert answer.status_code == 409
    assert changes(site)[0].state == "review"


def test_nobody_approves_a_value_that_they_saved_once_although_others_saved_last(site: DeskSite) -> None:
    second = site.person("reviewer", name="Agnes Tefa")
    where = proposed(site)
    assert second.post(FORM, data=TYPED | {"value": "515.000", "version": "1"}).status_code == 303
    assert site.author.post(FORM, data=TYPED | {"value": "520.000", "version": "2"}).status_code == 303
    act(site, where, "send")
    page = second.get(where).get_data(as_text=True)
    assert "Anda ikut menulis perubahan ini" in page
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark is not None
    for then in ("", "publish"):
        assert second.post(f"{where}/approve", data={"mark": mark[1], "then": then}).status_code == 409
    assert second.post(f"{where}/publish").status_code == 409
    assert (changes(site)[0].state, len(site.log(FEES))) == ("review", 1)
    act(site, where, "approve", site.reviewer, then="publish")
    assert "520000" in site.text(FEES)
    newest = site.log(FEES)[0]
    assert newest.author == "Maria Bria"
    assert "Co-authored-by: Agnes Tefa" in newest.message
    assert "Approved-by: Yohanis Nabu" in newest.message


def test_a_list_that_moved_after_the_approval_voids_it(site: DeskSite) -> None:
    where = proposed(site)
    act(site, where, "send")
    act(site, where, "approve", site.reviewer)
    assert changes(site)[0].state == "approved"
    repository = ContentRepository(site.path)
    moved = site.text(FEES).replace("# ", "# lain ", 1) + "\n# baris lain\n"
    repository.save({FEES: moved.encode()}, author=Person("x", ""), message="x", at=SHIPPED, expected=repository.head())
    repository.close()
    site.app.extensions["portal"].generations.bump_content()
    assert site.reviewer.post(f"{where}/publish").status_code == 409
    assert changes(site)[0].state == "review"
    assert site.text(FEES) == moved


def test_what_was_approved_is_what_was_read(site: DeskSite) -> None:
    where = proposed(site)
    act(site, where, "send")
    page = site.reviewer.get(where).get_data(as_text=True)
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark is not None
    answer = site.author.post(FORM, data=TYPED | {"value": "999.000", "version": "1"})
    assert answer.status_code == 303
    act(site, where, "send")
    late = site.reviewer.post(f"{where}/approve", data={"mark": mark[1], "then": "publish"})
    assert late.status_code == 409
    assert "999" not in site.text(FEES)


def test_a_change_given_back_comes_back_with_its_note_and_its_fields(site: DeskSite) -> None:
    where = proposed(site)
    act(site, where, "send")
    assert act(site, where, "send-back", site.reviewer, note=" ").status_code == 422
    assert act(site, where, "send-back", site.reviewer, note="Dasar hukumnya mana?").status_code == 303
    assert "Dasar hukumnya mana?" in site.author.get(where).get_data(as_text=True)
    form = site.author.get(FORM).get_data(as_text=True)
    assert 'value="512000"' in form
    assert 'value="Tarif baru mulai tahun depan."' in form


BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"value": ""}, "Tulis jumlah bulat dalam rupiah"),
    ({"value": "12.5"}, "Tulis jumlah bulat dalam rupiah"),
    ({"value": "-5"}, "Tulis jumlah bulat dalam rupiah"),
    ({"value": "9" * 40}, "Tulis jumlah bulat dalam rupiah"),
    ({"starts": "2026-11-23"}, "sudah lewat"),
    ({"starts": "kemarin"}, "Pilih hari pertama"),
    ({"starts": "9999-01-01"}, "terlalu jauh"),
    ({"starts": "2019-01-01", "late": "yes"}, "Pilih hari sesudahnya"),
    ({"basis": ""}, "Pilih aturan yang menjadi dasarnya"),
    ({"basis": "pp-9-1900"}, "Pilih aturan dari daftar"),
    ({"value": "470.000"}, "Itulah yang sudah berlaku"),
    ({"source": "javascript:alert(1)"}, "diawali https://"),
    ({"reason": " "}, "mengapa berubah"),
    ({"reason": "x" * 600}, "500"),
)


def test_what_cannot_be_is_told_and_the_typing_stays(site: DeskSite) -> None:
    for typed, words in BAD:
        answer = site.author.post(FORM, data=TYPED | typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, typed
        assert words in page, typed
        assert f'value="{(TYPED | typed)["starts"]}"' in page
    assert changes(site) == []


def test_an_unknown_value_a_late_one_and_an_announced_one_put_right(site: DeskSite) -> None:
    where = proposed(site, value="", unknown="yes", basis="")
    act(site, where, "send")
    act(site, where, "approve", site.reviewer, then="publish")
    again = proposed(site, value="530000")
    act(site, again, "send")
    act(site, again, "approve", site.reviewer, then="publish")
    values = yaml_of(site.text(FEES), FEES)["kartu"]["values"]
    assert [value["value"] for value in values] == [310000, 470000, 530000]
    late = proposed(site, value="480000", starts="2026-11-01", late="yes")
    act(site, late, "send")
    assert act(site, late, "approve", site.reviewer, then="publish").status_code == 303
    values = yaml_of(site.text(FEES), FEES)["kartu"]["values"]
    assert [(value["value"], value.get("valid_from")) for value in values[1:]] == [
        (470000, "2024-12-17"),
        (480000, "2026-11-01"),
        (530000, "2027-01-01"),
    ]


def test_two_who_change_one_value_see_each_other(site: DeskSite) -> None:
    proposed(site)
    other = site.person("author", name="Agus Contoh")
    answer = other.post(FORM, data=TYPED | {"value": "1000"})
    assert answer.status_code == 409
    assert "Orang lain baru saja mengubah nilai ini" in answer.get_data(as_text=True)
    assert 'value="1000"' in answer.get_data(as_text=True)


def test_the_pages_are_shown_as_they_will_be_on_that_day(site: DeskSite) -> None:
    where = proposed(site)
    page = site.author.get(where).get_data(as_text=True)
    links = re.findall(r'href="(/en/staff/values/changes/[^"]+page=[^"]+)"', page)
    assert links
    shown = site.author.get(links[0].replace("&amp;", "&"))
    assert shown.status_code == 200
    assert "IDR 512,000" in shown.get_data(as_text=True)
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert site.author.get(f"{where}/page?page=faq/none&at=2027-01-01").status_code == 404


def test_contacts_rules_and_holidays_change_in_the_same_way(site: DeskSite) -> None:
    start = {"version": "0", "starts": "2026-12-24", "reason": "Sudah pasti."}
    for where, typed, path, words in (
        ("contacts/telepon", {"value": "+62 380 000000"}, "reference/contacts.yaml", "+62 380 000000"),
        (
            "laws/pp-2-2020",
            {"deed": "replaced", "by": "", "number": "PP 3/2026", "title-id": "Tarif", "title-en": "Fees"},
            "reference/laws.yaml",
            "until: 2026-12-23",
        ),
        (
            "holidays/new",
            {"kind": "regional", "name-id": "Hari Kantor", "name-en": "Office Day"},
            "reference/holidays/2026.yaml",
            "Hari Kantor",
        ),
    ):
        answer = site.author.post(f"/id/staff/values/{where}", data=start | typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        change = str(answer.headers["Location"])
        assert act(site, change, "send").status_code == 303
        assert act(site, change, "approve", site.reviewer, then="publish").status_code == 303
        assert words in site.text(path), path
    laws = yaml_of(site.text("reference/laws.yaml"), "")
    assert laws["pp-3-2026"]["replaces"] == ["pp-2-2020"]


MISSING: tuple[tuple[str, dict[str, str], str], ...] = (
    ("contacts/telepon", {"value": "nol lima"}, "Tulis nomor dengan angka"),
    ("laws/pp-2-2020", {"deed": "", "by": ""}, "Pilih apa yang terjadi"),
    ("laws/pp-2-2020", {"deed": "amended", "number": "UU 1/2001"}, "sudah ada di daftar"),
    ("holidays/new", {"kind": "", "name-id": "Hari"}, "Tulis juga dalam bahasa ini"),
    ("holidays/new", {"kind": "festival", "name-id": "Hari", "name-en": "Day"}, "Pilih jenis harinya"),
)


def test_each_list_tells_what_is_missing(site: DeskSite) -> None:
    start = {"version": "0", "starts": "2026-12-24", "reason": "Sudah pasti."}
    for where, typed, words in MISSING:
        answer = site.author.post(f"/id/staff/values/{where}", data=start | typed)
        assert answer.status_code == 422, where
        assert words in answer.get_data(as_text=True), where


def test_only_those_who_may_write_propose_and_strange_addresses_lead_nowhere(site: DeskSite) -> None:
    scheduler = site.person("scheduler", name="Rambu Contoh")
    assert scheduler.get("/id/staff/values/").status_code == 200
    assert scheduler.post(FORM, data=TYPED).status_code == 403
    assert 'name="value"' not in scheduler.get(FORM).get_data(as_text=True)
    for path in ("values/fees/none", "values/fees/new", "values/places/kantor", f"values/changes/{'0' * 32}"):
        assert site.author.get(f"/id/staff/{path}").status_code == 404
