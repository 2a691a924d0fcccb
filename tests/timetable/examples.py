"""Timetables for table cases, written as facts.yaml writes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.document import LocalText
from portal.content.parsing import typed
from portal.timetable.holidays import HolidayCalendar, HolidayRecord, calendar_of
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.series import Series, occurrences, session_openings
from portal.timetable.timetable import Status, Timetable

ZONE = ZoneInfo("Asia/Makassar")
NAMES = {
    "2026-03-18": ("Cuti bersama Nyepi", "collective-leave", False),
    "2026-03-19": ("Nyepi", "national", False),
    "2026-03-21": ("Idulfitri", "national", False),
    "2026-12-24": ("Cuti bersama Natal", "collective-leave", False),
    "2026-12-25": ("Natal", "national", False),
    "2027-01-01": ("Tahun Baru", "national", False),
    "2027-03-10": ("Idulfitri", "national", True),
    "2026-12-20": ("Hari jadi provinsi", "regional", False),
}
HOLIDAYS: HolidayCalendar = calendar_of(
    HolidayRecord(name=LocalText(id=name), kind=kind, day=date.fromisoformat(day), estimated=estimated)
    for day, (name, kind, estimated) in NAMES.items()
)
COUNTER: dict[str, Any] = {
    "weekly": {
        "mon-thu": ["08:00-12:00", "13:00-15:00 last 14:30"],
        "fri": ["08:00-11:30", "13:30-15:00"],
    },
    "seasons": [
        {
            "name": {"id": "Ramadan"},
            "from": "2026-02-18",
            "to": "2026-03-20",
            "weekly": {"mon-thu": ["08:00-14:00"], "fri": "unknown"},
        }
    ],
    "exceptions": [
        {"date": "2026-12-23", "closed": True, "between": ["13:00-15:00"], "reason": {"id": "Rapat"}},
        {"date": "2026-12-19", "extra": ["09:00-12:00"], "reason": {"id": "Loket tambahan"}},
        {"date": "2026-12-10", "moved_to": "2026-12-12", "reason": {"id": "Pindah"}},
        {"date": "2026-12-15", "hours": ["10:00-11:00"], "reason": {"id": "Singkat"}},
        {"date": "2026-12-16", "unknown": True},
        {"from": "2026-12-28", "to": "2026-12-29", "closed": True, "reason": {"id": "Pindah kantor"}},
    ],
    "closures": [{"from": "2026-12-07T10:00+08:00", "until": "2026-12-08T09:30:15+08:00", "reason": {"id": "Banjir"}}],
}
NIGHT: dict[str, Any] = {"weekly": {"fri": ["20:00-02:00"], "sat": ["20:00-02:00"]}}
ALWAYS: dict[str, Any] = {"weekly": {"mon-sun": ["00:00-24:00"]}, "holidays": {"national": "open"}}
UNKNOWN: dict[str, Any] = {"weekly": "unknown"}
PARTLY: dict[str, Any] = {"weekly": {"mon-sat": ["08:00-17:00"], "sun": "unknown"}, "holidays": {"national": "open"}}
LEAP: dict[str, Any] = {"weekly": {"mon-sun": ["08:00-09:00"]}}
SESSIONS: dict[str, Any] = {}
MOBILE: list[dict[str, Any]] = [
    {
        "id": "rote",
        "hours": "08:00-15:00",
        "dates": ["2026-12-01", "2026-12-17"],
        "changes": [{"date": "2026-12-01", "moved_to": "2026-12-03", "state": "confirmed", "reason": {"id": "Kapal"}}],
    },
    {
        "id": "sabtu",
        "hours": "08:00-12:00",
        "rule": {"every": "week", "weekdays": ["sat"], "from": "2026-11-28", "count": 6, "on_holiday": "skip"},
        "state": "confirmed",
        "changes": [{"date": "2026-12-05", "cancelled": True, "reason": {"id": "Listrik padam"}}],
    },
]


def instant(text: str) -> datetime:
    """An instant written without an offset, in the office's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def series(value: dict[str, Any]) -> Series:
    """A series as facts.yaml would give it; raises ContentError."""
    return typed(value, Series, path="sessions", zone=ZONE)


def written(value: dict[str, Any]) -> OpeningHoursSpec:
    """Hours as facts.yaml would give them; raises ContentError."""
    return typed(value, OpeningHoursSpec, path="hours", zone=ZONE)


def timetable(value: dict[str, Any], sessions: list[dict[str, Any]] | None = None) -> Timetable:
    """The timetable of these hours and sessions with the holidays above."""
    items = [item for one in sessions or () for item in occurrences(series(one), zone=ZONE, holidays=HOLIDAYS)]
    return Timetable(written(value), zone=ZONE, holidays=HOLIDAYS, sessions=session_openings(items))


def short_status(status: Status) -> str:
    """A status in short: state, reason, and until when it is open."""
    reason = f" {status.reason.kind}" if status.reason else ""
    until = f" until {status.until:%d %H:%M}" if status.until else ""
    return f"{status.state}{reason}{until}{' numbers over' if status.numbers_over else ''}"
