"""What the content check finds in events beyond each file's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.document import Document
from portal.content.parsing import Problem
from portal.events.event import EVENT, EventFacts

# Addresses of the room itself.
RESERVED = frozenset({"registration", "requests", "calendar.ics"})


def problems(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    """Unknown places, districts, contacts and questions, missing files, names taken, sequences not raised."""
    for document in catalogue.all(EVENT.kind):
        path = f"{EVENT.kind}/{document.slug}/facts.yaml"
        if document.slug in RESERVED:
            yield Problem(path, "", f"may not be named '{document.slug}', which is an address of its own")
        yield from _ids(catalogue, document.facts, path)
        yield from _files(catalogue, document.facts, path)
        published = context.baseline.get(EVENT.kind, document.slug) if context.baseline else None
        if published is not None and (problem := sequence_problem(published, document)):
            yield problem


def stamp(document: Document) -> tuple[object, ...]:
    """What a calendar file shows of time, place and state; a change of it must raise `sequence`."""
    facts: EventFacts = document.facts
    is_off = facts.cancelled or facts.status == "withdrawn"
    return (facts.starts, facts.ends, facts.place, facts.venue, facts.state == "planned", is_off)


def sequence_problem(published: Document, edited: Document) -> Problem | None:
    """The problem of an edit that changes time, place or state without raising `sequence`, or None."""
    if stamp(published) == stamp(edited) or edited.facts.sequence > published.facts.sequence:
        return None
    message = f"is {edited.facts.sequence} though a time, place or state changed; write {published.facts.sequence + 1}"
    return Problem(f"{EVENT.kind}/{edited.slug}/facts.yaml", "sequence", message, rule="sequence")


def _ids(catalogue: Catalogue, facts: EventFacts, path: str) -> Iterator[Problem]:
    places, districts = catalogue.reference("places"), catalogue.reference("districts")
    contacts = catalogue.reference("contacts")
    named = [("place", facts.place, places), ("district", facts.district, districts)]
    named += [("contacts", id_, contacts) for id_ in facts.contacts]
    if facts.was is not None:
        named.append(("was.place", facts.was.place, places))
    for key, id_, known in named:
        if id_ and id_ not in known:
            yield _unknown(path, key, id_, known)
    for key in facts.afterwards.questions if facts.afterwards else ():
        if catalogue.find(key if "/" in key else f"faq/{key}") is None:
            yield Problem(path, "afterwards.questions", f"names '{key}', which is no question; write faq/<name>")


def _files(catalogue: Catalogue, facts: EventFacts, path: str) -> Iterator[Problem]:
    photos = facts.afterwards.photos if facts.afterwards else ()
    for key, file in [
        *(("materials", one.file) for one in facts.materials),
        *(("afterwards.photos", one.file) for one in photos),
    ]:
        if f"media/{file}" not in catalogue.media:
            yield Problem(path, key, f"names 'media/{file}', which does not exist; upload it or remove the line")
    for photo in photos:
        if not photo.consent:
            message = f"'{photo.file}' is not shown, since not everyone in it agreed; remove it when they do not"
            yield Problem(path, "afterwards.photos", message, is_warning=True, rule="consent")


def _unknown(path: str, key: str, found: str, known: Mapping[str, object]) -> Problem:
    return Problem(path, key, f"names '{found}', which does not exist; allowed: {', '.join(sorted(known))}")
