"""Holidays of a year out of the `holidays` package, laid beside our own file for a person to review."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import holidays as packaged
import msgspec

from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.timetable.holidays import HolidayKind, HolidayRecord

CATEGORIES: tuple[tuple[str, HolidayKind], ...] = (("public", "national"), ("government", "collective-leave"))
# The package has no machine-readable mark for a date that is only computed; it says so in the name.
_ESTIMATED = {"id": " (perkiraan)", "en": " (estimated)"}
_PACKAGE_LANGUAGE = {"id": "id", "en": "en_US"}


@dataclass(frozen=True)
class Difference:
    """One day on which the package and our file disagree; `ours` or `theirs` is None where it is missing."""

    day: date
    kind: HolidayKind
    ours: HolidayRecord | None
    theirs: HolidayRecord | None

    def __str__(self) -> str:
        if self.ours is None:
            return f"+ {self.day} {self.kind}: {_told(self.theirs)}"
        if self.theirs is None:
            return f"- {self.day} {self.kind}: {_told(self.ours)}"
        return f"~ {self.day} {self.kind}: {_told(self.ours)} -> {_told(self.theirs)}"


def packaged_year(country: str, year: int) -> dict[str, HolidayRecord]:
    """The package's holidays of that year by record id; raises ValueError for a country it lacks."""
    records: dict[str, HolidayRecord] = {}
    for category, kind in CATEGORIES:
        names = {key: _named(country, year, category, key) for key in _PACKAGE_LANGUAGE}
        for day in sorted(names["id"]):
            local, estimated = _cleaned({key: names[key].get(day, "") for key in names})
            record = HolidayRecord(name=local, kind=kind, day=day, estimated=estimated)
            records[record_id(record)] = record
    return records


def record_id(record: HolidayRecord) -> str:
    """The id under which the file keeps a holiday: its date, with the kind where it is no national one."""
    assert record.day is not None
    suffix = "" if record.kind == "national" else f"-{record.kind}"
    return f"{record.day.isoformat()}{suffix}"


def differences(ours: Mapping[str, HolidayRecord], theirs: Mapping[str, HolidayRecord], year: int) -> list[Difference]:
    """Where the two disagree about that year: missing, added, or other name or estimate.

    Our own regional days are left alone, since the package does not know them.
    """
    mine: dict[tuple[date, HolidayKind], HolidayRecord] = {
        (record.day, record.kind): record
        for record in ours.values()
        if record.day is not None and record.day.year == year and record.kind != "regional"
    }
    other: dict[tuple[date, HolidayKind], HolidayRecord] = {
        (record.day, record.kind): record for record in theirs.values() if record.day is not None
    }
    found = []
    for key in sorted(mine.keys() | other.keys()):
        one, two = mine.get(key), other.get(key)
        if one is None or two is None or one.estimated != two.estimated:
            found.append(Difference(*key, one, two))
    return found


def as_yaml_records(records: Mapping[str, HolidayRecord]) -> dict[str, dict[str, object]]:
    """The records as plain values for a YAML file, without empty keys."""
    plain: dict[str, dict[str, object]] = {}
    for key, record in records.items():
        built = msgspec.to_builtins(record)
        plain[key] = {name: value for name, value in built.items() if value not in ("", None, False)}
    return plain


def _named(country: str, year: int, category: str, language: str) -> dict[date, str]:
    try:
        found = packaged.country_holidays(
            country, years=year, categories=(category,), language=_PACKAGE_LANGUAGE[language]
        )
    except (NotImplementedError, ValueError) as error:
        raise ValueError(f"the holidays package has no days of category {category} for {country}") from error
    return dict(found)


def _cleaned(names: dict[str, str]) -> tuple[LocalText, bool]:
    estimated = any(names[key].endswith(mark) for key, mark in _ESTIMATED.items())
    local = {key: re.sub(r" \((perkiraan|estimated)\)$", "", value) for key, value in names.items()}
    return LocalText(local), estimated


def _told(record: HolidayRecord | None) -> str:
    assert record is not None
    return record.name.text(PRIMARY_LANGUAGE) + (" (perkiraan)" if record.estimated else "")
