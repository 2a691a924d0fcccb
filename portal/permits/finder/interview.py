"""The questions as a conversation: what an address already answers, what is wrong in it, and what to ask next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.permits.countries import Countries
from portal.permits.finder.evaluation import OTHER_DOCUMENT, PASSPORT, Situation
from portal.permits.finder.space import is_asked
from portal.permits.finder.table import UNKNOWN, DecisionTable, Question

ARRIVING = "arriving"
GROUP = "group"
NATIONALITY = "nationality"
SECOND = "second"
DOCUMENT = "document"
STAY = "stay"
PARAMETERS = (NATIONALITY, SECOND, DOCUMENT, "location", "role", GROUP, "purpose", STAY, "status", "goal", ARRIVING)
CONTROL = ("unit", "ask", "step", "seen")
UNITS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
LONGEST_AHEAD = timedelta(days=5 * 365)
WHOLE = re.compile(r"[+-]?\d{1,9}")
LONGEST_ECHO = 60


@dataclass(frozen=True)
class Wrong:
    """An answer that cannot be taken: the field, what is wrong with it, what was typed, what was perhaps meant."""

    field: str
    code: str
    typed: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A parameter that was passed over or read as another one."""

    code: str
    name: str


@dataclass(frozen=True)
class Interview:
    """Where a reader stands: answers in the form of addresses, faults, and the question to ask (none: answer)."""

    answers: Mapping[str, str]
    asked: str
    path: tuple[str, ...]
    wrong: tuple[Wrong, ...] = ()
    notices: tuple[Notice, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict)
    arriving: date | None = None
    is_canonical: bool = True

    @property
    def situation(self) -> Situation:
        """The answers as the table takes them."""
        stay = self.answers.get(STAY, "")
        return Situation(
            location=self.answers.get("location", ""),
            nationality=self.answers.get(NATIONALITY, ""),
            second=self.answers.get(SECOND, ""),
            document=self.answers.get(DOCUMENT, PASSPORT),
            purpose=self.answers.get("purpose", ""),
            stay=int(stay) if stay.isdecimal() else stay,
            status=self.answers.get("status", ""),
            goal=self.answers.get("goal", ""),
            role=self.answers.get("role", ""),
        )

    def without(self, name: str) -> dict[str, str]:
        """Everything answered except this question, for a form that asks it again."""
        dropped = {name, *((SECOND, DOCUMENT) if name == NATIONALITY else ()), *((GROUP,) if name == "purpose" else ())}
        return {key: value for key, value in self.carried.items() if key not in dropped}


def read(given: Mapping[str, Sequence[str]], table: DecisionTable, countries: Countries, *, today: date) -> Interview:
    """The state of the conversation that these parameters describe; nothing in them is trusted."""
    reading = _Reading({name: list(values) for name, values in given.items()}, table, countries)
    for id_, question in table.questions.items():
        if is_asked(question, reading.foreseen):
            reading.take(id_, question)
    arriving = reading.take_arriving(today)
    asked = reading.first_open
    wanted = reading.one("ask")
    if wanted and not reading.wrong and wanted in (*reading.path, ARRIVING):
        asked = wanted
    return Interview(
        answers=reading.answers,
        asked=asked,
        path=tuple(reading.path),
        wrong=tuple(reading.wrong),
        notices=tuple(reading.notices()),
        carried=reading.carried(),
        arriving=arriving,
        is_canonical=reading.is_canonical,
    )


class _Reading:
    """Takes one answer after the other and remembers the first that is open."""

    def __init__(self, given: dict[str, list[str]], table: DecisionTable, countries: Countries) -> None:
        self.given = given
        self.table = table
        self.countries = countries
        self.answers: dict[str, str] = {}
        self.path: list[str] = []
        self.wrong: list[Wrong] = []
        self.renamed: list[Notice] = []
        self.first_open = ""
        self.is_canonical = True

    def one(self, name: str) -> str:
        """The first value of a parameter, cut to a length that nobody types."""
        return (self.given.get(name) or [""])[0].strip()[:200]

    @property
    def foreseen(self) -> dict[str, str]:
        """The answers taken so far, and what the address says to questions that come later."""
        return {name: self.one(name) for name in self.table.questions if self.one(name)} | self.answers

    def take(self, id_: str, question: Question) -> None:
        """Read one answer; a missing or wrong one becomes the question to ask."""
        self.path.append(id_)
        takers = {"country": self._country, "choice": self._choice, "days": self._days}
        value = takers[question.kind](id_, question)
        if value:
            self.answers[id_] = value
        elif question.kind != "country" or self.answers.get(DOCUMENT) != OTHER_DOCUMENT:
            self.first_open = self.first_open or id_
            if self.one("step") == id_ and not self.wrong:
                self._refuse(id_, "empty", "")

    def _country(self, id_: str, question: Question) -> str:
        document = self.one(DOCUMENT)
        if document == OTHER_DOCUMENT:
            self.answers[DOCUMENT] = OTHER_DOCUMENT
            return ""
        if document == UNKNOWN:
            self.is_canonical = False
            return UNKNOWN
        if document not in ("", PASSPORT):
            self._refuse(DOCUMENT, "choice", document)
        self.is_canonical = self.is_canonical and not document
        if len(set(self.given.get(id_, []))) > 1:
            self._refuse(id_, "twice", self.one(id_))
            return ""
        value = self._matched(id_)
        second = self._matched(SECOND) if value not in ("", UNKNOWN) else ""
        if second and second == value:
            self._refuse(SECOND, "same", self.one(SECOND))
            return ""
        if second:
            self.answers[SECOND] = second
        return "" if any(wrong.field in (SECOND, DOCUMENT) for wrong in self.wrong) else value

    def _matched(self, name: str) -> str:
        typed = self.one(name)
        if typed in ("", UNKNOWN):
            return typed if name == NATIONALITY else ""
        match = self.countries.match(typed)
        if not match.code:
            self.wrong.append(Wrong(name, "country", typed[:LONGEST_ECHO], match.suggestions))
        elif match.code != typed:
            self.is_canonical = False
        return match.code

    def _choice(self, id_: str, question: Question) -> str:
        typed = self.one(id_)
        if not typed:
            return self._only_option(question) if id_ == "purpose" else ""
        if typed in question.values:
            return typed
        for key, option in question.options.items():
            if typed in option.was:
                self.renamed.append(Notice("renamed", id_))
                self.is_canonical = False
                return key
        self._refuse(id_, "choice", typed)
        return ""

    def _only_option(self, question: Question) -> str:
        """A group with a single option, and "I don't know", answer the question themselves."""
        group = self.one(GROUP)
        if group and group != UNKNOWN and group not in question.groups:
            self._refuse(GROUP, "choice", group)
        inside = [key for key, option in question.options.items() if group and option.group == group]
        if group == UNKNOWN or len(inside) == 1:
            self.is_canonical = False
            return inside[0] if inside else UNKNOWN
        return ""

    def _days(self, id_: str, question: Question) -> str:
        typed = self.one(id_)
        if typed in ("", UNKNOWN):
            return typed
        unit = self.one("unit")
        if not WHOLE.fullmatch(typed) or unit not in ("", *UNITS):
            self._refuse(id_, "number", typed)
            return ""
        days = int(typed) * UNITS.get(unit, 1)
        if days < 1:
            self._refuse(id_, "low", typed)
        elif question.maximum and days > question.maximum:
            self._refuse(id_, "high", typed)
        else:
            if str(days) != typed or unit:
                self.is_canonical = False
            return str(days)
        return ""

    def take_arriving(self, today: date) -> date | None:
        """The day of arrival, when one was given and exists."""
        typed = self.one(ARRIVING)
        if not typed:
            return None
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            day = None
        if day is None or day > today + LONGEST_AHEAD:
            self._refuse(ARRIVING, "date" if day is None else "late", typed)
            self.first_open = self.first_open or ARRIVING
            return None
        self.answers[ARRIVING] = day.isoformat()
        return day

    def _refuse(self, name: str, code: str, typed: str) -> None:
        self.wrong.append(Wrong(name, code, typed[:LONGEST_ECHO]))

    def notices(self) -> list[Notice]:
        """What was renamed, and the parameters that mean nothing here."""
        strange = [name for name in self.given if name not in (*PARAMETERS, *CONTROL)]
        needless = [n for n in PARAMETERS if self.one(n) and n in self.table.questions and n not in self.path]
        return [
            *self.renamed,
            *(Notice("strange", name[:LONGEST_ECHO]) for name in strange[:3]),
            *(Notice("needless", name) for name in needless),
        ]

    def carried(self) -> dict[str, str]:
        """Every answer worth keeping in the address: the valid ones, and what later questions already hold."""
        refused = {wrong.field for wrong in self.wrong}
        raw = {name: self.one(name) for name in PARAMETERS if self.one(name) and name not in refused}
        kept = {name: value for name, value in (raw | self.answers).items() if name in PARAMETERS}
        return kept if kept.get(DOCUMENT) == OTHER_DOCUMENT else {k: v for k, v in kept.items() if k != DOCUMENT}
