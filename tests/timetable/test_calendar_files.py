"""Calendar files as two independent parsers read them, before and after edits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import vobject
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from portal.timetable.calendar_file import Entry, calendar_file
from portal.timetable.sessions import edits
from portal.timetable.sessions.calendar_entries import series_entries
from portal.timetable.sessions.series import Occurrence, Series
from tests.timetable.examples import HOLIDAYS, MOBILE, ZONE, instant, series
from tests.timetable.test_invariants import invariant

MODIFIED = instant("2026-11-24T08:00")
Seen = dict[str, dict[str, tuple[str, int]]]


def entry(item: Occurrence, *, sequence: int) -> Entry:
    """The entry of a session."""
    return Entry(
        uid=f"{item.series}@test",
        start=item.start,
        end=item.end,
        summary="Sesi",
        sequence=sequence,
        modified=MODIFIED,
    )


def file_of(edited: Series, *, sequence: int = 0) -> bytes:
    """The calendar file of one series."""
    entries = series_entries(edited, zone=ZONE, holidays=HOLIDAYS, entry_of=lambda item: entry(item, sequence=sequence))
    return calendar_file(entries, name="Jadwal", description="Uji", zone=ZONE, language="id")


def of(*entries: Entry) -> bytes:
    """A calendar file of these entries."""
    return calendar_file(entries, name="Jadwal", description="Uji", zone=ZONE, language="id")


def plain_entry(**changes) -> Entry:
    """An entry with a few values of its own."""
    start = instant("2026-12-01T08:00")
    made = Entry("a@test", start, start + timedelta(hours=2), "Sesi", 0, MODIFIED)
    return replace(made, **changes)


def by_icalendar(body: bytes) -> Seen:
    """Each session's start with its state and sequence, as icalendar reads the file and dateutil its rules."""
    seen: Seen = {}
    components = Calendar.from_ical(body).walk("VEVENT")
    for event in components:
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        if "RECURRENCE-ID" in event:
            continue
        starts = {event.decoded("DTSTART")}
        if "RRULE" in event:
            text = event["RRULE"].to_ical().decode()
            starts = set(rrulestr(text, dtstart=event.decoded("DTSTART")))
        starts |= set(_dates(event.get("RDATE")))
        starts -= set(_dates(event.get("EXDATE")))
        seen[uid] = {_iso(start): (str(event["STATUS"]), sequence) for start in starts}
    for event in components:
        if "RECURRENCE-ID" in event:
            sessions = seen[str(event["UID"])]
            del sessions[_iso(event.decoded("RECURRENCE-ID"))]
            sessions[_iso(event.decoded("DTSTART"))] = (str(event["STATUS"]), int(event["SEQUENCE"]))
    return seen


def by_vobject(body: bytes) -> Seen:
    """The same as vobject reads the file and expands its rules."""
    seen: Seen = {}
    events = vobject.readOne(body.decode()).vevent_list
    for event in events:
        if not hasattr(event, "recurrence_id"):
            rules = event.getrruleset(addRDate=True)
            starts = list(rules) if rules else [event.dtstart.value]
            state = (event.status.value, int(event.sequence.value))
            seen[event.uid.value] = {_iso(start): state for start in starts}
    for event in events:
        if hasattr(event, "recurrence_id"):
            sessions = seen[event.uid.value]
            del sessions[_iso(event.recurrence_id.value)]
            sessions[_iso(event.dtstart.value)] = (event.status.value, int(event.sequence.value))
    return seen


def _dates(values) -> list[datetime]:
    lists = values if isinstance(values, list) else [values] if values else []
    return [moment.dt for item in lists for moment in item.dts]


def _iso(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%dT%H:%M}"


def both(body: bytes) -> Seen:
    """What both parsers agree on."""
    assert by_icalendar(body) == by_vobject(body)
    return by_icalendar(body)


def test_irregular_dates_with_a_move() -> None:
    assert both(file_of(series(MOBILE[0]), sequence=2)) == {
        "rote@test": {"2026-12-03T08:00": ("CONFIRMED", 2), "2026-12-17T08:00": ("TENTATIVE", 2)}
    }


def test_a_rule_with_a_cancelled_date() -> None:
    states = both(file_of(series(MOBILE[1])))["sabtu@test"]
    assert states["2026-12-05T08:00"] == ("CANCELLED", 0)
    assert states["2026-12-12T08:00"] == ("CONFIRMED", 0)
    assert len(states) == 6


def test_skipped_holidays_are_taken_out_and_moved_ones_carry_their_origin() -> None:
    rule = {"every": "week", "weekdays": ["fri"], "from": "2026-12-18", "count": 4}
    value = {"id": "jumat", "hours": "08:00-12:00", "state": "confirmed"}
    gone = both(file_of(series({**value, "rule": {**rule, "on_holiday": "skip"}})))["jumat@test"]
    assert sorted(gone) == ["2026-12-18T08:00", "2027-01-08T08:00"]
    moved = both(file_of(series({**value, "rule": {**rule, "on_holiday": "next-working-day"}})))["jumat@test"]
    assert sorted(moved) == ["2026-12-18T08:00", "2026-12-28T08:00", "2027-01-04T08:00", "2027-01-08T08:00"]


def test_edit_move_cancel_restore_and_import_again() -> None:
    first = series({**MOBILE[1], "changes": []})
    day = date(2026, 12, 12)
    changed = edits.edit_one(first, day, hours="09:00-11:00")
    moved = edits.edit_one(changed, date(2026, 12, 19), moved_to=date(2026, 12, 21), reason={"id": "Kapal"})
    cancelled = edits.cancel(moved, day, {"id": "Hujan"})
    restored = edits.restore(cancelled, day)
    files = [file_of(version, sequence=n) for n, version in enumerate((first, changed, moved, cancelled, restored))]
    seen = [both(body) for body in files]
    assert all(set(sessions) == {"sabtu@test"} for sessions in seen)
    assert [{sequence for _, sequence in sessions["sabtu@test"].values()} for sessions in seen] == [
        {0},
        {1},
        {2},
        {3},
        {4},
    ]
    assert [sessions["sabtu@test"].get("2026-12-12T09:00", ("", 0))[0] for sessions in seen] == [
        "", "CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED",
    ]  # fmt: skip
    assert "2026-12-21T08:00" in seen[2]["sabtu@test"]
    assert "2026-12-19T08:00" not in seen[2]["sabtu@test"]


def test_the_form_of_the_file() -> None:
    entry_ = plain_entry(summary="Paspor; foto, wawancara\\ " + "panjang " * 20, description="satu\ndua\x07\u2028")
    body = of(replace(entry_, geo=(-10.1, 123.6), location="Jalan, kota"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", body)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"BEGIN:VTIMEZONE\r\nTZID:Asia/Makassar" in body
    assert b"COMMENT" not in body and b"METHOD" not in body
    assert b"DTSTART;TZID=Asia/Makassar:20261201T080000" in body
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in body
    assert b"TZOFFSETTO:+0800" in body
    assert b"\\n" in body
    event = Calendar.from_ical(body).walk("VEVENT")[0]
    assert str(event["SUMMARY"]).startswith("Paspor; foto, wawancara\\ panjang")
    assert str(event["DESCRIPTION"]) == "satu\ndua"
    assert vobject.readOne(body.decode()).vevent.location.value == "Jalan, kota"


def test_equal_entries_give_equal_bytes_in_any_order() -> None:
    first, second = plain_entry(), plain_entry(uid="b@test")
    assert of(first, second) == of(second, first)


@invariant
@given(text=st.text(max_size=200))
def test_any_text_survives_and_breaks_nothing(text) -> None:
    body = of(plain_entry(summary=text, description=text, location=text))
    events = Calendar.from_ical(body).walk("VEVENT")
    assert len(events) == 1
    assert str(events[0]["UID"]) == "a@test"
    # vobject must find one event of that identity too, whatever the words hold.
    assert [event.uid.value for event in vobject.readOne(body.decode()).vevent_list] == ["a@test"]
