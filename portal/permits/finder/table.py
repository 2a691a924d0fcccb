"""The decision table: questions, groups, bands, rules, overlays and referrals, as people write them in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import msgspec

from portal.content.document import Certainty, LocalText, Source
from portal.permits.nationality import NationalityList, boundaries
from portal.permits.permit import Kind

UNKNOWN = "unknown"
DIMENSIONS = ("location", "nationality", "document", "purpose", "stay", "status", "goal", "role")


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a rule or an overlay holds; a dimension that is left out does not matter."""

    location: tuple[str, ...] = ()
    nationality: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    role: tuple[str, ...] = ()

    def of(self, dimension: str) -> tuple[str, ...]:
        """The values asked for in that dimension; none means any."""
        values: tuple[str, ...] = getattr(self, dimension)
        return values


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the table: in which case, which permit, which others, and why."""

    priority: int
    when: Condition
    primary: tuple[str, ...]
    alternatives: tuple[str, ...] = ()
    explain: LocalText = LocalText()
    like: str = ""
    legal_basis: tuple[str, ...] = ()
    articles: dict[str, str] = {}
    valid_from: date | None = None
    valid_to: date | None = None
    certainty: Certainty = "sourced"
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the rule is in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer that a reader may choose; `was` holds names under which old addresses know it."""

    label: LocalText
    help: LocalText = LocalText()
    group: str = ""
    was: tuple[str, ...] = ()


class OptionGroup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A family of options that is asked for first, so that no page is too long."""

    label: LocalText
    help: LocalText = LocalText()


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question: its words, its answers, and after which answers it is asked."""

    title: LocalText
    short: LocalText
    kind: Literal["country", "choice", "days"] = "choice"
    help: LocalText = LocalText()
    asked_when: dict[str, tuple[str, ...]] = {}
    unless: dict[str, tuple[str, ...]] = {}
    groups: dict[str, OptionGroup] = {}
    options: dict[str, Option] = {}
    unknown: LocalText = LocalText()
    maximum: int | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """The ids of the answers that can be chosen, with "I don't know" last where it is offered."""
        return (*self.options, UNKNOWN) if self.unknown else tuple(self.options)


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A length of stay in days, both ends included; without an end it is open."""

    label: LocalText
    from_days: int
    to_days: int | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group of nationalities: those on a list and in no group before it; no list means all the rest."""

    name: LocalText
    list: str = ""


class Effect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a notice changes in the facts of a visa or stay permit.

    `guarantor` = one is needed whatever the permit says; `route` takes the place of the permit's own route; `without`
    and `papers` are ids of papers that are left out and added; `extension` stands beside how the stay is extended;
    `closes` are kinds of permit that the case may not have, so that an answer of such a kind contradicts the notice.
    """

    guarantor: bool = False
    route: str = ""
    papers: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    extension: LocalText = LocalText()
    closes: tuple[Kind, ...] = ()


class Overlay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice that is added to any answer in its case."""

    when: Condition
    text: LocalText
    title: LocalText
    effect: Effect = Effect()
    certainty: Certainty = "sourced"
    legal_basis: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Referral(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An outcome that is no permit: whom to ask, or what to do instead."""

    title: LocalText
    text: LocalText
    links: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class Unreached(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A permit to which no rule leads, and the reason why that is right."""

    reason: LocalText


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table as a whole: its version and the first day for which its answers hold."""

    version: date
    covers_from: date
    covers: LocalText
    not_covered: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Outcome:
    """What the table needs to know of a permit or referral: code, page, who may have it, its basis and its kind."""

    code: str
    slug: str = ""
    open_to: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    kind: str = ""

    @property
    def is_referral(self) -> bool:
        """Whether this sends the reader to somebody instead of naming a permit."""
        return not self.slug


@dataclass(frozen=True)
class DecisionTable:
    """Everything from which an answer is worked out; immutable."""

    settings: Settings
    questions: Mapping[str, Question]
    groups: Mapping[str, Group]
    bands: Mapping[str, Band]
    rules: Mapping[str, Rule]
    overlays: Mapping[str, Overlay]
    referrals: Mapping[str, Referral]
    unreached: Mapping[str, Unreached]
    lists: Mapping[str, NationalityList]
    outcomes: Mapping[str, Outcome]

    @cached_property
    def ordered(self) -> tuple[tuple[str, Rule], ...]:
        """The rules in the order in which they are tried: small priority first, then as written."""
        return tuple(sorted(self.rules.items(), key=lambda item: item[1].priority))

    @cached_property
    def _by_case(self) -> dict[tuple[str, ...], tuple[tuple[str, Rule], ...]]:
        return {}

    def ordered_for(self, case: Mapping[str, str]) -> tuple[tuple[str, Rule], ...]:
        """The rules in order whose conditions fit these answers; nationality, document and day are not compared.

        Cached by the answers for the lifetime of the table.
        """
        key = tuple(case.values())
        rules = self._by_case.get(key)
        if rules is None:
            rules = tuple(
                (id_, rule)
                for id_, rule in self.ordered
                if all(not (values := rule.when.of(name)) or value in values for name, value in case.items())
            )
            self._by_case[key] = rules
        return rules

    @cached_property
    def boundaries(self) -> tuple[date, ...]:
        """Every day from the first covered one on which answers may become others, in order."""
        first = self.settings.covers_from
        days = set(boundaries(self.lists.values()))
        for rule in self.rules.values():
            if rule.valid_from:
                days.add(rule.valid_from)
            if rule.valid_to:
                days.add(rule.valid_to + timedelta(days=1))
        return (first, *sorted(day for day in days if day > first))

    def band_of(self, days: int) -> str:
        """The id of the band in which that many days fall; empty when none does."""
        for id_, band in self.bands.items():
            if band.from_days <= days and (band.to_days is None or days <= band.to_days):
                return id_
        return ""

    def explanation(self, rule_id: str) -> LocalText:
        """Why the rule says what it says, by way of `like` where it shares the words of another rule."""
        visited: set[str] = set()
        while rule_id in self.rules and rule_id not in visited:
            visited.add(rule_id)
            rule = self.rules[rule_id]
            if not rule.like:
                return rule.explain
            rule_id = rule.like
        return LocalText()
