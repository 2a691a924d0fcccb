"""The administrator's pages: people, roles, first passwords, the log."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.accounts.people import staff_by_email
from portal.web.transactions import sessions
from tests.accounts.signing import DeskClient, make_staff, signed_in

PEOPLE = "/id/staff/people/"


@pytest.fixture
def admin(office: Flask) -> DeskClient:
    return signed_in(office, ["admin"])


def id_of(app: Flask, email: str) -> str:
    with app.app_context(), sessions()() as database:
        result = staff_by_email(database, email)
        assert result
        return result.id


def test_somebody_is_added_and_the_first_password_is_shown_once(office: Flask, admin: DeskClient) -> None:
    typed = {"name": "Yohanis Tefa", "email": "yohanis@example.org", "roles": ["author", "scheduler"]}
    answer = admin.post(f"{PEOPLE}add", data=typed)
    password = re.search(r'class="key">([a-z0-9-]{23})<', answer.get_data(as_text=True))
    assert password
    page = admin.get(f"{PEOPLE}{id_of(office, 'yohanis@example.org')}").get_data(as_text=True)
    assert "Yohanis Tefa" in page
    assert password[1] not in page
    listed = admin.get(PEOPLE).get_data(as_text=True)
    assert "Penulis, Pengatur jadwal" in listed
    assert "Belum pernah masuk" in listed


def test_mistakes_are_told_at_the_field_and_what_was_typed_stays(office: Flask, admin: DeskClient) -> None:
    answer = admin.post(f"{PEOPLE}add", data={"name": "Yohanis <i>", "email": "yohanis", "roles": ["author"]})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Ketik alamat surel secara lengkap" in text
    assert 'value="Yohanis &lt;i&gt;"' in text
    assert re.search(r'value="author"[^>]*checked', text)
    taken = admin.post(f"{PEOPLE}add", data={"name": "Y", "email": "ADMIN@example.org", "roles": ["author"]})
    assert "Sudah ada akun" in taken.get_data(as_text=True)
    assert "Pilih sedikitnya satu" in admin.post(f"{PEOPLE}add", data={"name": "Y", "email": "y@example.org"}).get_data(
        as_text=True
    )


def test_roles_reset_and_closing(office: Flask, admin: DeskClient) -> None:
    other = make_staff(office, "author", email="other@example.org")
    page = f"{PEOPLE}{other.id}"
    assert admin.post(f"{page}/roles", data={"roles": ["registrar"]}).status_code == 303
    assert admin.post(f"{page}/roles", data={}).status_code == 422
    assert admin.post(f"{page}/close").status_code == 303
    assert "ditutup" in admin.get(page).get_data(as_text=True)
    assert 'class="key"' in admin.post(f"{page}/reset").get_data(as_text=True)
    own = f"{PEOPLE}{id_of(office, 'admin@example.org')}"
    assert admin.post(f"{own}/close").status_code == 409
    answer = admin.post(f"{own}/roles", data={"roles": ["author"]})
    assert answer.status_code == 422
    assert "Tidak ada pengelola lain" in answer.get_data(as_text=True)
    assert admin.get(f"{PEOPLE}nobody").status_code == 404
    log = admin.get("/id/staff/audit/").get_data(as_text=True)
    for action in ("mengubah peran", "menutup akun", "membukakan akun lagi"):
        assert action in log


def test_the_log_is_shown_by_person_and_exported_with_ids_only(office: Flask, admin: DeskClient) -> None:
    make_staff(office, "author", email="other@example.org")
    admin.post(f"{PEOPLE}add", data={"name": "Yohanis Tefa", "email": "y@example.org", "roles": ["author"]})
    id_ = id_of(office, "admin@example.org")
    shown = admin.get("/id/staff/audit/", query_string={"who": id_, "deed": "accounts.add"}).get_data(as_text=True)
    assert shown.count("menambah pegawai") == 1
    table = admin.get("/id/staff/audit/audit.csv")
    text = table.get_data(as_text=True)
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{id_},accounts.add,staff/{id_of(office, 'y@example.org')},machine,menambah pegawai" in text
    assert text.startswith("\ufeffNomor,Waktu (UTC),Siapa (id),")
    assert "Yohanis" not in text
    assert "example.org" not in text


def test_the_frame_shows_what_a_person_may_open(office: Flask) -> None:
    registrar = signed_in(office, ["registrar"]).get("/id/staff/account").get_data(as_text=True)
    assert 'href="/id/staff/events/"' in registrar
    assert 'href="/id/staff/people/"' not in registrar
    assert "Petugas pendaftaran" in registrar
    author = signed_in(office, ["author"]).get("/en/staff/account").get_data(as_text=True)
    assert 'href="/en/staff/events/"' not in author
    assert "Author" in author
