"""From a situation to an answer: the first rule in order that still names a permit open to this nationality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.permits.finder.table import UNKNOWN, Condition, DecisionTable, Effect, Rule
from portal.permits.nationality import lists_of

PASSPORT = "passport"
TWO_PASSPORTS = "two_passports"
OTHER_DOCUMENT = "other"
TRAVELLER_DIMENSIONS = ("nationality", "document")


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A reader's answers: codes of countries, ids of options, days of stay; empty = not asked."""

    location: str
    nationality: str = ""
    second: str = ""
    document: str = PASSPORT
    purpose: str = ""
    stay: int | str = ""
    status: str = ""
    goal: str = ""
    role: str = ""


@dataclass(frozen=True)
class Traits:
    """A situation in the terms of the table on one day: values by dimension, and the lists and code of the country."""

    values: Mapping[str, frozenset[str]]
    open_to: frozenset[str]

    def fit(self, condition: Condition, dimensions: Iterable[str]) -> bool:
        """Whether the condition holds in all of these dimensions."""
        return all(
            not (accepted := condition.of(dimension)) or not self.values[dimension].isdisjoint(accepted)
            for dimension in dimensions
        )


@dataclass(frozen=True)
class Decision:
    """An answer: the rule that gave it, the codes it names, and the notices that go with it."""

    rule_id: str
    rule: Rule
    primary: str
    alternatives: tuple[str, ...]
    overlays: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes two answers the same for a reader."""
        return self.rule_id, self.primary, self.overlays


@dataclass(frozen=True)
class DatedDecision:
    """An answer for an arrival day, with the neighbouring days on which it was or becomes another."""

    day: date
    decision: Decision
    since: date | None
    before: Decision | None
    changes_on: date | None
    after: Decision | None


class NotCovered(Exception):
    """The arrival day lies before the first day of the data; carries that first day."""

    def __init__(self, first: date) -> None:
        super().__init__(f"answers hold from {first.isoformat()}")
        self.first = first


class NoAnswer(Exception):
    """No rule answers this situation; `flask check-finder` names such holes."""


def group_of(country: str, table: DecisionTable, day: date) -> str:
    """The first group, in the order of the table, to which that nationality belongs on that day."""
    lists = lists_of(country, table.lists, day)
    for id_, group in table.groups.items():
        if not group.list or group.list in lists:
            return id_
    return UNKNOWN


def traits_of(situation: Situation, table: DecisionTable, day: date) -> Traits:
    """The situation in the terms of the table on that day."""
    document, nationality, open_to = _person(situation, table, day)
    stay = situation.stay if isinstance(situation.stay, str) else table.band_of(situation.stay)
    answers = {
        "location": situation.location,
        "document": document,
        "purpose": situation.purpose,
        "stay": stay,
        "status": situation.status,
        "goal": situation.goal,
        "role": situation.role,
    }
    values = {name: frozenset((value,) if value else ()) for name, value in answers.items()}
    return Traits(values | {"nationality": nationality}, open_to)


def _person(situation: Situation, table: DecisionTable, day: date) -> tuple[str, frozenset[str], frozenset[str]]:
    if situation.document == OTHER_DOCUMENT:
        rest = next((id_ for id_, group in table.groups.items() if not group.list), UNKNOWN)
        return OTHER_DOCUMENT, frozenset((rest,)), frozenset()
    if situation.nationality in ("", UNKNOWN):
        return PASSPORT, frozenset((situation.nationality,) if situation.nationality else ()), frozenset()
    country = situation.nationality
    group = group_of(country, table, day)
    document = TWO_PASSPORTS if situation.second else PASSPORT
    return document, frozenset((group, country)), lists_of(country, table.lists, day) | {country}


def is_open(code: str, table: DecisionTable, traits: Traits) -> bool:
    """Whether a person with these traits may have that permit at all."""
    outcome = table.outcomes.get(code)
    return outcome is not None and (not outcome.open_to or not traits.open_to.isdisjoint(outcome.open_to))


def decide(table: DecisionTable, traits: Traits, day: date) -> Decision | None:
    """The answer of the first rule that matches and still has a permit; none when there is a hole."""
    case = {name: next(iter(values), "") for name, values in traits.values.items() if name not in TRAVELLER_DIMENSIONS}
    for rule_id, rule in table.ordered_for(case):
        if rule.holds_on(day) and traits.fit(rule.when, TRAVELLER_DIMENSIONS):
            primary = [code for code in rule.primary if is_open(code, table, traits)]
            if primary:
                others = [*primary[1:], *(c for c in rule.alternatives if is_open(c, table, traits))]
                overlays = tuple(i for i, o in table.overlays.items() if traits.fit(o.when, traits.values))
                return Decision(rule_id, rule, primary[0], tuple(dict.fromkeys(others)), overlays)
    return None


def answer(table: DecisionTable, situation: Situation, day: date) -> DatedDecision:
    """The answer for that arrival day and its neighbours in time; raises NotCovered or NoAnswer."""
    if day < table.settings.covers_from:
        raise NotCovered(table.settings.covers_from)
    current = decide(table, traits_of(situation, table, day), day)
    if current is None:
        raise NoAnswer(str(situation))
    since, before = _earlier(table, situation, current, day)
    changes_on, after = _later(table, situation, current, day)
    return DatedDecision(day, current, since, before, changes_on, after)


def _earlier(
    table: DecisionTable, situation: Situation, current: Decision, day: date
) -> tuple[date | None, Decision | None]:
    for boundary in reversed([b for b in table.boundaries[1:] if b <= day]):
        eve = boundary - timedelta(days=1)
        other = decide(table, traits_of(situation, table, eve), eve)
        if other and other.key != current.key:
            return boundary, other
    return None, None


def _later(
    table: DecisionTable, situation: Situation, current: Decision, day: date
) -> tuple[date | None, Decision | None]:
    for boundary in (b for b in table.boundaries if b > day):
        other = decide(table, traits_of(situation, table, boundary), boundary)
        if other and other.key != current.key:
            return boundary, other
    return None, None


def effects_of(decision: Decision, table: DecisionTable) -> tuple[Effect, ...]:
    """What the notices of the answer change in the permit's own facts; nothing for procedures and referrals."""
    outcome = table.outcomes[decision.primary]
    if outcome.is_referral or outcome.kind == "procedure":
        return ()
    return tuple(table.overlays[id_].effect for id_ in decision.overlays)


def basis_of(decision: Decision, table: DecisionTable) -> tuple[str, ...]:
    """The laws behind the answer: the rule's own, else those of the permit; a referral may have none."""
    return decision.rule.legal_basis or table.outcomes[decision.primary].legal_basis
