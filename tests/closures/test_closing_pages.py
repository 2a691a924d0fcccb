"""A closing is one action with one way back: hours, sessions, event, calendar files, alert and messages."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import pytest

from portal.content.parsing import typed, yaml_of
from portal.events.event import EventFacts
from portal.schedules.service import ServiceFacts
from tests.closures.closing_site import DAY, FIRST_STEP, PARTIES, ClosingSite
from tests.conftest import AppFactory
from tests.events.event_site import SLUG

VAN, COUNTER, EVENT = "schedules/mobil/facts.yaml", "schedules/kantor/facts.yaml", f"events/{SLUG}/facts.yaml"
CHOICES = {
    "session-mobil-siang-2026-12-10": "cancel",
    "session-mobil-sore-2026-12-10": "move",
    "session-mobil-sore-2026-12-10-to": "2026-12-11",
    f"event-{SLUG}": "cancel",
}


@pytest.fixture
def site(make_app: AppFactory, tmp_path: Path) -> ClosingSite:
    return ClosingSite(make_app, tmp_path)


def entries(site: ClosingSite, slug: str) -> dict[str, icalendar.Event]:
    """The entries of a service's calendar file by the start of their name and the day that they change."""
    from_ical = icalendar.Calendar.from_ical(site.page(f"/id/schedules/{slug}/calendar.ics"))
    return {
        f"{event['UID'].partition('@')[0]} {event['RECURRENCE-ID'].dt:%m-%d}": event
        for event in from_ical.walk("VEVENT")
        if "RECURRENCE-ID" in event
    }


def comparable(path: str, text: str) -> EventFacts | ServiceFacts:
    """Typed facts without the number that only grows."""
    type_ = EventFacts if path.startswith("events/") else ServiceFacts
    result: EventFacts | ServiceFacts = typed(yaml_of(text, path), type_, path=path, zone=ZoneInfo("Asia/Makassar"))
    return msgspec.structs.replace(result, sequence=0, modified=None)


def test_the_first_step_leads_to_everything_that_it_meets(site: ClosingSite) -> None:
    page = site.check().get_data(as_text=True)
    assert "session-mobil-pagi-2026-12-10" not in page
    assert "2 sesi terkena" in page
    assert "1 acara terkena" in page
    assert "10 pendaftaran" in page
    assert "SEQUENCE 4 → 5" in page
    assert "Closed 10 December 2026 from 12:00 p.m." in page
    assert "Tutup 10 Desember 2026 mulai pukul 12.00" in page
    assert len(site.log()) == 1


def test_one_deed_changes_everything_and_one_takes_it_back(site: ClosingSite) -> None:
    site.work()
    before = {path: site.text(path) for path in (VAN, COUNTER, EVENT)}
    commits = len(site.log())
    notifications = len(site.work())
    answer = site.publish(**CHOICES)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    where = str(answer.headers["Location"]).partition("?")[0]
    assert len(site.log()) == commits + 1
    assert "Rapat kantor" in site.page("/id/")
    assert "Office meeting" in site.page("/en/")
    shown = site.page("/id/schedules/mobil/siang-2026-12-10")
    assert "Dibatalkan" in shown
    assert "Rapat kantor" in shown
    assert "Semula" in site.page("/id/schedules/mobil/sore-2026-12-10")
    files = entries(site, "mobil")
    assert {name: event["STATUS"] for name, event in files.items()} == {
        "mobil.siang 12-10": "CANCELLED",
        "mobil.sore 12-10": "TENTATIVE",
    }
    assert {int(event["SEQUENCE"]) for event in files.values()} == {5}
    assert f"{files['mobil.sore 12-10']['DTSTART'].dt:%m-%d}" == "12-11"
    event = icalendar.Calendar.from_ical(site.page(f"/id/events/{SLUG}/calendar.ics")).walk("VEVENT")[0]
    assert (event["STATUS"], int(event["SEQUENCE"])) == ("CANCELLED", 1)
    message = site.work(2)[notifications:]
    assert len(message) == PARTIES
    assert {str(one["Subject"]).partition(":")[0] for one in message} == {"Acara dibatalkan", "The event is cancelled"}
    page = site.scheduler.get(where).get_data(as_text=True)
    assert "Batalkan semuanya" in page
    assert "Dibatalkan: Mobil layanan (Balai desa)" in page
    assert "Moved: Service van" in page
    undone = site.scheduler.post(f"{where}/undo")
    assert undone.status_code == 303, undone.get_data(as_text=True)
    assert len(site.log()) == commits + 2
    for path, text in before.items():
        assert comparable(path, site.text(path)) == comparable(path, text), path
        assert yaml_of(site.text(path), "")["sequence"] > yaml_of(text, "").get("sequence", 0) + 1
    assert "Rapat kantor" not in site.page("/id/")
    # A session of which only the places are known has no entry of its own: the series says all of it.
    assert entries(site, "mobil") == {}
    again = site.work(3)[notifications + PARTIES :]
    assert len(again) == PARTIES
    assert any("tetap" in str(one["Subject"]) or "takes place" in str(one["Subject"]) for one in again)
    assert "What staff noted here stays." in site.text(VAN)
    assert site.scheduler.post(f"{where}/undo").status_code == 409


def test_a_closing_and_its_undo_wait_for_somebody_who_did_not_make_them(site: ClosingSite) -> None:
    reviewer = site.person("reviewer", name="Yohanis Nabu")
    closing = str(site.publish(**CHOICES).headers["Location"]).partition("?")[0]
    where = re.findall(r'href="(/id/staff/publications/\w{32})"', reviewer.get("/id/staff/").get_data(as_text=True))
    page = reviewer.get(where[0]).get_data(as_text=True)
    assert "Rambu Contoh" in page
    assert "Rapat kantor" in page
    assert site.scheduler.post(f"{where[0]}/read").status_code == 403
    assert reviewer.post(f"{where[0]}/read").status_code == 303
    assert "/staff/publications/" not in reviewer.get("/id/staff/").get_data(as_text=True)
    assert site.scheduler.post(f"{closing}/undo").status_code == 303
    assert "/staff/publications/" in reviewer.get("/id/staff/").get_data(as_text=True)


def test_what_others_changed_since_stays_when_a_closing_is_undone(site: ClosingSite) -> None:
    where = str(site.publish(**CHOICES).headers["Location"]).partition("?")[0]
    reported = site.scheduler.post(
        "/id/staff/schedules/mobil/siang-2026-12-10/places", data={"step": "0", "taken": "7", "seen": "4"}
    )
    assert reported.status_code == 303, reported.get_data(as_text=True)
    assert site.scheduler.post(f"{where}/undo").status_code == 303
    session = next(one for one in yaml_of(site.text(VAN), "")["sessions"] if one["id"] == "siang")
    assert session["changes"][0]["quota"]["taken"] == 7
    assert "cancelled" not in session["changes"][0]


BAD: tuple[tuple[dict[str, object], str], ...] = (
    ({"date": ""}, "Pilih hari."),
    ({"date": "2026-11-30"}, "sudah lewat"),
    ({"date": "besok"}, "Pilih hari"),
    ({"date": "2031-01-01"}, "terlalu jauh"),
    ({"from": "12:00", "until": "09:00"}, "Waktu selesai harus setelah"),
    ({"from": "jam dua"}, "Tulis jam"),
    ({"from": "25:00"}, "Tulis jam"),
    ({"until-date": "2026-12-09"}, "Waktu selesai harus setelah"),
    ({"until-date": "2027-03-01"}, "lebih dari sebulan"),
    ({"service": []}, "Pilih sedikitnya satu layanan"),
    ({"service": ["tidak-ada"]}, "Pilih sedikitnya satu layanan"),
    ({"reason-en": " "}, "juga dalam bahasa ini"),
    ({"reason-id": "x" * 300}, "200"),
)


def test_what_cannot_be_is_told_and_the_typing_stays(make_app: AppFactory, tmp_path: Path) -> None:
    site = ClosingSite(make_app, tmp_path, parties=0)
    for given, words in BAD:
        answer = site.check(**given)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, given
        assert words in page, given
        assert "Office meeting" in page or "reason-en" in given
        published = site.scheduler.post("/id/staff/closings/new/publish", data=FIRST_STEP | given)
        assert published.status_code == 422
    for name, to, words in (
        ("session-mobil-siang-2026-12-10", "", "Pilih hari barunya"),
        ("session-mobil-siang-2026-12-10", "2026-11-01", "Pilih waktu yang belum lewat"),
        ("session-mobil-siang-2026-12-10", DAY, "juga tutup"),
        (f"event-{SLUG}", "besok", "Pilih hari dan jam"),
    ):
        answer = site.publish(**{name: "move", f"{name}-to": to})
        assert answer.status_code == 422, (name, to)
        assert words in answer.get_data(as_text=True), (name, to)
    assert len(site.log()) == 1


def test_a_second_closing_of_the_same_time_is_refused(make_app: AppFactory, tmp_path: Path) -> None:
    site = ClosingSite(make_app, tmp_path, parties=0)
    assert site.publish().status_code == 303
    answer = site.check(**{"from": "14:00"})
    assert answer.status_code == 422
    assert "sudah tutup" in answer.get_data(as_text=True)
    assert site.check(**{"from": "08:00", "until": "12:00"}).status_code == 200


def test_what_changed_since_the_preview_is_shown_again_first(make_app: AppFactory, tmp_path: Path) -> None:
    site = ClosingSite(make_app, tmp_path, parties=0)
    seen = site.check().get_data(as_text=True).partition('name="seen" value="')[2].partition('"')[0]
    reported = {"step": "0", "taken": "7", "seen": "4"}
    tapped = site.scheduler.post("/id/staff/schedules/mobil/siang-2026-12-10/places", data=reported)
    assert tapped.status_code == 303, tapped.get_data(as_text=True)
    late = site.scheduler.post("/id/staff/closings/new/publish", data=FIRST_STEP | {"seen": seen})
    assert late.status_code == 409
    assert "Ada yang berubah sementara itu" in late.get_data(as_text=True)
    assert "closures" not in site.text(COUNTER)


def test_a_closing_without_an_alert_that_keeps_the_event_writes_to_nobody(site: ClosingSite) -> None:
    notifications = len(site.work())
    answer = site.publish(**{"alert": "none", f"event-{SLUG}": "keep"})
    assert answer.status_code == 303
    assert len(site.work(2)) == notifications
    assert "Rapat kantor" not in site.page("/id/about")
    assert "cancelled" not in site.text(EVENT)


def test_only_who_keeps_schedules_may_close(make_app: AppFactory, tmp_path: Path) -> None:
    site = ClosingSite(make_app, tmp_path, parties=0)
    author = site.person("author", name="Maria Bria")
    assert author.get("/id/staff/closings/").status_code == 403
    assert author.post("/id/staff/closings/new/publish", data=FIRST_STEP).status_code == 403
    assert site.scheduler.get("/id/staff/closings/").status_code == 200
    assert site.scheduler.get(f"/id/staff/closings/{'0' * 32}").status_code == 404
    assert site.scheduler.get("/id/staff/closings/new/check").status_code == 303
