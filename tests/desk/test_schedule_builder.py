"""Hours and sessions are written in forms by whoever plans them, without a file and without JavaScript."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.content.parsing import typed, yaml_of
from portal.schedules.service import ServiceFacts
from tests.accounts.signing import DeskClient
from tests.conftest import AppFactory
from tests.desk.desk_site import DeskSite
from tests.desk.schedule_journey import SERVICES, begun, fields, published

ZONE = ZoneInfo("Asia/Makassar")


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> DeskSite:
    return DeskSite(make_app, tmp_path, clock=datetime.fromisoformat("2026-11-25T09:00+08:00"))


@pytest.fixture
def planner(site: DeskSite) -> DeskClient:
    return site.person("scheduler", name="Sari Lodo")


def test_a_planner_makes_a_service_with_weekly_hours_and_an_exception(site: DeskSite, planner: DeskClient) -> None:
    slug = begun(planner)
    typed = fields(planner.get(f"{SERVICES}/{slug}/hours").get_data(as_text=True))
    typed |= {"w.mode": "weekly", "w.mon.state": "open", "w.mon.0.from": "08:00", "w.mon.0.to": "12:00"}
    copied = planner.post(f"{SERVICES}/{slug}/hours", data={**typed, "do": "copy:w"}).get_data(as_text=True)
    typed = fields(copied)
    assert typed["w.fri.0.to"] == "12:00"
    typed = fields(planner.post(f"{SERVICES}/{slug}/hours", data={**typed, "do": "add:e"}).get_data(as_text=True))
    typed |= {"e.0.first": "2026-12-23", "e.0.effect": "closed", "e.0.reason.id": "Rapat", "e.0.reason.en": "Meeting"}
    seen = planner.post(f"{SERVICES}/{slug}/hours", data={**typed, "month": "2026-12", "do": "preview"})
    assert seen.status_code == 200
    assert re.search(r"23 Desember 2026: </span>.*?Tutup.*?Rapat", seen.get_data(as_text=True), re.S)
    assert planner.post(f"{SERVICES}/{slug}/hours", data={**typed, "do": "save"}).status_code == 303
    facts = site.drafts()[0].files["facts.yaml"]
    assert 'mon-fri: ["08:00-12:00"]' in facts or "mon-fri:\n" in facts
    assert "date: 2026-12-23" in facts
    assert planner.post(f"{SERVICES}/{slug}/send", data={"reason": "Layanan baru"}).status_code == 303
    assert site.drafts()[0].state == "review"


def test_a_weekly_session_with_two_exceptions(site: DeskSite, planner: DeskClient) -> None:
    slug = begun(planner)
    address = f"{SERVICES}/{slug}/series/new"
    typed = fields(planner.get(address).get_data(as_text=True))
    typed |= {"name": "sabtu", "slot.from": "08:00", "slot.to": "12:00", "weekdays": "sat"}
    typed |= {"first": "2026-11-28", "until": "2027-01-30"}
    for _row in range(2):
        typed = fields(planner.post(address, data={**typed, "do": "add:x"}).get_data(as_text=True))
    typed |= {"x.0.date": "2026-12-05", "x.0.what": "cancelled", "x.0.reason.id": "Listrik padam"}
    typed |= {"x.1.date": "2026-12-12", "x.1.moved": "2026-12-14", "x.1.reason.id": "Aula dipakai"}
    shown = planner.post(address, data={**typed, "do": "preview"}).get_data(as_text=True)
    assert "Listrik padam" in shown.partition("data-result")[2]
    assert "Senin, 14 Desember 2026" in shown.partition("data-result")[2]
    assert planner.post(address, data={**typed, "do": "save"}).status_code == 303
    facts = site.drafts()[0].files["facts.yaml"]
    assert "cancelled: true" in facts
    assert "moved_to: 2026-12-14" in facts
    again = planner.get(f"{SERVICES}/{slug}/series/sabtu").get_data(as_text=True)
    assert fields(again)["x.1.moved"] == "2026-12-14"


def test_what_cannot_be_understood_is_said_at_its_field_and_stays(planner: DeskClient) -> None:
    slug = begun(planner)
    typed = {
        "w.mode": "weekly",
        "w.mon.state": "open",
        "w.mon.0.from": "dela\x01pan",
        "w.mon.0.to": "12:00",
        "do": "save",
    }
    answer = planner.post(f"{SERVICES}/{slug}/hours", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="delapan"' in page
    assert 'href="#field-w-mon-0-from"' in page
    assert 'id="field-w-mon-0-from-error"' in page


def test_hours_that_somebody_changed_meanwhile_are_not_overwritten_unseen(planner: DeskClient) -> None:
    slug = begun(planner)
    typed = fields(planner.get(f"{SERVICES}/{slug}/hours").get_data(as_text=True)) | {"w.mode": "unknown", "do": "save"}
    assert planner.post(f"{SERVICES}/{slug}/hours", data=typed).status_code == 303
    late = planner.post(f"{SERVICES}/{slug}/hours", data={**typed, "since": "2026-12-01"})
    assert late.status_code == 409
    again = fields(late.get_data(as_text=True))
    assert planner.post(f"{SERVICES}/{slug}/hours", data={**again, "do": "save"}).status_code == 303


def test_a_service_takes_the_hours_of_another(site: DeskSite, planner: DeskClient) -> None:
    leader = published(site, planner)
    slug = begun(planner)
    page = planner.get(f"{SERVICES}/{slug}/hours").get_data(as_text=True)
    typed_in = fields(page)
    assert typed_in["place"] == "kantor"
    assert f'<option value="{leader}">Loket Coba</option>' in page
    data = {**typed_in, "follows": leader, "place": "", "do": "save"}
    assert planner.post(f"{SERVICES}/{slug}/hours", data=data).status_code == 303
    text = next(draft.files["facts.yaml"] for draft in site.drafts() if draft.slug == slug)
    facts = typed(yaml_of(text, ""), ServiceFacts, path="", zone=ZONE)
    assert (facts.follows, facts.place) == (leader, "")
    assert planner.post(f"{SERVICES}/{slug}/hours", data=data).status_code == 409


def test_who_plans_nothing_opens_no_builder(site: DeskSite) -> None:
    registrar = site.person("registrar", name="Rina Tal")
    for path in ("", "new"):
        assert registrar.get(f"{SERVICES}/{path}").status_code == 403


def test_what_a_planner_sends_is_published_by_a_second_person(site: DeskSite, planner: DeskClient) -> None:
    slug = published(site, planner)
    page = planner.get(f"/id/schedules/{slug}").get_data(as_text=True)
    assert "28 November 2026" in page
    assert "Balai desa" in page


CSV = """tanggal;mulai;selesai;tempat;kuota;catatan
01/12/2026;08.00;12.00;Aula Desa;30;'=1+1
2026-12-03;08:00;12:00;Aula Desa;;
05/12/2026;13.00;15.00;kantor;20;
"""


def test_sessions_come_from_a_spreadsheet_after_a_look_at_each_row(site: DeskSite, planner: DeskClient) -> None:
    slug = begun(planner)
    address = f"{SERVICES}/{slug}/import"
    shown = planner.post(address, data={"rows": CSV, "name": "desa", "do": "preview"})
    assert shown.status_code == 200
    assert shown.get_data(as_text=True).count("Baik") == 3
    assert "sessions" not in site.drafts()[0].files["facts.yaml"]
    assert planner.post(address, data={"rows": CSV, "name": "desa", "do": "save"}).status_code == 303
    facts = typed(yaml_of(site.drafts()[0].files["facts.yaml"], ""), ServiceFacts, path="", zone=ZONE)
    assert [(one.id, one.hours, len(one.dates)) for one in facts.sessions] == [
        ("desa", "08:00-12:00", 2),
        ("desa-2", "13:00-15:00", 1),
    ]
    first, second = facts.sessions
    assert first.changes[0].note == {"id": "=1+1"}
    assert (second.place, second.changes[0].quota and second.changes[0].quota.total) == ("kantor", 20)
    again = planner.post(address, data={"rows": CSV, "name": "desa", "do": "save"})
    assert again.status_code == 422
    assert "Sudah ada sesi pada waktu ini" in again.get_data(as_text=True)


@pytest.mark.parametrize("rows", ["", "tanggal;mulai\n", "a,b\n1,2\n", "tanggal;mulai;selesai\n", "\x00;\n"])
def test_what_is_no_table_of_sessions_is_said(planner: DeskClient, rows: str) -> None:
    slug = begun(planner)
    assert (
        planner.post(f"{SERVICES}/{slug}/import", data={"rows": rows, "name": "desa", "do": "save"}).status_code == 422
    )


def test_a_row_with_a_mistake_is_named_and_nothing_is_saved(site: DeskSite, planner: DeskClient) -> None:
    slug = begun(planner)
    rows = CSV + "besok;08.00;12.00;;;\n"
    answer = planner.post(f"{SERVICES}/{slug}/import", data={"rows": rows, "name": "desa", "do": "save"})
    assert answer.status_code == 422
    assert "besok" in answer.get_data(as_text=True)
    assert "sessions" not in site.drafts()[0].files["facts.yaml"]
