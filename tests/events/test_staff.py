"""The registrar's pages: lists, check-in, overriding, papers, moves and the inbox of requests."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.content.parsing import split_front_matter, yaml_of
from portal.events.outreach.models import OutreachRequest
from portal.events.outreach.requests import RequestDetails, submit
from portal.events.registrations.models import Registration
from portal.events.staff import PERMISSIONS
from tests.accounts.signing import signed_in
from tests.events.conftest import NOW, OutreachApp
from tests.events.event_site import SLUG, fields_of
from tests.feedback.folder_staff_services import FolderStaffServices

DESK = f"/id/staff/events/{SLUG}"


@pytest.fixture
def desk(outreach: OutreachApp) -> FolderStaffServices:
    outreach.client = signed_in(outreach.app, ["registrar"])
    return FolderStaffServices(outreach.app, outreach.content)


def registrations(outreach: OutreachApp) -> dict[str, Registration]:
    with outreach.database() as session:
        return {row.code: row for row in session.scalars(select(Registration).order_by(Registration.joined))}


def test_every_staff_view_names_its_permission(outreach: OutreachApp) -> None:
    views = {rule.endpoint for rule in outreach.app.url_map.iter_rules() if rule.endpoint.startswith("events_staff.")}
    assert views == set(PERMISSIONS)


def test_the_list_finds_by_name_code_and_every_way_of_writing_a_number(
    outreach: OutreachApp, desk: FolderStaffServices
) -> None:
    code = outreach.code_of(1, name="Maria Bria", channel="phone", phone="0812 3456 7890")
    outreach.code_of(2, name="Yohanis Tefa", channel="none")
    for wanted in ("maria", "BRIA", code[:6], "0812-3456", "+62 812"):
        text = outreach.client.get(DESK, query_string={"q": wanted}).get_data(as_text=True)
        assert "Maria Bria" in text
        assert "Yohanis" not in text
    assert "Maria" not in outreach.client.get(DESK, query_string={"q": "%"}).get_data(as_text=True)
    assert "Mendapat tempat: 2" in outreach.client.get("/id/staff/events/").get_data(as_text=True)


def test_registrations_that_share_a_connection_or_a_contact_are_marked(
    outreach: OutreachApp, desk: FolderStaffServices
) -> None:
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    outreach.client.post(
        f"/id/events/{SLUG}/register", data=fields_of(1, outreach.stamp(), channel="none"), **elsewhere
    )
    assert "serupa" not in outreach.client.get(DESK).get_data(as_text=True)
    outreach.code_of(2, channel="none")
    outreach.code_of(3, channel="none")
    page = outreach.client.get(DESK).get_data(as_text=True)
    assert page.count("2 serupa") == 2
    assert "2 pendaftaran memakai sambungan atau kontak yang sama" in page
    search = outreach.client.get(DESK, query_string={"q": "Nomor 2"}).get_data(as_text=True)
    assert search.count("2 serupa") == 1


def test_staff_are_told_that_an_address_is_registered(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    typed = fields_of(1, "", name="Maria Bria")
    assert outreach.client.post(f"{DESK}/add", data=typed).status_code == 303
    answer = outreach.client.post(f"{DESK}/add", data=typed)
    assert answer.status_code == 422
    assert "Alamat ini sudah terdaftar: Maria Bria." in answer.get_data(as_text=True)


def test_check_in_absence_and_undo(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    code = outreach.code_of(1, heads="2")
    assert outreach.client.post(f"{DESK}/present", data={"code": code[:4] + "-" + code[4:]}).status_code == 303
    assert (registrations(outreach)[code].attendance, registrations(outreach)[code].attended_guests) == ("present", 2)
    outreach.client.post(f"{DESK}/unmark", data={"code": code})
    outreach.client.post(f"{DESK}/absent", data={"code": code})
    assert (registrations(outreach)[code].attendance, registrations(outreach)[code].attended_guests) == ("absent", 0)
    wrong = outreach.client.post(f"{DESK}/present", data={"code": "AAAA"})
    assert wrong.status_code == 404
    assert "Cari lewat nama" in wrong.get_data(as_text=True)
    assert all("Warga" not in target for _action, target in desk.recorded)


def test_letting_in_out_of_turn_needs_a_reason_and_a_seat(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    outreach.code_of(1, heads="2")
    outreach.code_of(2, heads="3", waiting="yes")
    small = outreach.code_of(3)
    assert registrations(outreach)[small].state == "waiting"
    assert outreach.client.post(f"{DESK}/let-in", data={"code": small, "reason": " "}).status_code == 422
    assert outreach.client.post(f"{DESK}/let-in", data={"code": small, "reason": "Ibu hamil"}).status_code == 303
    assert registrations(outreach)[small].state == "confirmed"
    assert all("Ibu hamil" not in target for _action, target in desk.recorded)
    another = outreach.code_of(4)
    assert outreach.client.post(f"{DESK}/let-in", data={"code": another, "reason": "x"}).status_code == 409


def test_adding_by_hand_waits_its_turn_and_walk_ins_use_what_is_free(
    outreach: OutreachApp, desk: FolderStaffServices
) -> None:
    typed = {"name": "Maria Bria", "heads": "2", "district": "lembah", "channel": "none"}
    assert outreach.client.post(f"{DESK}/add", data=typed).status_code == 303
    assert outreach.client.post(f"{DESK}/walk-in", data=typed | {"heads": "1"}).status_code == 303
    assert outreach.client.post(f"{DESK}/walk-in", data=typed | {"heads": "1"}).status_code == 422
    assert [row.seat for row in registrations(outreach).values()] == ["booked", "walk-in"]
    assert outreach.client.post(f"{DESK}/add", data=typed | {"name": ""}).status_code == 422


def test_people_without_e_mail_stand_on_the_call_list_until_they_are_called(
    outreach: OutreachApp, desk: FolderStaffServices
) -> None:
    first = outreach.code_of(1, heads="3", channel="none")
    second = outreach.code_of(2, channel="phone", phone="0812 3456 7890", name="Maria Bria")
    outreach.client.post(f"{DESK}/cancel-for", data={"code": first})
    calls = outreach.client.get(f"{DESK}/calls").get_data(as_text=True)
    assert "Maria Bria" in calls
    assert 'href="tel:+6281234567890"' in calls
    outreach.client.post(f"{DESK}/called", data={"code": second})
    assert "Maria Bria" not in outreach.client.get(f"{DESK}/calls").get_data(as_text=True)


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    outreach.code_of(1, name='=HYPERLINK("http://x")', channel="phone", phone="0812 3456 7890")
    answer = outreach.client.get(f"{DESK}/registrations.csv")
    text = answer.data.decode("utf-8")
    assert text.startswith("\ufeff")
    head, row = list(csv.reader(io.StringIO(text[1:])))
    assert head[0] == "Nama"
    assert row[0] == '\'=HYPERLINK("http://x")'
    assert row[4:6] == ["Dipastikan", ""]
    assert row[7] == "'+6281234567890"


def test_moving_changes_page_calendar_and_letters_in_one_deed(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    outreach.code_of(1)
    outreach.work()
    new = datetime.now(UTC) + timedelta(days=20)
    sent = {
        "starts": new.strftime("%Y-%m-%dT09:00"),
        "ends": new.strftime("%Y-%m-%dT11:00"),
        "reason-id": "Aula dipakai",
        "reason-en": "The hall is in use",
    }
    assert outreach.client.post(f"{DESK}/move", data=sent).status_code == 303
    text = outreach.client.get(f"/en/events/{SLUG}").get_data(as_text=True)
    assert "Moved" in text
    assert "The hall is in use" in text
    calendar = outreach.client.get(f"/en/events/{SLUG}/calendar.ics").get_data(as_text=True)
    assert "SEQUENCE:1" in calendar
    assert outreach.work()[-1]["Subject"] == "Waktu atau tempat baru: Pelatihan contoh"


def test_cancelling_and_reviving(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    outreach.code_of(1)
    outreach.work()
    assert outreach.client.post(f"{DESK}/cancel", data={"cancel-reason-id": ""}).status_code == 422
    assert outreach.client.post(f"{DESK}/cancel", data={"cancel-reason-id": "Hujan"}).status_code == 303
    assert "STATUS:CANCELLED" in outreach.client.get(f"/id/events/{SLUG}/calendar.ics").get_data(as_text=True)
    assert outreach.work()[-1]["Subject"] == "Acara dibatalkan: Pelatihan contoh"
    assert outreach.client.post(f"{DESK}/revive").status_code == 303
    assert outreach.work()[-1]["Subject"] == "Acara jadi diadakan: Pelatihan contoh"


@pytest.mark.parametrize(
    ("starts", "ends", "message"),
    [
        ("2030-01-02T09:00", "2030-01-02T08:00", "Waktu selesai harus setelah waktu mulai"),
        ("2020-01-02T09:00", "2020-01-02T10:00", "Pilih waktu yang belum lewat"),
        ("besok", "", "Pilih hari dan jam"),
    ],
)
def test_an_impossible_time_is_told_at_its_field(
    outreach: OutreachApp, desk: FolderStaffServices, starts: str, ends: str, message: str
) -> None:
    answer = outreach.client.post(f"{DESK}/move", data={"starts": starts, "ends": ends, "reason-id": "x"})
    assert answer.status_code == 422
    assert message in answer.get_data(as_text=True)


def test_a_refused_publication_is_told_and_changes_nothing(outreach: OutreachApp, desk: FolderStaffServices) -> None:
    desk.refuses = True
    answer = outreach.client.post(f"{DESK}/cancel", data={"cancel-reason-id": "Hujan"})
    assert answer.status_code == 409
    assert "Somebody else" in answer.get_data(as_text=True)
    assert "Dibatalkan" not in outreach.client.get(f"/id/events/{SLUG}").get_data(as_text=True)


def test_a_request_goes_from_the_inbox_to_a_draft_without_names(
    outreach: OutreachApp, desk: FolderStaffServices
) -> None:
    details = RequestDetails(
        host="SMA Contoh",
        person="Maria Bria",
        place="Aula: lantai 2",
        district="lembah",
        audience="warga",
        topic="kartu",
        guests=120,
        dates=((NOW + timedelta(days=30)).date(),),
        phone="+6281234567890",
    )
    with outreach.database() as session:
        number = submit(session, details, token="t", language="id", now=NOW).id
    inbox = "/id/staff/events/requests/"
    assert "SMA Contoh" in outreach.client.get(inbox).get_data(as_text=True)
    assert outreach.client.post(f"{inbox}{number}/move", data={"state": "done"}).status_code == 409
    assert outreach.client.post(f"{inbox}{number}/move", data={"state": "", "text": ""}).status_code == 422
    moved = outreach.client.post(f"{inbox}{number}/move", data={"state": "in-talks", "text": "Sudah ditelepon"})
    assert moved.status_code == 303
    text = outreach.client.get(f"{inbox}{number}").get_data(as_text=True)
    assert "Sudah ditelepon" in text
    assert "Petugas Contoh" in text
    answer = outreach.client.post(f"{inbox}{number}/draft")
    assert answer.headers["Location"].startswith("/id/staff/edit/events/")
    ((slug, files),) = desk.drafts.items()
    facts = yaml_of(files["facts.yaml"], "facts.yaml")
    assert facts["registration"]["capacity"] == 120
    assert facts["venue"]["name"]["id"] == "Aula: lantai 2"
    assert split_front_matter(files["id.md"], "id.md")[0]["title"] == "Aula: lantai 2"
    assert "Maria" not in str(files)
    assert "6281" not in str(files)
    with outreach.database() as session:
        assert session.get_one(OutreachRequest, number).event == slug.removeprefix("events/")
    assert outreach.client.get("/id/staff/events/requests/99").status_code == 404
