"""Rows of a CSV file as sessions, each with what is wrong with it, and the series that they make."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.document import PRIMARY_LANGUAGE
from portal.csv_files import unguarded
from portal.desk.schedule_builder.series_form import MOST_PLACES
from portal.desk.schedule_builder.values import LONGEST_LINE, FormReader, slot_text
from portal.publishing.checks import proposed_slug
from portal.web.languages import gettext as _

MOST_BYTES, MOST_ROWS = 256 * 1024, 400
# The columns of the file by the names that they may have.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("tanggal", "hari", "date", "day"),
    "from": ("mulai", "from", "begins"),
    "to": ("selesai", "sampai", "to", "ends"),
    "place": ("tempat", "place", "where"),
    "places": ("kuota", "places", "quota"),
    "note": ("catatan", "note"),
}
HEAD = ("tanggal", "mulai", "selesai", "tempat", "kuota", "catatan")
_LOCAL_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


class NotReadable(ValueError):
    """The file is no table of sessions; the message says what it needs."""


@dataclass(frozen=True)
class SessionRow:
    """One row: its number in the file, its cells as they were typed, what it says, and what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    day: date | None
    hours: str
    place: str
    venue: str
    places: int | None
    note: str
    error: str


def decoded(data: bytes) -> str:
    """The text of an uploaded file; spreadsheets on Windows that write no UTF-8 write CP1252. Raises NotReadable."""
    if len(data) > MOST_BYTES:
        raise NotReadable(_("This file is too large. Take at most %(most)d rows at once.", most=MOST_ROWS))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def session_rows(
    text: str, *, places: Mapping[str, str], taken: Iterable[tuple[date, str]], zone: ZoneInfo
) -> list[SessionRow]:
    """The rows of the table; `places` are ids by label, `taken` the days and hours of other sessions.

    Raises NotReadable.
    """
    lines = _table(text)
    columns = _columns(lines[0])
    seen = set(taken)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        cells = {key: " ".join(line[at].split())[:LONGEST_LINE] for key, at in columns.items() if at < len(line)}
        if not any(cells.values()):
            continue
        row = _row(number, cells, places, zone)
        if row.day and not row.error and (row.day, row.hours) in seen:
            row = replace(row, error=_("There is a session at this time already."))
        if row.day:
            seen.add((row.day, row.hours))
        rows.append(row)
    if not rows:
        raise NotReadable(_("There is no row below the head."))
    if len(rows) > MOST_ROWS:
        raise NotReadable(_("This file is too large. Take at most %(most)d rows at once.", most=MOST_ROWS))
    return rows


def series_of_rows(
    rows: Sequence[SessionRow], *, name: str, taken: Iterable[str], now: datetime
) -> list[dict[str, Any]]:
    """Series of single days: one for each place and hours; places and notes stand at their days."""
    ids, series = list(taken), []
    groups: dict[tuple[str, str, str], list[SessionRow]] = {}
    for row in rows:
        groups.setdefault((row.hours, row.place, row.venue), []).append(row)
    for (hours, place, venue), group in groups.items():
        id_ = proposed_slug(name, ids)
        ids.append(id_)
        days = sorted(row.day.isoformat() for row in group if row.day)
        changes = [change for row in sorted(group, key=lambda one: str(one.day)) if (change := _change(row, now))]
        values = {
            "id": id_,
            "hours": hours,
            "place": place,
            "venue": {PRIMARY_LANGUAGE: venue} if venue else {},
            "dates": days,
        }
        series.append(
            {key: value for key, value in {**values, "state": "planned", "changes": changes}.items() if value}
        )
    return series


def _table(text: str) -> list[list[str]]:
    head = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max((";", ",", "\t"), key=head.count)
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    except csv.Error:
        raise NotReadable(_("This is no table that can be read. Save it as CSV.")) from None
    lines = [[unguarded(cell) for cell in line] for line in lines if line]
    if not lines:
        raise NotReadable(_("There is no row below the head."))
    return lines


def _columns(head: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in head]
    columns = {key: names.index(name) for key, known in COLUMNS.items() for name in known if name in names}
    if not {"date", "from", "to"} <= set(columns):
        raise NotReadable(_("The first row names the columns: %(names)s.", names=", ".join(HEAD)))
    return columns


def _row(number: int, cells: Mapping[str, str], places: Mapping[str, str], zone: ZoneInfo) -> SessionRow:
    values = {"date": [_iso(cells.get("date", ""))], "slot.from": [cells["from"]] if "from" in cells else [""]}
    values |= {"slot.to": [cells.get("to", "")], "places": [cells.get("places", "")]}
    reader = FormReader(values, (), zone)
    day, slot = reader.day("date"), reader.slot("slot")
    if slot is None:
        reader.fail("slot.from", _("Enter from when to when."))
    total = reader.number("places", low=0, high=MOST_PLACES) if cells.get("places") else None
    where = cells.get("place", "")
    id_ = places.get(where.casefold(), "")
    return SessionRow(
        number=number,
        cells=cells,
        day=day,
        hours=slot_text(slot) if slot else "",
        place=id_,
        venue="" if id_ else where,
        places=total,
        note=cells.get("note", ""),
        error=next(iter(reader.errors.values()), ""),
    )


def _change(row: SessionRow, now: datetime) -> dict[str, Any] | None:
    change: dict[str, Any] = {"date": str(row.day)}
    if row.places is not None:
        change["quota"] = {"total": row.places, "taken": 0, "as_of": now.isoformat(timespec="minutes")}
    if row.note:
        change["note"] = {PRIMARY_LANGUAGE: row.note}
    return change if len(change) > 1 else None


def _iso(text: str) -> str:
    match = _LOCAL_DAY.fullmatch(text)
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else text
