"""Commands of schedules: import holidays, edit sessions, report places, remove samples."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from portal.content.document import LocalText
from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository, Person
from portal.content.yaml_editing import loaded_mapping, yaml_text
from portal.schedules.edits import SeriesEdit, edit_series, report_places, reported_quota
from portal.schedules.service import facts_path
from portal.timetable import holiday_import
from portal.timetable.holidays import HolidayRecord
from portal.timetable.sessions import edits
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal

OPERATOR = Person("Operator", "operator@localhost")
PLACES_FILE = "reference/places.yaml"
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("import-holidays")
@click.argument("year", type=click.IntRange(2020, 2100))
@click.option("--country", default="ID", show_default=True, help="Code of the country in the holidays package.")
@click.option("--write", is_flag=True, help="Write the missing and changed days into the file of that year.")
@json_option
@with_appcontext
def import_holidays(year: int, country: str, *, write: bool, as_json: bool) -> None:
    """Lay the holidays package beside our file of that year: what is missing, too much, or only estimated."""
    ours = portal().live.current().reference("holidays")
    try:
        theirs = holiday_import.packaged_year(country, year)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    differences = holiday_import.differences(ours, theirs, year)
    path = f"reference/holidays/{year}.yaml"
    lines = [str(item) for item in differences]
    text = "\n".join(lines) or f"Nothing differs for {year}."
    if write and differences:
        records = [item.theirs for item in differences if item.theirs is not None]
        _write({path: _with_holidays(path, records)}, message=f"Holidays of {year} imported for review")
        text += f"\nWritten to {path}. Days marked - are only in our file and were kept; review all of them."
    answer({"year": year, "differences": lines}, as_json=as_json, text=text)


@click.command("session")
@click.argument("service")
@click.argument("series")
@click.argument("day", type=DAY)
@click.argument("action", type=click.Choice(["cancel", "restore", "move", "state", "hours", "place"]))
@click.argument("value", default="")
@click.option("--reason-id", default="", help="The reason in Indonesian; a cancellation needs one.")
@click.option("--reason-en", default="", help="The reason in English.")
@click.option("--following", is_flag=True, help="Change this date and all that follow (state, hours, place).")
@click.option("--all", "every", is_flag=True, help="Change every date of the series (state, hours, place).")
@json_option
@with_appcontext
def session(
    service: str,
    series: str,
    day: datetime,
    action: str,
    value: str,
    *,
    reason_id: str,
    reason_en: str,
    following: bool,
    every: bool,
    as_json: bool,
) -> None:
    """Cancel, restore or change a session: `flask session SERVICE SERIES 2026-12-01 move 2026-12-03`."""
    texts = {"id": reason_id, "en": reason_en}
    reason = LocalText({code: text for code, text in texts.items() if text})
    edit = _series_edit(action, value, day.date(), reason=reason, following=following, every=every)
    path = facts_path(service)
    try:
        text = edit_series(_read(path), series, edit, zone=_zone(), path=path, now=_now())
    except (ValueError, ContentError) as error:
        raise click.ClickException(str(error)) from None
    _write({path: text.encode()}, message=f"{service}: {action} {series} {day:%Y-%m-%d}")
    summary = f"{action}: {service}, {series}, {day:%Y-%m-%d}"
    answer({"service": service, "series": series, "act": action}, as_json=as_json, text=summary)


@click.command("quota")
@click.argument("service")
@click.argument("series")
@click.argument("day", type=DAY)
@click.argument("taken", type=click.IntRange(0, 100_000))
@click.argument("total", type=click.IntRange(0, 100_000))
@json_option
@with_appcontext
def quota(service: str, series: str, day: datetime, taken: int, total: int, *, as_json: bool) -> None:
    """Note how many places of a session are taken, as of now; never a live figure of another system."""
    places = reported_quota(total=total, taken=taken, now=_now())
    path = facts_path(service)
    try:
        text = report_places(_read(path), series, day.date(), lambda _before: places, zone=_zone(), path=path)
    except (ValueError, ContentError) as error:
        raise click.ClickException(str(error)) from None
    _write({path: text.encode()}, message=f"{service}: places of {series} {day:%Y-%m-%d}")
    answer({"left": places.left}, as_json=as_json, text=f"{places.left} of {total} places left.")


@click.command("remove-samples")
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@json_option
@with_appcontext
def remove_samples(*, dry_run: bool, as_json: bool) -> None:
    """Remove every document and place that is marked as a sample."""
    catalogue = portal().live.current()
    samples = [document for kind in catalogue.kinds() for document in catalogue.all(kind) if document.facts.sample]
    changes: dict[str, bytes | None] = {
        f"{document.key}/{name}": None for document in samples for name in document.source_hashes
    }
    places = [id_ for id_, place in catalogue.reference("places").items() if place.sample]
    if places:
        records = loaded_mapping(_read(PLACES_FILE))
        for id_ in places:
            records.pop(id_, None)
        changes[PLACES_FILE] = yaml_text(records).encode()
    keys = [document.key for document in samples] + [f"reference/places/{id_}" for id_ in places]
    if changes and not dry_run:
        _write(changes, message="Samples removed")
    text = "\n".join(keys) if keys else "There are no samples."
    answer({"samples": keys, "removed": not dry_run}, as_json=as_json, text=text)


COMMANDS: tuple[click.Command, ...] = (import_holidays, session, quota, remove_samples)


def _series_edit(action: str, value: str, day: date, *, reason: LocalText, following: bool, every: bool) -> SeriesEdit:
    if action == "cancel":
        return lambda series: (edits.cancel(series, day, reason),)
    if action == "restore":
        return lambda series: (edits.restore(series, day),)
    if not value:
        raise click.UsageError(f"'{action}' needs a value")
    if action == "move":
        target = DAY.convert(value, None, None).date()
        return lambda series: (edits.edit_one(series, day, moved_to=target, reason=reason),)
    # A value that is not valid is refused when the edited file is read again.
    values = cast(edits.SeriesValues, {action: value})
    if every:
        return lambda series: (edits.edit_all(series, **values),)
    if following:
        return lambda series: edits.edit_following(series, day, **values)
    return lambda series: (edits.edit_one(series, day, **values),)


def _with_holidays(path: str, records: list[HolidayRecord]) -> bytes:
    written = loaded_mapping(_read(path)) if path in portal().live.source.listing() else {}
    # A key that looks like a date is one to the YAML reader, and text to the content.
    days = {str(id_): day for id_, day in written.items()}
    imported = {holiday_import.record_id(record): record for record in records}
    for id_, values in holiday_import.as_yaml_records(imported).items():
        days[id_] = {**days.get(id_, {}), **values}
    return yaml_text({id_: days[id_] for id_ in sorted(days)}).encode()


def _read(path: str) -> str:
    try:
        return portal().live.source.read(path).decode()
    except (KeyError, OSError, ContentError):
        raise click.ClickException(f"There is no {path} in the content.") from None


def _write(changes: Mapping[str, bytes | None], *, message: str) -> None:
    """Commit to the content repository, or write the files of the folder that development reads."""
    settings = portal().settings
    if settings.content_is_repository:
        repository = ContentRepository(Path(settings.content), key=portal().signing_key)
        repository.save(changes, author=OPERATOR, message=message, at=_now(), expected=repository.head())
        portal().generations.bump_content()
        return
    for path, data in changes.items():
        target = Path(settings.content) / path
        if data is None:
            target.unlink(missing_ok=True)
            if target.parent.is_dir() and not any(target.parent.iterdir()):
                target.parent.rmdir()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(target)


def _zone() -> ZoneInfo:
    return ZoneInfo(portal().live.current().site.timezone)


def _now() -> datetime:
    # A report carries the real time even where the pages show a fixed clock.
    return datetime.now(UTC).replace(microsecond=0)
