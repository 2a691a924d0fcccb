"""The space of situations by classes: every route through the questions, nationality class and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.permits.countries import iso_codes
from portal.permits.finder.evaluation import (
    OTHER_DOCUMENT,
    PASSPORT,
    TWO_PASSPORTS,
    Situation,
    Traits,
    traits_of,
)
from portal.permits.finder.table import UNKNOWN, DecisionTable, Question

Route = Mapping[str, str]
NOT_ASKED = ""


@dataclass(frozen=True)
class Period:
    """Days, both ends included, on which no list and no rule changes; the last one is open."""

    first: date
    last: date | None


@dataclass(frozen=True)
class NationalityClass:
    """Countries that the table cannot tell apart in a period; stands for one traveller's document."""

    countries: tuple[str, ...]
    document: str
    traits: Traits


@dataclass(frozen=True)
class Cell:
    """One class of situations: a period, a nationality class, and one route through the questions."""

    period: Period
    nationality: NationalityClass
    route: Route

    @property
    def traits(self) -> Traits:
        """What the table sees of this cell."""
        values = dict(self.nationality.traits.values)
        for dimension in values:
            if dimension not in ("nationality", "document"):
                values[dimension] = frozenset((self.route[dimension],)) if dimension in self.route else frozenset()
        return replace(self.nationality.traits, values=values)


def periods(table: DecisionTable) -> tuple[Period, ...]:
    """The periods between the boundaries of the table."""
    starts = table.boundaries
    ends = [start - timedelta(days=1) for start in starts[1:]]
    return tuple(Period(start, end) for start, end in zip(starts, [*ends, None], strict=True))


def named_countries(table: DecisionTable) -> frozenset[str]:
    """Countries that a rule or a permit names by their own code, so that each is a class of its own."""
    values = {value for rule in table.rules.values() for value in rule.when.nationality}
    values |= {value for outcome in table.outcomes.values() for value in outcome.open_to}
    return frozenset(values & set(iso_codes()))


def nationality_classes(table: DecisionTable, day: date) -> tuple[NationalityClass, ...]:
    """All classes on that day: each with one passport and with two, and those without a national passport."""
    named = named_countries(table)
    classes: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for code in iso_codes():
        traits = traits_of(Situation(location="", nationality=code), table, day)
        hidden = {code} - named
        classes.setdefault((traits.values["nationality"] - hidden, traits.open_to - hidden), []).append(code)
    return (
        *(
            NationalityClass(tuple(codes), document, Traits(_values(nationality, document), open_to))
            for (nationality, open_to), codes in classes.items()
            for document in (PASSPORT, TWO_PASSPORTS)
        ),
        _class_of(Situation(location="", document=OTHER_DOCUMENT), OTHER_DOCUMENT, table, day=day),
        _class_of(Situation(location="", nationality=UNKNOWN), PASSPORT, table, day=day),
        _class_of(Situation(location=""), NOT_ASKED, table, day=day),
    )


def _class_of(situation: Situation, document: str, table: DecisionTable, *, day: date) -> NationalityClass:
    return NationalityClass((), document, traits_of(situation, table, day))


def _values(nationality: frozenset[str], document: str) -> dict[str, frozenset[str]]:
    empty = dict.fromkeys(("location", "purpose", "stay", "status", "goal", "role"), frozenset[str]())
    return empty | {"nationality": nationality, "document": frozenset((document,))}


def routes(table: DecisionTable) -> tuple[Route, ...]:
    """Every combination of answers to the questions with options or bands."""
    return tuple(_walk(table, list(table.questions.items()), {}))


def _walk(table: DecisionTable, questions: list[tuple[str, Question]], answers: dict[str, str]) -> Iterator[Route]:
    if not questions:
        yield dict(answers)
        return
    (id_, question), rest = questions[0], questions[1:]
    if question.kind == "country" or not is_asked(question, answers):
        yield from _walk(table, rest, answers)
        return
    for value in values_of(question, table):
        yield from _walk(table, rest, answers | {id_: value})


def values_of(question: Question, table: DecisionTable) -> tuple[str, ...]:
    """The classes of answers to a question: its options, or the bands of a length of stay."""
    if question.kind == "days":
        return (*table.bands, UNKNOWN) if question.unknown else tuple(table.bands)
    return question.values


def is_asked(question: Question, answers: Mapping[str, str]) -> bool:
    """Whether the question is asked after these answers."""
    applies = all(answers.get(other) in values for other, values in question.asked_when.items())
    return applies and not any(answers.get(other) in values for other, values in question.unless.items())


def asks_nationality(table: DecisionTable, route: Route) -> bool:
    """Whether the country is asked on this route."""
    return any(q.kind == "country" and is_asked(q, route) for q in table.questions.values())


def cells(table: DecisionTable) -> Iterator[Cell]:
    """Every cell of the space, period by period."""
    routes_ = [(route, asks_nationality(table, route)) for route in routes(table)]
    for period in periods(table):
        classes = nationality_classes(table, period.first)
        for route, needs_nationality in routes_:
            for class_ in classes:
                if needs_nationality == (class_.document != NOT_ASKED):
                    yield Cell(period, class_, route)
