"""What the content check finds in events beyond each file's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.document import Document
from portal.content.problems import Problem, ProblemKind
from portal.events.event import EVENT, EventFacts
from portal.messages import N_

# Addresses of the public views, which no event may take.
RESERVED = frozenset({"registration", "requests", "calendar.ics"})

RESERVED_NAME = ProblemKind("schema", "may not be named '%(name)s', which is an address of its own")
UNKNOWN_ID = ProblemKind(
    "schema",
    "names '%(what)s', which does not exist; allowed: %(allowed)s",
    N_("There is no page “%(what)s”. Choose another."),
)
UNKNOWN_QUESTION = ProblemKind("schema", "names '%(name)s', which is no question; write faq/<name>")
UNKNOWN_FILE = ProblemKind(
    "schema",
    "names '%(what)s', which does not exist; upload it or remove the line",
    N_("There is no page “%(what)s”. Choose another."),
)
NO_CONSENT = ProblemKind(
    "consent", "'%(file)s' is not shown, since not everyone in it agreed; remove it when they do not", is_warning=True
)
SEQUENCE_NOT_RAISED = ProblemKind("sequence", "is %(sequence)s though a time, place or state changed; write %(wanted)s")


def problems(catalogue: Catalogue, context: Context) -> Iterator[Problem]:
    """Unknown places, districts, contacts and questions, missing files, names taken, sequences not raised."""
    for document in catalogue.all(EVENT.kind):
        path = f"{EVENT.kind}/{document.slug}/facts.yaml"
        if document.slug in RESERVED:
            yield RESERVED_NAME.at(path, name=document.slug)
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
    path, wanted = f"{EVENT.kind}/{edited.slug}/facts.yaml", published.facts.sequence + 1
    return SEQUENCE_NOT_RAISED.at(path, "sequence", sequence=edited.facts.sequence, wanted=wanted)


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
            yield UNKNOWN_QUESTION.at(path, "afterwards.questions", name=key)


def _files(catalogue: Catalogue, facts: EventFacts, path: str) -> Iterator[Problem]:
    photos = facts.afterwards.photos if facts.afterwards else ()
    for key, file in [
        *(("materials", one.file) for one in facts.materials),
        *(("afterwards.photos", one.file) for one in photos),
    ]:
        if f"media/{file}" not in catalogue.media:
            yield UNKNOWN_FILE.at(path, key, what=f"media/{file}")
    for photo in photos:
        if not photo.consent:
            yield NO_CONSENT.at(path, "afterwards.photos", file=photo.file)


def _unknown(path: str, key: str, id_: str, known: Mapping[str, object]) -> Problem:
    return UNKNOWN_ID.at(path, key, what=id_, allowed=", ".join(sorted(known)))
