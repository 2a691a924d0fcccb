"""Holidays of a year from the `holidays` package, compared with our own file for a person to review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.timetable.holidays import HolidayKind, HolidayRecord

CATEGORIES: tuple[tuple[str, HolidayKind], ...] = (("public", "national"), ("government", "collective-leave"))
# The package has no machine-readable flag for a date that is only computed; it says so in the name.
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
        sign = "~" if self.ours and self.theirs else "-" if self.ours else "+"
        records = (_described(record) for record in (self.ours, self.theirs) if record is not None)
        return f"{sign} {self.day} {self.kind}: {' -> '.join(records)}"


def packaged_year(country: str, year: int) -> dict[str, HolidayRecord]:
    """The package's holidays of that year by record id; raises ValueError for a country it lacks."""
    records: dict[str, HolidayRecord] = {}
    for category, kind in CATEGORIES:
        names = {key: _names_by_day(country, year, category, key) for key in _PACKAGE_LANGUAGE}
        for day in sorted(names["id"]):
            name, estimated = _without_estimate({key: names[key].get(day, "") for key in names})
            record = HolidayRecord(name=name, kind=kind, day=day, estimated=estimated)
            records[record_id(record)] = record
    return records


def record_id(record: HolidayRecord) -> str:
    """The id under which the file keeps a holiday: its date, with the kind where it is no national one."""
    assert record.day is not None
    suffix = "" if record.kind == "national" else f"-{record.kind}"
    return f"{record.day.isoformat()}{suffix}"


def differences(ours: Mapping[str, HolidayRecord], theirs: Mapping[str, HolidayRecord], year: int) -> list[Difference]:
    """Where the two disagree about that year: missing, added, or another estimate.

    Our own regional days are left alone, since the package does not know them.
    """
    our_days: dict[tuple[date, HolidayKind], HolidayRecord] = {
        (record.day, record.kind): record
        for record in ours.values()
        if record.day is not None and record.day.year == year and record.kind != "regional"
    }
    their_days: dict[tuple[date, HolidayKind], HolidayRecord] = {
        (record.day, record.kind): record for record in theirs.values() if record.day is not None
    }
    pairs = ((key, our_days.get(key), their_days.get(key)) for key in sorted(our_days.keys() | their_days.keys()))
    return [
        Difference(*key, our, their)
        for key, our, their in pairs
        if our is None or their is None or our.estimated != their.estimated
    ]


def as_yaml_records(records: Mapping[str, HolidayRecord]) -> dict[str, dict[str, object]]:
    """The records as plain values for a YAML file, without empty keys."""
    return {
        id_: {key: value for key, value in msgspec.to_builtins(record).items() if value not in ("", None, False)}
        for id_, record in records.items()
    }


def _names_by_day(country: str, year: int, category: str, language: str) -> dict[date, str]:
    # Its tables of every country are needed by one command alone.
    import holidays as packaged

    try:
        names = packaged.country_holidays(
            country, years=year, categories=(category,), language=_PACKAGE_LANGUAGE[language]
        )
    except (NotImplementedError, ValueError) as error:
        raise ValueError(f"the holidays package has no days of category {category} for {country}") from error
    return dict(names)


def _without_estimate(names: dict[str, str]) -> tuple[LocalText, bool]:
    """The names without the words that say that the date is estimated, and whether any of them said so."""
    cleaned = LocalText({language: name.removesuffix(_ESTIMATED[language]) for language, name in names.items()})
    return cleaned, cleaned != names


def _described(record: HolidayRecord) -> str:
    return record.name.text(PRIMARY_LANGUAGE) + (_ESTIMATED[PRIMARY_LANGUAGE] if record.estimated else "")
