"""Commands of schedules: holidays for review, sessions and places from a terminal, samples away."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext
from ruamel.yaml import YAML

from portal.content.document import LocalText
from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository, Person
from portal.schedules.edits import Edit, reported, revised, with_quota
from portal.timetable import holiday_import
from portal.timetable.holidays import HolidayRecord
from portal.timetable.sessions import edits
from portal.web.operations.commands import answer, json_option
from portal.web.state import portal

OPERATOR = Person("Operator", "operator@localhost")
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("import-holidays")
@click.argument("year", type=click.IntRange(2020, 2100))
@click.option("--country", default="ID", show_default=True, help="Code of the country in the holidays package.")
@click.option("--write", is_flag=True, help="Write the missing and changed days into the file of that year.")
@json_option
@with_appcontext
def import_holidays(year: int, country: str, *, write: bool, as_json: bool) -> None:
    """Lay the holidays package beside our file of that year: what is missing, too much, or only estimated."""
    catalogue = portal().live.current()
    ours = catalogue.reference("holidays")
    try:
        theirs = holiday_import.packaged_year(country, year)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    found = holiday_import.differences(ours, theirs, year)
    path = f"reference/holidays/{year}.yaml"
    if write and found:
        added = [item.theirs for item in found if item.theirs is not None]
        _write({path: _with_holidays(path, added)}, message=f"Holidays of {year} imported for review")
    lines = [str(item) for item in found] or [f"Nothing differs for {year}."]
    if write and found:
        lines.append(f"Written to {path}. Days marked - are only in our file and were kept; review all of them.")
    answer({"year": year, "differences": [str(item) for item in found]}, as_json=as_json, text="\n".join(lines))


@click.command("session")
@click.argument("service")
@click.argument("series")
@click.argument("day", type=DAY)
@click.argument("act", type=click.Choice(["cancel", "restore", "move", "state", "hours", "place"]))
@click.argument("value", default="")
@click.option("--reason-id", default="", help="The reason in Indonesian; a cancellation needs one.")
@click.option("--reason-en", default="", help="The reason in English.")
@click.option("--following", is_flag=True, help="Change this date and all that follow (state, hours, place).")
@click.option("--all", "every", is_flag=True, help="Change every date of the series (state, hours, place).")
@json_option
@with_appcontext
def session(service: str, series: str, day: datetime, act: str, value: str, **options: Any) -> None:
    """Cancel, restore or change a session: `flask session SERVICE SERIES 2026-12-01 move 2026-12-03`."""
    reason = {"id": options["reason_id"], "en": options["reason_en"]}
    reason = {key: text for key, text in reason.items() if text}
    edit = _edit(act, value, day.date(), reason=reason, following=options["following"], every=options["every"])
    _revise(service, series, edit, f"{service}: {act} {series} {day:%Y-%m-%d}")
    told = f"{act}: {service}, {series}, {day:%Y-%m-%d}"
    answer({"service": service, "series": series, "act": act}, as_json=options["as_json"], text=told)


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
    places = reported(total=total, taken=taken, now=_now())
    path = f"schedules/{service}/facts.yaml"
    try:
        text = with_quota(_read(path), series, day.date(), places, zone=_zone(), path=path)
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
    gone: dict[str, bytes | None] = {}
    for document in samples:
        gone |= {f"{document.key}/{name}": None for name in document.source_hashes}
    places = [id_ for id_, place in catalogue.reference("places").items() if place.sample]
    if places:
        gone["reference/places.yaml"] = _without("reference/places.yaml", places)
    keys = [document.key for document in samples] + [f"reference/places/{id_}" for id_ in places]
    if gone and not dry_run:
        _write(gone, message="Samples removed")
    text = "\n".join(keys) if keys else "There are no samples."
    answer({"samples": keys, "removed": not dry_run}, as_json=as_json, text=text)


COMMANDS: tuple[click.Command, ...] = (import_holidays, session, quota, remove_samples)


def _edit(act: str, value: str, day: date, *, reason: dict[str, str], following: bool, every: bool) -> Edit:
    if act == "cancel":
        return lambda series: (edits.cancel(series, day, LocalText(reason)),)
    if act == "restore":
        return lambda series: (edits.restore(series, day),)
    if not value:
        raise click.UsageError(f"'{act}' needs a value")
    if act == "move":
        target = DAY.convert(value, None, None).date()
        return lambda series: (edits.edit_one(series, day, moved_to=target, reason=reason),)
    changes = {act: value}
    if every:
        return lambda series: (edits.edit_all(series, **changes),)
    if following:
        return lambda series: edits.edit_following(series, day, **changes)
    return lambda series: (edits.edit_one(series, day, **changes),)


def _revise(service: str, series: str, edit: Edit, message: str) -> None:
    path = f"schedules/{service}/facts.yaml"
    try:
        text = revised(_read(path), series, edit, now=_now(), zone=_zone(), path=path)
    except (ValueError, ContentError) as error:
        raise click.ClickException(str(error)) from None
    _write({path: text.encode()}, message=message)


def _with_holidays(path: str, records: list[HolidayRecord]) -> bytes:
    yaml = _yaml()
    written = yaml.load(_read(path)) if path in portal().live.source.listing() else {}
    # A key that looks like a date is one to the YAML reader, and text to the content.
    plain = {str(key): record for key, record in written.items()}
    for key, values in holiday_import.as_yaml_records(
        {holiday_import.record_id(record): record for record in records}
    ).items():
        plain[key] = {**plain.get(key, {}), **values}
    return _dumped(yaml, {key: plain[key] for key in sorted(plain)})


def _without(path: str, ids: list[str]) -> bytes:
    yaml = _yaml()
    plain = yaml.load(_read(path))
    for id_ in ids:
        plain.pop(id_, None)
    return _dumped(yaml, plain)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    return yaml


def _dumped(yaml: YAML, plain: Mapping[str, Any]) -> bytes:
    written = StringIO()
    yaml.dump(plain, written)
    return written.getvalue().encode()


def _read(path: str) -> str:
    try:
        return portal().live.source.read(path).decode()
    except (KeyError, OSError, ContentError):
        raise click.ClickException(f"There is no {path} in the content.") from None


def _write(changes: Mapping[str, bytes | None], *, message: str) -> None:
    """Commit to the content repository, or write the files of the folder that development reads."""
    settings = portal().settings
    if settings.content_is_repository:
        repository = ContentRepository(Path(settings.content))
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
    # What staff report carries the real time, whatever clock the pages show.
    return datetime.now(UTC).replace(microsecond=0)
