"""The form, the party's own page and the code, as a person meets them over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.events.registrations.models import Registration
from portal.web.forms.tokens import OLDEST
from portal.web.operations.commands import prepare
from tests.conftest import AppFactory
from tests.events.conftest import OutreachApp
from tests.events.event_site import SLUG, adopt, content_with_event, fields_of, stamp_in

FORM = f"/id/events/{SLUG}/register"


def registrations(outreach: OutreachApp) -> list[Registration]:
    with outreach.database() as session:
        return list(session.scalars(select(Registration).order_by(Registration.joined)))


def test_the_form_page_is_kept_by_no_cache_and_carries_a_fresh_stamp(outreach: OutreachApp) -> None:
    first, second = outreach.client.get(FORM), outreach.client.get(FORM)
    assert first.headers["Cache-Control"] == "private, no-store"
    assert stamp_in(first.get_data(as_text=True)) != stamp_in(second.get_data(as_text=True))
    assert "Set-Cookie" not in first.headers


def test_a_party_registers_and_finds_its_place_by_the_code(outreach: OutreachApp) -> None:
    code = outreach.code_of(heads="2")
    page = outreach.client.get(f"/id/events/registration/{code}")
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    text = page.get_data(as_text=True)
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in text
    assert "Anda mendapat tempat" in text
    typed = f"{code[:4]} {code[4:8].lower()} {code[8:]}"
    answer = outreach.client.post("/en/events/registration", data={"code": typed})
    assert answer.headers["Location"].endswith(code)


def test_without_contact_the_code_is_the_whole_answer(outreach: OutreachApp) -> None:
    code = outreach.code_of(channel="none", email="")
    assert outreach.client.get(f"/id/events/registration/{code}").status_code == 200
    assert outreach.work() == []


def test_a_full_event_leads_to_the_waiting_list_and_the_page_says_so(outreach: OutreachApp) -> None:
    event = f"/id/events/{SLUG}"
    assert "tinggal sedikit tempat" in outreach.client.get(event).get_data(as_text=True)
    outreach.code_of(1, heads="3")
    assert "Sudah penuh" in outreach.client.get(event).get_data(as_text=True)
    code = outreach.code_of(2)
    page = outreach.client.get(f"/id/events/registration/{code}").get_data(as_text=True)
    assert "Anda ada di daftar tunggu" in page
    assert "3 orang sebelum Anda" not in page


def test_a_party_that_fits_in_part_may_take_fewer_or_wait(outreach: OutreachApp) -> None:
    outreach.code_of(1, heads="2")
    answer = outreach.register(2, heads="2")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Paling banyak 1 orang untuk sisa tempat" in text
    assert 'name="waiting"' in text
    assert outreach.register(2, heads="2", waiting="yes", stamp=stamp_in(text)).status_code == 303
    assert [row.state for row in registrations(outreach)] == ["confirmed", "waiting"]


def test_the_same_form_twice_is_one_registration(outreach: OutreachApp) -> None:
    stamp = outreach.stamp()
    codes = {outreach.code_of(1, stamp=stamp) for _ in range(3)}
    assert len(codes) == len(registrations(outreach)) == 1


def test_a_used_form_with_another_name_is_asked_again_with_everything_kept(outreach: OutreachApp) -> None:
    stamp = outreach.stamp()
    outreach.code_of(1, stamp=stamp)
    answer = outreach.register(2, stamp=stamp)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "sudah pernah dikirim" in text
    assert "Warga Nomor 2" in text
    assert stamp_in(text) != stamp


@pytest.mark.parametrize(
    ("typed", "message", "kept"),
    [
        ({"name": ""}, "Tulis nama Anda", ""),
        ({"name": "A" * 10_000}, "Ini terlalu panjang", "A" * 100),
        ({"name": "Ana\u202e Bria"}, "Ada tanda yang tidak terlihat", "Ana Bria"),
        ({"name": "Ana\x07"}, "Ada tanda yang tidak terlihat", 'value="Ana"'),
        ({"heads": ""}, "Tulis jumlah orang", ""),
        ({"heads": "dua"}, "Tulis angka, misalnya 2", 'value="dua"'),
        ({"heads": "0"}, "Tulis 1 atau lebih", 'value="0"'),
        ({"heads": "15"}, "Paling banyak 3 orang", 'value="15"'),
        ({"district": "bulan"}, "Pilih kabupaten atau kota", ""),
        ({"channel": ""}, "Pilih cara kami menghubungi Anda", ""),
        ({"channel": "phone", "phone": "12"}, "Nomor ini tidak bisa kami baca", 'value="12"'),
        ({"email": "ana@"}, "Alamat e-mail ini belum lengkap", 'value="ana@"'),
        ({"consent": ""}, "bila Anda setuju", ""),
        ({"website": "x"}, "Kolom yang tidak terlihat ikut terisi", "Warga Nomor 1"),
        ({"stamp": "forged.stamp"}, "Formulir ini tidak bisa kami periksa", "Warga Nomor 1"),
    ],
)
def test_bad_input_is_told_at_its_field_and_what_was_typed_stays(
    outreach: OutreachApp, typed: dict[str, str], message: str, kept: str
) -> None:
    answer = outreach.register(1, **typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert text.count(message) >= 1
    assert kept in text
    assert "<title>Galat: " in text
    assert registrations(outreach) == []


@pytest.mark.parametrize(
    ("age", "message"),
    [(OLDEST + timedelta(minutes=1), "terbuka lebih dari sehari"), (timedelta(), "Itu cepat sekali")],
)
def test_a_form_that_is_too_old_or_too_quick_is_asked_again(
    outreach: OutreachApp, age: timedelta, message: str
) -> None:
    answer = outreach.register(1, stamp=outreach.stamp(age=age))
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_a_stamp_of_another_form_is_worth_nothing_here(outreach: OutreachApp) -> None:
    assert outreach.register(1, stamp=outreach.stamp("register:lain")).status_code == 422


def test_a_form_sent_by_another_site_is_shown_again(outreach: OutreachApp) -> None:
    fields = fields_of(1, outreach.stamp())
    answer = outreach.client.post(FORM, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 422


def test_a_cancelled_or_begun_event_takes_nobody(outreach: OutreachApp) -> None:
    soon = datetime.now(UTC) + timedelta(days=10)
    off = "cancelled: true\nsequence: 1\nreason: {id: Hujan, en: Rain}\n"
    outreach.rewrite(starts=soon, capacity=3, more=off)
    answer = outreach.register(1)
    assert answer.status_code == 409
    assert "Anda tidak bisa mendaftar sekarang" in answer.get_data(as_text=True)
    outreach.rewrite(starts=datetime.now(UTC) - timedelta(hours=1), capacity=3)
    assert outreach.register(2).status_code == 409


def test_a_change_and_a_cancellation_by_code(outreach: OutreachApp) -> None:
    code = outreach.code_of(1, heads="2")
    page = f"/en/events/registration/{code}"
    changed = fields_of(1, "", heads="1", name="Ana Bria")
    assert outreach.client.post(f"{page}/change", data=changed).status_code == 303
    assert outreach.client.post(f"{page}/change", data=fields_of(1, "", heads="9")).status_code == 422
    (row,) = registrations(outreach)
    assert (row.name, row.party_size) == ("Ana Bria", 1)
    assert outreach.client.post(f"{page}/cancel").status_code == 303
    assert "Cancelled" in outreach.client.get(page).get_data(as_text=True)
    assert outreach.client.post(f"{page}/change", data=changed).status_code == 409


def test_guessing_codes_is_stopped_for_that_network_alone(outreach: OutreachApp) -> None:
    code = outreach.code_of(1)
    for _ in range(60):
        assert outreach.client.post("/id/events/registration", data={"code": "AAAAAAAAAA"}).status_code == 404
    assert outreach.client.post("/id/events/registration", data={"code": code}).status_code == 429
    other = outreach.client.get(f"/id/events/registration/{code}", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert other.status_code == 200


@pytest.mark.parametrize("environment", ["development", "production"])
def test_a_preview_stores_nothing_and_says_so(make_app: AppFactory, tmp_path: Path, environment: str) -> None:
    content = content_with_event(tmp_path / "c", capacity=3)
    app = make_app(content=content, environment=environment)
    prepare(app)
    outreach = OutreachApp(app, content)
    assert "belum menyimpan apa pun" in outreach.client.get(FORM).get_data(as_text=True)
    answer = outreach.register(1)
    assert answer.status_code == 403
    assert "Warga Nomor 1" in answer.get_data(as_text=True)
    assert registrations(outreach) == []


def test_an_official_site_takes_registrations_but_not_for_samples(make_app: AppFactory, tmp_path: Path) -> None:
    content = content_with_event(tmp_path / "c", capacity=3)
    adopt(content)
    app = make_app(content=content, environment="production")
    prepare(app)
    outreach = OutreachApp(app, content)
    assert outreach.register(1).status_code == 303
    facts = content / "events" / SLUG / "facts.yaml"
    facts.write_text(facts.read_text() + "sample: true\n")
    outreach.reload_content()
    assert outreach.register(2).status_code == 403


def test_no_page_of_a_party_says_more_than_the_code_allows(outreach: OutreachApp) -> None:
    outreach.code_of(1)
    public = outreach.client.get(f"/id/events/{SLUG}").get_data(as_text=True)
    assert not re.search(r"Warga Nomor|warga1@", public)
