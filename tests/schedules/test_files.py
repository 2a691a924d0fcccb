"""Calendar files, JSON and CSV of services."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

import vobject
from icalendar import Calendar

from portal.csv_files import guarded
from portal.schedules.views.queries import service_directory
from portal.settings import PROJECT
from portal.timetable.layers import week_of
from tests.conftest import AppFactory
from tests.schedules.conftest import At
from tests.timetable.test_calendar_files import both

NOW = "2026-11-24T10:00"


def body(at: At, path: str) -> bytes:
    """The bytes of a file."""
    response = at(NOW).get(path)
    assert response.status_code == 200
    return response.data


def test_every_calendar_parses_and_has_stable_identities(at: At) -> None:
    client = at(NOW)
    paths = ["calendar.ics", "loket/calendar.ics", "keliling/calendar.ics", "places/pasar/calendar.ics"]
    for path in paths:
        identities = []
        for language in ("id", "en"):
            response = client.get(f"/{language}/schedules/{path}")
            assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
            assert response.headers["ETag"]
            events = Calendar.from_ical(response.data).walk("VEVENT")
            read = vobject.readOne(response.data.decode()).vevent_list
            assert [str(event["UID"]) for event in events] == [event.uid.value for event in read]
            identities.append(sorted(str(event["UID"]) for event in events))
        assert identities[0] == identities[1] != []


def test_sessions_in_the_calendar(at: At) -> None:
    seen = both(body(at, "/en/schedules/keliling/calendar.ics"))
    rote = seen["keliling.lembah@schedules.portal"]
    assert rote == {"2026-12-03T08:00": ("CONFIRMED", 1), "2026-12-17T08:00": ("CONFIRMED", 1)}
    saturday = seen["keliling.sabtu@schedules.portal"]
    assert saturday["2026-12-05T08:00"] == ("CANCELLED", 1)


def test_weekly_hours_in_the_calendar_leave_out_closed_days(at: At) -> None:
    hours = {start for sessions in both(body(at, "/en/schedules/loket/calendar.ics")).values() for start in sessions}
    assert {"2026-12-21T08:00", "2026-12-21T13:00", "2026-12-18T08:00"} <= hours
    assert not [start for start in hours if start[:10] in ("2026-12-24", "2026-12-25", "2026-12-30")]
    assert not [start for start in hours if start.startswith("2026-12-18T13")]
    sequences = {
        state for sessions in both(body(at, "/en/schedules/loket/calendar.ics")).values() for state in sessions.values()
    }
    assert sequences == {("CONFIRMED", 3)}


def test_a_session_has_a_calendar_file_of_its_own(at: At) -> None:
    (event,) = Calendar.from_ical(body(at, "/en/schedules/keliling/lembah-2026-12-01/calendar.ics")).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == "2026-12-03T08:00:00+08:00"
    assert "RRULE" not in event
    assert "RECURRENCE-ID" not in event
    assert str(event["LOCATION"]) == "Market Hall"
    assert str(event["URL"]).endswith("/en/schedules/keliling/lembah-2026-12-01")
    assert str(event["DESCRIPTION"]).startswith("No ferry")
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [timedelta(days=-1), timedelta(hours=-2)]
    identities = {str(event["UID"])}
    for key in ("lembah-2026-12-17", "sabtu-2026-12-05"):
        (other,) = Calendar.from_ical(body(at, f"/en/schedules/keliling/{key}/calendar.ics")).walk("VEVENT")
        identities.add(str(other["UID"]))
    assert len(identities) == 3
    assert str(other["STATUS"]) == "CANCELLED"
    assert other.walk("VALARM") == []
    assert str(other["LOCATION"]) == "Village hall"
    assert at(NOW).get("/en/schedules/keliling/lembah-2027-01-01/calendar.ics").status_code == 404
    page = body(at, "/en/schedules/keliling/lembah-2026-12-01").decode()
    assert page.index("lembah-2026-12-01/calendar.ics") < page.index('"/en/schedules/keliling/calendar.ics"')


def test_a_series_names_the_place_of_each_session(at: At) -> None:
    events = Calendar.from_ical(body(at, "/en/schedules/keliling/calendar.ics")).walk("VEVENT")
    assert {str(event.get("LOCATION")) for event in events} == {"Market Hall", "Village hall"}


def test_every_shipped_service_with_hours_has_entries(tmp_path: Path) -> None:
    app = AppFactory(tmp_path)(content=PROJECT / "content")
    client = app.test_client()
    with app.app_context(), app.test_request_context("/id/schedules"):
        services = service_directory().services
    known = {
        service.slug
        for service in services
        if any(slots for slots in week_of(service.hours.weekly)) or service.occurrences
    }
    assert known >= {"contoh-loket", "contoh-layanan-keliling", "perlintasan-wini"}
    for service in services:
        events = Calendar.from_ical(client.get(f"/id/schedules/{service.slug}/calendar.ics").data).walk("VEVENT")
        assert bool(events) == (service.slug in known), service.slug


def test_unknown_hours_are_in_no_calendar(at: At) -> None:
    assert Calendar.from_ical(body(at, "/en/schedules/kantor/calendar.ics")).walk("VEVENT") == []


def test_a_withdrawn_service_cancels_its_sessions(at: At) -> None:
    (event,) = Calendar.from_ical(body(at, "/en/schedules/lama/calendar.ics")).walk("VEVENT")
    assert (str(event["STATUS"]), int(event["SEQUENCE"])) == ("CANCELLED", 2)


def test_words_tell_preview_and_sample(at: At) -> None:
    event = Calendar.from_ical(body(at, "/id/schedules/loket/calendar.ics")).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == "[contoh] Loket kartu"
    assert "Demonstrasi" in str(event["DESCRIPTION"])
    assert "Bawa: kartu lama; =foto" in str(event["DESCRIPTION"])


def test_the_calendar_does_not_depend_on_the_time_of_asking(at: At) -> None:
    assert (
        at(NOW).get("/id/schedules/calendar.ics").data == at("2026-12-25T10:00").get("/id/schedules/calendar.ics").data
    )


def test_json_of_sessions(at: At) -> None:
    data = at(NOW).get("/en/schedules/keliling/data.json").get_json()
    (service,) = data["services"]
    assert data["zone_label"] == "WITA"
    assert data["notice"].startswith("Demonstration")
    moved = next(session for session in service["sessions"] if session["id"] == "lembah-2026-12-01")
    assert moved["state"] == "moved"
    assert moved["was"]["start"] == "2026-12-01T08:00:00+08:00"
    assert moved["places"] == {
        "total": 60,
        "taken": 42,
        "left": 18,
        "as_of": "2026-11-24T09:40:00+08:00",
        "source": "village list",
        "live": False,
    }


def test_csv_rows_and_mark(at: At) -> None:
    client = at(NOW)
    plain = client.get("/en/schedules/data.csv")
    assert plain.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert client.get("/en/schedules/data.csv?bom=1").data == b"\xef\xbb\xbf" + plain.data
    rows = list(csv.DictReader(StringIO(plain.data.decode())))
    christmas = next(row for row in rows if row["service"] == "loket" and row["date"] == "2026-12-25")
    assert (christmas["state"], christmas["reason"], christmas["sample"]) == ("closed", "Christmas", "yes")
    unknown = next(row for row in rows if row["service"] == "kantor" and row["date"] == "2026-11-25")
    assert (unknown["state"], unknown["opens"]) == ("unknown", "")
    cancelled = next(row for row in rows if row["session"] == "sabtu-2026-12-05")
    assert (cancelled["state"], cancelled["place"]) == ("cancelled", "Village hall")


def test_formulas_are_made_harmless() -> None:
    for value in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1"):
        assert str(guarded(value)).startswith("'")
    assert guarded("Aula = balai") == "Aula = balai"
    assert guarded(-1) == -1
