"""What the content check finds in schedules beyond each file's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.document import Document
from portal.content.parsing import Problem
from portal.schedules.service import RESERVED, ServiceFacts
from portal.timetable.holidays import calendar_of
from portal.timetable.layers import Layers
from portal.timetable.sessions.series import Series

KIND = "schedules"


def problems(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    """Unknown places, groups and services, sessions on closed days, addresses that clash, sequences not raised."""
    groups = catalogue.reference("service-groups")
    places = catalogue.reference("places")
    for document in catalogue.all(KIND):
        path = f"{KIND}/{document.slug}/facts.yaml"
        facts: ServiceFacts = document.facts
        if document.slug in RESERVED:
            yield Problem(path, "", f"may not be named '{document.slug}', which is an address of its own")
        if facts.group and facts.group not in groups:
            yield _unknown(path, "group", facts.group, groups)
        if facts.place and facts.place not in places:
            yield _unknown(path, "place", facts.place, places)
        yield from _following(catalogue, document, path)
        published = context.baseline.get(KIND, document.slug) if context.baseline else None
        problem = sequence_problem(published, document) if published else None
        if problem is not None:
            yield problem
        for index, series in enumerate(facts.sessions):
            yield from _series(catalogue, series, document, key=f"sessions[{index}]")


def sequence_stamp(document: Document) -> str:
    """What a calendar file shows of times, places and states; a change of it must raise `sequence`."""
    facts: ServiceFacts = document.facts
    sessions = tuple(
        msgspec.structs.replace(
            series,
            quota=None,
            changes=tuple(msgspec.structs.replace(change, quota=None) for change in series.changes),
        )
        for series in facts.sessions
    )
    withdrawn = facts.status == "withdrawn"
    shown = (facts.hours, sessions, facts.place, facts.follows, withdrawn)
    return msgspec.json.encode(shown, enc_hook=str).decode()


def sequence_problem(published: Document, edited: Document) -> Problem | None:
    """The problem of an edit that changes a time, place or state without raising `sequence`, or None."""
    if sequence_stamp(published) == sequence_stamp(edited) or edited.facts.sequence > published.facts.sequence:
        return None
    wanted = published.facts.sequence + 1
    message = f"is {edited.facts.sequence} though a time, place or state changed; write {wanted} and set `modified`"
    return Problem(f"{KIND}/{edited.slug}/facts.yaml", "sequence", message, rule="sequence")


def _following(catalogue: Catalogue, document: Document, path: str) -> Iterator[Problem]:
    follows = document.facts.follows
    if not follows:
        return
    parent = catalogue.get(KIND, follows)
    if parent is None:
        yield Problem(path, "follows", f"names '{follows}', which is no service")
    elif parent.facts.follows or follows == document.slug:
        yield Problem(path, "follows", f"names '{follows}', which follows another; name that one itself")


def _series(catalogue: Catalogue, series: Series, document: Document, *, key: str) -> Iterator[Problem]:
    path = f"{KIND}/{document.slug}/facts.yaml"
    places = catalogue.reference("places")
    named = [("place", series.place)]
    named += [(f"changes[{i}].place", change.place) for i, change in enumerate(series.changes)]
    for name, place in named:
        if place and place not in places:
            yield _unknown(path, f"{key}.{name}", place, places)
    if not series.place and not series.venue and not document.facts.place:
        yield Problem(path, f"{key}.place", "is missing; give a place id or a `venue` in words")
    layers = Layers(document.facts.hours, holidays=calendar_of(catalogue.reference("holidays").values()))
    for day in series.original_dates():
        change = series.change_on(day)
        if change is not None and (change.cancelled or change.moved_to):
            continue
        exception = layers.exceptions.get(day)
        if exception is not None and exception.closed and not exception.between:
            yield Problem(path, key, f"has a session on {day}, when the service is closed; cancel or move it")


def _unknown(path: str, key: str, found: str, known: Mapping[str, object]) -> Problem:
    return Problem(path, key, f"names '{found}', which does not exist; allowed: {', '.join(sorted(known))}")
