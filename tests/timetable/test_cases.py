"""Table cases: what each layer says at named instants, when that changes, and when the service opens next."""

from __future__ import annotations

from datetime import date

import pytest

from tests.timetable.examples import (
    ALWAYS,
    COUNTER,
    LEAP,
    MOBILE,
    NIGHT,
    PARTLY,
    SESSIONS,
    UNKNOWN,
    instant,
    short_status,
    timetable,
)

# (what it shows, hours, instant, status, next change, next opening, from when hours are unconfirmed)
COUNTER_CASES = [
    ("before opening", "2026-11-24T07:59", "closed outside-hours", "24 08:00:00", "24 08:00", ""),
    ("the first second", "2026-11-24T08:00", "open until 24 12:00", "24 12:00:00", "24 13:00", ""),
    ("the last second of the morning", "2026-11-24T11:59:59", "open until 24 12:00", "24 12:00:00", "24 13:00", ""),
    ("lunch begins", "2026-11-24T12:00", "closed break", "24 13:00:00", "24 13:00", ""),
    ("lunch", "2026-11-24T12:30", "closed break", "24 13:00:00", "24 13:00", ""),
    ("afternoon", "2026-11-24T13:00", "open until 24 15:00", "24 14:30:00", "25 08:00", ""),
    ("last number given", "2026-11-24T14:30", "open until 24 15:00 numbers over", "24 15:00:00", "25 08:00", ""),
    ("evening", "2026-11-24T15:00", "closed outside-hours", "25 08:00:00", "25 08:00", ""),
    ("Friday prayers", "2026-11-27T12:00", "closed break", "27 13:30:00", "27 13:30", ""),
    ("Friday afternoon", "2026-11-27T14:00", "open until 27 15:00", "27 15:00:00", "30 08:00", ""),
    ("Friday evening", "2026-11-27T15:00", "closed outside-hours", "28 00:00:00", "30 08:00", ""),
    ("Saturday", "2026-11-28T10:00", "closed no-hours", "30 00:00:00", "30 08:00", ""),
    ("Sunday night", "2026-11-29T23:59:59", "closed no-hours", "30 00:00:00", "30 08:00", ""),
    ("Monday before dawn", "2026-11-30T00:00", "closed outside-hours", "30 08:00:00", "30 08:00", ""),
    ("emergency begins", "2026-12-07T10:00", "closed emergency", "08 09:30:15", "08 09:30", ""),
    ("a second before the emergency", "2026-12-07T09:59:59", "open until 07 10:00", "07 10:00:00", "08 09:30", ""),
    ("emergency overnight", "2026-12-08T03:00", "closed emergency", "08 09:30:15", "08 09:30", ""),
    ("emergency ends on a second", "2026-12-08T09:30:15", "open until 08 12:00", "08 12:00:00", "08 13:00", ""),
    ("a second before it ends", "2026-12-08T09:30:14", "closed emergency", "08 09:30:15", "08 09:30", ""),
    ("hours moved away", "2026-12-10T10:00", "closed moved", "11 00:00:00", "11 08:00", ""),
    ("hours moved here, a Saturday", "2026-12-12T10:00", "open until 12 12:00", "12 12:00:00", "12 13:00", ""),
    ("moved hours keep their lunch", "2026-12-12T12:30", "closed break", "12 13:00:00", "12 13:00", ""),
    ("other hours, before", "2026-12-15T09:00", "closed outside-hours", "15 10:00:00", "15 10:00", ""),
    ("other hours", "2026-12-15T10:30", "open until 15 11:00", "15 11:00:00", "17 08:00", "16 00:00"),
    (
        "other hours replace the afternoon",
        "2026-12-15T14:00",
        "closed outside-hours",
        "16 00:00:00",
        "17 08:00",
        "16 00:00",
    ),
    ("unknown by exception", "2026-12-16T10:00", "unknown not-confirmed", "17 00:00:00", "17 08:00", "16 00:00"),
    ("extra Saturday", "2026-12-19T09:30", "open until 19 12:00", "19 12:00:00", "21 08:00", ""),
    ("extra Saturday is over", "2026-12-19T12:00", "closed outside-hours", "20 00:00:00", "21 08:00", ""),
    ("regional holiday on a Sunday", "2026-12-20T10:00", "closed holiday", "21 00:00:00", "21 08:00", ""),
    ("part of a day closed, morning", "2026-12-23T11:00", "open until 23 12:00", "23 12:00:00", "30 08:00", ""),
    ("part of a day closed, afternoon", "2026-12-23T13:30", "closed exception", "23 15:00:00", "30 08:00", ""),
    ("collective leave", "2026-12-24T10:00", "closed holiday", "25 00:00:00", "30 08:00", ""),
    ("Christmas", "2026-12-25T10:00", "closed holiday", "26 00:00:00", "30 08:00", ""),
    ("between Christmas and the closed days", "2026-12-27T10:00", "closed no-hours", "28 00:00:00", "30 08:00", ""),
    ("range of closed days, first", "2026-12-28T09:00", "closed exception", "30 00:00:00", "30 08:00", ""),
    ("range of closed days, last", "2026-12-29T23:59", "closed exception", "30 00:00:00", "30 08:00", ""),
    ("year end", "2026-12-31T15:00", "closed outside-hours", "01 00:00:00", "04 08:00", ""),
    ("New Year", "2027-01-01T08:00", "closed holiday", "02 00:00:00", "04 08:00", ""),
    ("the day before Ramadan", "2026-02-17T14:30", "open until 17 15:00 numbers over", "17 15:00:00", "18 08:00", ""),
    ("Ramadan, no lunch", "2026-02-18T12:30", "open until 18 14:00", "18 14:00:00", "19 08:00", ""),
    ("Ramadan closes earlier", "2026-02-18T14:00", "closed outside-hours", "19 08:00:00", "19 08:00", ""),
    ("Ramadan Friday unknown", "2026-02-20T09:00", "unknown not-confirmed", "21 00:00:00", "23 08:00", "20 00:00"),
    (
        "Thursday before an unknown Friday",
        "2026-02-19T15:00",
        "closed outside-hours",
        "20 00:00:00",
        "23 08:00",
        "20 00:00",
    ),
    ("holiday outranks Ramadan", "2026-03-19T10:00", "closed holiday", "20 00:00:00", "23 08:00", "20 00:00"),
    ("collective leave outranks Ramadan", "2026-03-18T10:00", "closed holiday", "19 00:00:00", "23 08:00", "20 00:00"),
    ("after Ramadan", "2026-03-23T12:30", "closed break", "23 13:00:00", "23 13:00", ""),
    ("estimated holiday", "2027-03-10T10:00", "closed holiday", "11 00:00:00", "11 08:00", ""),
]
OTHER_CASES = [
    ("night, before midnight", NIGHT, "2026-11-27T23:00", "open until 28 02:00", "28 02:00:00", "28 20:00", ""),
    ("night, after midnight", NIGHT, "2026-11-28T01:59:59", "open until 28 02:00", "28 02:00:00", "28 20:00", ""),
    ("night is over", NIGHT, "2026-11-28T02:00", "closed outside-hours", "28 20:00:00", "28 20:00", ""),
    ("night into a day without hours", NIGHT, "2026-11-29T01:00", "open until 29 02:00", "29 02:00:00", "04 20:00", ""),
    ("night of Christmas", NIGHT, "2026-12-25T21:00", "closed holiday", "26 00:00:00", "26 20:00", ""),
    ("around the clock", ALWAYS, "2026-11-24T03:00", "open", "20 00:00:00", "21 00:00", ""),
    ("around the clock on Christmas", ALWAYS, "2026-12-25T03:00", "open", "", "", ""),
    ("unknown", UNKNOWN, "2026-11-24T10:00", "unknown not-confirmed", "20 00:00:00", "", "24 00:00"),
    ("unknown, yet closed on Christmas", UNKNOWN, "2026-12-25T10:00", "closed holiday", "26 00:00:00", "", "26 00:00"),
    ("unknown on the day before", UNKNOWN, "2026-12-23T23:00", "unknown not-confirmed", "24 00:00:00", "", "23 00:00"),
    ("border post on a holiday", PARTLY, "2026-12-25T10:00", "open until 25 17:00", "25 17:00:00", "26 08:00", ""),
    (
        "Saturday before an unknown Sunday",
        PARTLY,
        "2026-11-28T17:00",
        "closed outside-hours",
        "29 00:00:00",
        "30 08:00",
        "29 00:00",
    ),
    ("unknown Sunday", PARTLY, "2026-11-29T10:00", "unknown not-confirmed", "30 00:00:00", "30 08:00", "29 00:00"),
    ("collective leave at a border post", PARTLY, "2026-12-24T10:00", "closed holiday", "25 00:00:00", "25 08:00", ""),
    ("leap day", LEAP, "2028-02-29T08:30", "open until 29 09:00", "29 09:00:00", "01 08:00", ""),
    ("before the leap day", LEAP, "2028-02-28T09:00", "closed outside-hours", "29 08:00:00", "29 08:00", ""),
    ("after the leap day", LEAP, "2028-02-29T09:00", "closed outside-hours", "01 08:00:00", "01 08:00", ""),
]
SESSION_CASES = [
    ("no session today", "2026-11-24T10:00", "closed no-hours", "28 00:00:00", "28 08:00", ""),
    ("session in course", "2026-11-28T09:00", "open until 28 12:00", "28 12:00:00", "03 08:00", ""),
    ("its old date is closed", "2026-12-01T10:00", "closed no-hours", "03 00:00:00", "03 08:00", ""),
    ("moved session in course", "2026-12-03T14:00", "open until 03 15:00", "03 15:00:00", "12 08:00", ""),
    ("cancelled session", "2026-12-05T09:00", "closed no-hours", "12 00:00:00", "12 08:00", ""),
    ("planned session", "2026-12-17T09:00", "unknown planned", "17 15:00:00", "19 08:00", "17 08:00"),
    ("before a planned session", "2026-12-16T09:00", "closed no-hours", "17 08:00:00", "19 08:00", "17 08:00"),
    ("the day after Christmas is no holiday", "2026-12-26T09:00", "open until 26 12:00", "26 12:00:00", "02 08:00", ""),
]
CASES = [
    *[(name, COUNTER, [], *default_reason) for name, *default_reason in COUNTER_CASES],
    *[(name, hours, [], *default_reason) for name, hours, *default_reason in OTHER_CASES],
    *[(name, SESSIONS, MOBILE, *default_reason) for name, *default_reason in SESSION_CASES],
]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert len({case[0] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_case(case) -> None:
    _name, hours, sessions, at, status, change, opens, unknown = case
    table, now = timetable(hours, sessions), instant(at)
    assert short_status(table.status_at(now)) == status
    next_change = table.next_change(now)
    assert (f"{next_change:%d %H:%M:%S}" if next_change else "") == change
    following = table.next_opening(now)
    assert (f"{following.opens:%d %H:%M}" if following.opens else "") == opens
    assert (f"{following.unknown_from:%d %H:%M}" if following.unknown_from else "") == unknown


def test_an_uncancelled_session_is_open_again() -> None:
    restored = [MOBILE[0], {**MOBILE[1], "changes": []}]
    now = instant("2026-12-05T09:00")
    assert short_status(timetable(SESSIONS, MOBILE).status_at(now)) == "closed no-hours"
    assert short_status(timetable(SESSIONS, restored).status_at(now)) == "open until 05 12:00"


def test_reasons_carry_the_words_of_their_layer() -> None:
    table = timetable(COUNTER)
    assert dict(table.status_at(instant("2026-12-25T10:00")).reason.words) == {"id": "Natal"}
    assert dict(table.status_at(instant("2026-12-07T11:00")).reason.words) == {"id": "Banjir"}
    assert table.status_at(instant("2026-12-10T10:00")).reason.moved_to == date(2026, 12, 12)
    assert table.status_at(instant("2027-03-10T10:00")).reason.estimated


def test_overlapping_slots_give_numbers_as_long_as_one_of_them_does() -> None:
    hours = {"weekly": {"sat": ["08:00-12:00 last 11:00"]}, "exceptions": []}
    added = [{**MOBILE[1], "changes": []}]
    table = timetable(hours, added)
    assert short_status(table.status_at(instant("2026-11-28T11:30"))) == "open until 28 12:00"
    assert short_status(timetable(hours).status_at(instant("2026-11-28T11:30"))) == "open until 28 12:00 numbers over"


def test_instants_need_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        timetable(COUNTER).status_at(instant("2026-12-25T10:00").replace(tzinfo=None))
