"""Laws as a basis: each one is in force on the day for which it is cited, and a replaced one has an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from portal.content.catalogue import Catalogue
from portal.content.document import Document
from portal.content.problems import Problem, ProblemKind
from portal.content.reference import DatedValue, Law
from portal.messages import N_

NOT_IN_FORCE = ProblemKind(
    "law-not-in-force",
    "names %(law)s as the basis on %(day)s, when it was not in force",
    N_("The rule %(law)s is not in force on %(day)s. Choose the rule that holds then."),
)
REPLACED_WITHOUT_END = ProblemKind(
    "law-not-in-force", "is replaced by '%(by)s' from %(day)s on, but has no `until` before that day"
)


def law_problems(catalogue: Catalogue, today: date) -> Iterator[Problem]:
    """Laws that are cited for days on which they do not hold, by dated values and by published documents."""
    laws = catalogue.reference("laws")
    yield from _replaced(laws.items())
    for name, records in catalogue.references.items():
        for id_, record in records.items():
            values = getattr(record, "values", ())
            for value in values if isinstance(values, tuple) else ():
                if isinstance(value, DatedValue):
                    day = nearest_day(value, today)
                    yield from _cited(laws, value.legal_basis, day, f"reference/{name}.yaml", f"{id_}.values")
    for kind in catalogue.kinds():
        for document in catalogue.all(kind):
            yield from _of_document(laws, document, today)


def nearest_day(value: DatedValue, today: date) -> date:
    """The day nearest to today on which the value holds."""
    if value.valid_from and today < value.valid_from:
        return value.valid_from
    if value.valid_to and value.valid_to < today:
        return value.valid_to
    return today


def _of_document(laws: Mapping[str, Law], document: Document, today: date) -> Iterator[Problem]:
    facts = document.facts
    if facts.status == "published":
        # What tells of one day rests on the rules of that day.
        day = getattr(facts, "published_on", None) or today
        yield from _cited(laws, facts.legal_basis, day, f"{document.key}/facts.yaml", "legal_basis")


def _cited(laws: Mapping[str, Law], ids: Iterable[str], day: date, path: str, key: str) -> Iterator[Problem]:
    for id_ in ids:
        law = laws.get(id_)
        if law is not None and not law.holds_on(day):
            yield NOT_IN_FORCE.at(path, key, law=law.number, day=day)


def _replaced(laws: Iterable[tuple[str, Law]]) -> Iterator[Problem]:
    known = dict(laws)
    for id_, law in known.items():
        for old in law.replaces:
            if law.since and old in known and known[old].holds_on(law.since):
                yield REPLACED_WITHOUT_END.at("reference/laws.yaml", old, by=id_, day=law.since)
