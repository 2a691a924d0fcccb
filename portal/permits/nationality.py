"""Nationality lists: which countries stand on a list on a day, with the decree that put them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from portal.content.document import Certainty, LocalText, Source
from portal.content.reference import ReferenceType


class Membership(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of a country on a list; without `valid_from` the first day is not known, only the day of reading."""

    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether the country stands on the list on that day; an unknown first day counts as earlier."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class NationalityList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of nationalities with what it means, its decrees and, per country, the days it holds."""

    name: LocalText
    summary: LocalText
    members: dict[str, tuple[Membership, ...]]
    legal_basis: tuple[str, ...] = ()
    read_on: date | None = None
    certainty: Certainty = "check"
    note: LocalText = LocalText()
    sources: tuple[Source, ...] = ()
    facts: tuple[str, ...] = ()

    def membership_on(self, country: str, day: date) -> Membership | None:
        """The membership of that country on that day, or nothing."""
        return next((m for m in self.members.get(country, ()) if m.holds_on(day)), None)

    def countries_on(self, day: date) -> tuple[str, ...]:
        """The codes of all countries on the list on that day, in alphabetical order."""
        return tuple(sorted(code for code in self.members if self.membership_on(code, day)))

    def changes(self) -> tuple[ListChange, ...]:
        """Every dated arrival and departure, newest first."""
        changes: list[ListChange] = []
        for country, memberships in self.members.items():
            for membership in memberships:
                if membership.valid_from:
                    changes.append(ListChange(membership.valid_from, country, True, membership.legal_basis))
                if membership.valid_to:
                    leaves_on = membership.valid_to + timedelta(days=1)
                    changes.append(ListChange(leaves_on, country, False, membership.legal_basis))
        return tuple(sorted(changes, key=lambda change: (-change.on.toordinal(), change.country)))


@dataclass(frozen=True)
class ListChange:
    """The day on which a country joins a list, or the first day on which it no longer stands there."""

    on: date
    country: str
    joins: bool
    legal_basis: tuple[str, ...]


NATIONALITY_LISTS = ReferenceType("nationality-lists", NationalityList)


def boundaries(lists: Iterable[NationalityList]) -> frozenset[date]:
    """Every day on which any of the lists becomes another one."""
    return frozenset(change.on for list_ in lists for change in list_.changes())


def lists_of(country: str, lists: Mapping[str, NationalityList], day: date) -> frozenset[str]:
    """The ids of the lists on which that country stands on that day."""
    return frozenset(id_ for id_, list_ in lists.items() if list_.membership_on(country, day))
