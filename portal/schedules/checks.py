"""Checks of schedules beyond each file's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.document import Document
from portal.content.problems import Problem, ProblemKind
from portal.messages import N_
from portal.schedules.service import RESERVED, ServiceFacts, facts_path
from portal.timetable.holidays import calendar_of
from portal.timetable.layers import Layers
from portal.timetable.sessions.series import Series

KIND = "schedules"

RESERVED_NAME = ProblemKind(
    "schema",
    "may not be named '%(name)s', which is an address of its own",
    N_("No service may be named “%(name)s”. Choose another name."),
)
UNKNOWN_ID = ProblemKind(
    "schema",
    "names '%(what)s', which does not exist; allowed: %(allowed)s",
    N_("There is no page “%(what)s”. Choose another."),
)
SEQUENCE_NOT_RAISED = ProblemKind(
    "sequence",
    "is %(sequence)s though a time, place or state changed; write %(wanted)s and set `modified`",
    N_("A time, a place or a state changed, but calendars of readers would not notice it. Save once more on the desk."),
)
FOLLOWS_NOTHING = ProblemKind(
    "schema", "names '%(name)s', which is no service", N_("There is no service “%(name)s”. Choose another.")
)
FOLLOWS_FOLLOWER = ProblemKind(
    "schema",
    "names '%(name)s', which follows another; name that one itself",
    N_("“%(name)s” takes its hours from another service. Choose that one itself."),
)
NO_PLACE = ProblemKind(
    "schema", "is missing; give a place id or a `venue` in words", N_("Choose a place, or write where it is.")
)
SESSION_ON_CLOSED_DAY = ProblemKind(
    "schema",
    "has a session on %(day)s, when the service is closed; cancel or move it",
    N_("There is a session on %(day)s, when the service is closed. Cancel or move it."),
)


def problems(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    """Unknown places, groups and services, sessions on closed days, addresses that clash, sequences not raised."""
    groups = catalogue.reference("service-groups")
    places = catalogue.reference("places")
    for document in catalogue.all(KIND):
        path = facts_path(document.slug)
        facts: ServiceFacts = document.facts
        if document.slug in RESERVED:
            yield RESERVED_NAME.at(path, name=document.slug)
        if facts.group and facts.group not in groups:
            yield _unknown(path, "group", facts.group, groups)
        if facts.place and facts.place not in places:
            yield _unknown(path, "place", facts.place, places)
        yield from _follows(catalogue, document, path)
        published = context.baseline.get(KIND, document.slug) if context.baseline else None
        problem = sequence_problem(published, document) if published else None
        if problem is not None:
            yield problem
        for index, series in enumerate(facts.sessions):
            yield from _series(catalogue, series, document, key=f"sessions[{index}]")


def sequence_stamp(document: Document) -> str:
    """The times, places and states of a calendar file as one text; where it changes, `sequence` must grow."""
    facts: ServiceFacts = document.facts
    sessions = tuple(
        msgspec.structs.replace(
            series,
            quota=None,
            changes=tuple(
                msgspec.structs.replace(change, quota=None)
                for change in series.changes
                if not change.reports_only_places
            ),
        )
        for series in facts.sessions
    )
    withdrawn = facts.status == "withdrawn"
    stamped = (facts.hours, sessions, facts.place, facts.follows, withdrawn)
    return msgspec.json.encode(stamped, enc_hook=str).decode()


def sequence_problem(published: Document, edited: Document) -> Problem | None:
    """The problem of an edit that changes a time, place or state without raising `sequence`, or None."""
    if sequence_stamp(published) == sequence_stamp(edited) or edited.facts.sequence > published.facts.sequence:
        return None
    path, wanted = facts_path(edited.slug), published.facts.sequence + 1
    return SEQUENCE_NOT_RAISED.at(path, "sequence", sequence=edited.facts.sequence, wanted=wanted)


def _follows(catalogue: Catalogue, document: Document, path: str) -> Iterator[Problem]:
    follows = document.facts.follows
    if not follows:
        return
    parent = catalogue.get(KIND, follows)
    if parent is None:
        yield FOLLOWS_NOTHING.at(path, "follows", name=follows)
    elif parent.facts.follows or follows == document.slug:
        yield FOLLOWS_FOLLOWER.at(path, "follows", name=follows)


def _series(catalogue: Catalogue, series: Series, document: Document, *, key: str) -> Iterator[Problem]:
    path = facts_path(document.slug)
    places = catalogue.reference("places")
    named = [("place", series.place)]
    named += [(f"changes[{i}].place", change.place) for i, change in enumerate(series.changes)]
    for name, place in named:
        if place and place not in places:
            yield _unknown(path, f"{key}.{name}", place, places)
    if not series.place and not series.venue and not document.facts.place:
        yield NO_PLACE.at(path, f"{key}.place")
    layers = Layers(document.facts.hours, holidays=calendar_of(catalogue.reference("holidays").values()))
    for day in series.original_dates():
        change = series.change_on(day)
        if change is not None and (change.cancelled or change.moved_to):
            continue
        exception = layers.exceptions.get(day)
        if exception is not None and exception.closes_day:
            yield SESSION_ON_CLOSED_DAY.at(path, key, day=day)


def _unknown(path: str, key: str, id_: str, known: Mapping[str, object]) -> Problem:
    return UNKNOWN_ID.at(path, key, what=id_, allowed=", ".join(sorted(known)))
