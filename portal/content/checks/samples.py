"""Samples: what is invented rests on no source, is confirmed by nobody and happens at no real place."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.problems import Problem, ProblemKind
from portal.messages import N_

SAMPLE_WITH_SOURCES = ProblemKind(
    "sample",
    "belongs to a sample, which is invented; leave it out",
    N_("A sample is invented: it names no facts, no sources and no day of a check."),
)
SAMPLE_AT_REAL_PLACE = ProblemKind(
    "sample",
    "puts a sample at the real place '%(place)s'; give a `venue` in words",
    N_("A sample happens at no real place. Write an invented one."),
)


def sample_problems(catalogue: Catalogue, document: Document, folder: str) -> Iterator[Problem]:
    """What is wrong with a document that is a sample; nothing for any other one."""
    facts, path = document.facts, f"{folder}/facts.yaml"
    if not facts.sample:
        return
    for key in ("facts", "sources", "checked_on"):
        if getattr(facts, key):
            yield SAMPLE_WITH_SOURCES.at(path, key)
    places = catalogue.references.get("places", {})
    holders = [("place", facts), *((f"sessions.{one.id}.place", one) for one in getattr(facts, "sessions", ()))]
    for key, holder in holders:
        place = getattr(holder, "place", "")
        if place in places and not places[place].sample:
            yield SAMPLE_AT_REAL_PLACE.at(path, key, place=place)
