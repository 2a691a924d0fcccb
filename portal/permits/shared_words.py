"""What many permits have in common: the route of an application, what a visit never allows, papers that all need."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import UNKNOWN_ID, Context
from portal.content.document import LocalText
from portal.content.problems import Problem, ProblemKind
from portal.content.reference import ReferenceType
from portal.messages import N_
from portal.permits.permit import Kind, PermitFacts

FORBIDS_ITS_PURPOSE = ProblemKind(
    "contradiction",
    "forbids '%(limit)s', but is for '%(purpose)s'",
    N_("The page forbids “%(limit)s” and is for “%(purpose)s”. Take one of them away."),
)


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a route; with `forms` it is shown on permits of these kinds alone."""

    title: LocalText
    text: LocalText
    forms: tuple[Kind, ...] = ()


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way of applying that many permits share: where, and step by step."""

    name: LocalText
    where: LocalText
    steps: tuple[Step, ...]
    facts: tuple[str, ...] = ()


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that permits forbid, as it stands below "You may not"; no permit for one of `purposes` may name it."""

    name: LocalText
    purposes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the list of documents."""

    name: LocalText
    facts: tuple[str, ...] = ()


ROUTES = ReferenceType("permit-routes", Route)
LIMITS = ReferenceType("permit-limits", Limit)
PAPERS = ReferenceType("permit-papers", Paper)
SHARED_REFERENCES = (ROUTES, LIMITS, PAPERS)


def shared_words_check(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    """Ids that no list has, and permits that forbid what they are for."""
    limits: dict[str, Limit] = dict(catalogue.reference(LIMITS.name))
    for permit in catalogue.all("permits"):
        facts: PermitFacts = permit.facts
        path = f"{permit.key}/facts.yaml"
        ids = {"route": (facts.route,) if facts.route else (), "limits": facts.limits, "papers": facts.papers}
        for key, reference in (("route", ROUTES), ("limits", LIMITS), ("papers", PAPERS)):
            for id_ in ids[key]:
                if id_ not in catalogue.reference(reference.name):
                    yield UNKNOWN_ID.at(path, key, what=id_, reference=reference.name)
        for id_ in facts.limits:
            for purpose in limits[id_].purposes if id_ in limits else ():
                if purpose in facts.purposes:
                    yield FORBIDS_ITS_PURPOSE.at(path, "limits", limit=id_, purpose=purpose)
