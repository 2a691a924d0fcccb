"""What cannot be right is refused, by key and in words that say how to mend it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.content.parsing import typed
from portal.content.problems import ContentError
from portal.timetable.holidays import HolidayRecord
from portal.timetable.sessions.series import Quota
from portal.timetable.zones import zone_label, zone_named
from tests.timetable.examples import ZONE, series, written

DATES = {"id": "a", "hours": "08:00-12:00", "dates": ["2026-12-01"]}
RULE = {"every": "week", "weekdays": ["mon"], "from": "2026-12-01"}


def _season(first: str, last: str) -> dict[str, Any]:
    return {"name": {"id": "x"}, "from": first, "to": last, "weekly": "unknown"}


def _closure(first: str, last: str) -> dict[str, Any]:
    return {"from": first, "until": last, "reason": {"id": "x"}}


def refusal(value: dict[str, Any], read: Any = written) -> str:
    """The refusal, key first."""
    with pytest.raises(ContentError) as caught:
        read(value)
    (problem,) = caught.value.problems
    return f"{problem.key}: {problem.message}"


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({"weekly": {"mon": ["08:00-12:00", "11:00-15:00"]}}, "overlap"),
        ({"weekly": {"mon": ["8-12"]}}, "is not a slot; write"),
        ({"weekly": {"mon": ["08:00-08:00"]}}, "ends when it starts"),
        ({"weekly": {"mon": ["08:00-12:75"]}}, "not a time of day"),
        ({"weekly": {"mon": ["25:00-26:00"]}}, "not a time of day"),
        ({"weekly": {"mon": ["08:00-12:00 last 13:00"]}}, "last number outside"),
        ({"weekly": {"monday": ["08:00-12:00"]}}, "is not a day; write one of mon"),
        ({"weekly": {"fri-mon": ["08:00-12:00"]}}, "write two ranges"),
        ({"weekly": {"mon-fri": ["08:00-12:00"], "wed": "closed"}}, "'wed' is given hours twice"),
        ({"weekly": {"mon": ["20:00-02:00"], "tue": ["01:00-05:00"]}}, "runs into the first of the next day"),
        ({"weekly": "sometimes"}, "'unknown'"),
        ({"seasons": [_season("2026-02-18", "2026-02-01")]}, "before it starts"),
        (
            {"seasons": [_season("2026-02-01", "2026-02-18"), _season("2026-02-18", "2026-03-01")]},
            "seasons[0] and seasons[1] overlap on 2026-02-18",
        ),
        ({"seasons": [_season("2026-02-01", "2028-02-18")]}, "more than a year"),
        ({"exceptions": [{"date": "2026-02-31", "closed": True}]}, "invalid"),
        (
            {
                "exceptions": [
                    {"date": "2026-02-01", "closed": True},
                    {"from": "2026-01-30", "to": "2026-02-02", "unknown": True},
                ]
            },
            "overlap",
        ),
        ({"exceptions": [{"date": "2026-02-01"}]}, "exactly one"),
        ({"exceptions": [{"date": "2026-02-01", "closed": True, "hours": ["08:00-09:00"]}]}, "exactly one"),
        ({"exceptions": [{"closed": True}]}, "either `date`, or `from` and `to`"),
        (
            {"exceptions": [{"date": "2026-02-01", "hours": ["08:00-09:00"], "between": ["08:00-09:00"]}]},
            "belongs to `closed: true`",
        ),
        ({"exceptions": [{"date": "2026-02-01", "moved_to": "2026-02-01"}]}, "another day"),
        (
            {"exceptions": [{"date": "2026-02-01", "moved_to": "2026-02-03"}, {"date": "2026-02-03", "closed": True}]},
            "target of a move",
        ),
        ({"closures": [_closure("2026-12-07T10:00", "2026-12-07T09:00")]}, "`until` is not after `from`"),
        (
            {
                "closures": [
                    _closure("2026-12-07T10:00", "2026-12-09T10:00"),
                    _closure("2026-12-08T10:00", "2026-12-10T10:00"),
                ]
            },
            "closures[0] and closures[1] overlap",
        ),
        ({"closures": [_closure("2026-12-07T10:00", "2028-12-09T10:00")]}, "more than a year"),
        ({"closures": [{"from": "2026-12-07T10:00", "reason": {"id": "x"}}]}, "until"),
        ({"hollidays": {}}, "hollidays"),
        ({"holidays": {"national": ["08:00"]}}, "is not a slot"),
    ],
)
def test_hours_are_refused(hours, said) -> None:
    assert said in refusal(hours)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dates": []}, "either `dates` or a `rule`"),
        ({"rule": {**RULE, "count": 2}}, "either `dates` or a `rule`"),
        ({"dates": ["2026-12-01", "2026-12-01"]}, "each day once"),
        ({"id": "Rote 1"}, "small letters"),
        ({"hours": "12:00"}, "is not a slot"),
        ({"changes": [{"date": "2026-12-02", "state": "full"}]}, "2026-12-02 is no date of the series"),
        ({"changes": [{"date": "2026-12-01", "state": "full"}] * 2}, "changed twice"),
        ({"changes": [{"date": "2026-12-01", "cancelled": True}]}, "needs its `reason`"),
        ({"quota": {"total": -1, "taken": 0, "as_of": "2026-11-24"}}, "below zero"),
        ({"state": "open"}, "open"),
    ],
)
def test_sessions_are_refused(changes, said) -> None:
    assert said in refusal({**DATES, **changes}, series)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RULE, "has no bound"),
        ({**RULE, "count": 2, "until": "2026-12-31"}, "has no bound"),
        ({**RULE, "until": "2026-11-01"}, "before it starts"),
        ({**RULE, "until": "2999-01-01"}, "more than 600 dates"),
        ({**RULE, "count": 2, "interval": 0}, "interval"),
        ({**RULE, "count": 2, "weekdays": []}, "weekdays"),
        ({**RULE, "count": 2, "weekdays": ["someday"]}, "someday"),
        ({**RULE, "count": 2, "every": "month"}, "`nth`"),
        ({**RULE, "count": 2, "nth": 1}, "`nth`"),
        ({**RULE, "every": "month", "nth": 6, "count": 2}, "1 to 5"),
        ({**RULE, "from": "2026-12-01", "until": "2026-12-02"}, "no date at all"),
    ],
)
def test_rules_are_refused(rule, said) -> None:
    assert said in refusal({"id": "a", "hours": "08:00-12:00", "rule": rule}, series)


def test_a_holiday_has_a_date_or_is_not_known() -> None:
    with pytest.raises(ContentError, match="either `date` or `not_known_for`"):
        typed({"name": {"id": "x"}, "kind": "national"}, HolidayRecord, path="h", zone=ZONE)


def test_places_left_are_never_below_zero() -> None:
    overbooked = typed({"total": 40, "taken": 45, "as_of": "2026-11-24T09:40"}, Quota, path="q", zone=ZONE)
    assert overbooked.left == 0


def test_zones_are_known_by_name_and_label() -> None:
    assert zone_label(zone_named("Asia/Makassar")) == "WITA"
    assert zone_label("Asia/Dili") == ""
    for wrong in ("Asia/Kupang", "../etc", ""):
        with pytest.raises(ValueError, match="is not a time zone"):
            zone_named(wrong)
