"""The state of the questions that an address describes: its answers, what is invalid in it, and what to ask next.

Nothing is stored between requests: every page of the finder reads the parameters of its address anew. Untrusted values
are cut, matched with the table, and either taken in canonical form, ignored with a notice, or refused with a code.
"""

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
ASK, CHANGE = "ask", "change"
"""The question to go back to, and the one to change; they differ in where "Back" leads from there."""
PARAMETERS = (NATIONALITY, SECOND, DOCUMENT, "location", "role", GROUP, "purpose", STAY, "status", "goal", ARRIVING)
CONTROL_PARAMETERS = ("unit", ASK, CHANGE, "step", "seen")
UNITS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
LONGEST_AHEAD = timedelta(days=5 * 365)
INTEGER = re.compile(r"[+-]?\d{1,9}")
LONGEST_VALUE, LONGEST_ECHO = 200, 60


@dataclass(frozen=True)
class InvalidAnswer:
    """An answer that cannot be used: its field, a code for the reason, the text typed, and suggested country codes."""

    field: str
    code: str
    typed: str = ""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """A parameter that was ignored (`strange`, `needless`) or read under another name (`renamed`)."""

    code: str
    name: str


@dataclass(frozen=True)
class Interview:
    """The state of the questions.

    `answers` are valid answers by question id, in canonical form; `path` the questions that are asked on this way, in
    order; `next_question` the one to ask, "" when all are answered. `carried` are the parameters worth keeping in
    further addresses: valid answers, and values for later questions that were not read yet. `is_canonical` tells that
    the address has the one form for these answers. `changing` tells that the reader came to change one answer.
    """

    answers: Mapping[str, str]
    next_question: str
    path: tuple[str, ...]
    invalid_answers: tuple[InvalidAnswer, ...] = ()
    notices: tuple[Notice, ...] = ()
    carried: Mapping[str, str] = field(default_factory=dict)
    arriving: date | None = None
    is_canonical: bool = True
    changing: bool = False

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


def read_interview(
    parameters: Mapping[str, Sequence[str]], table: DecisionTable, countries: Countries, *, today: date
) -> Interview:
    """The state that these parameters describe; they are not trusted."""
    reading = _AnswerReader(parameters, table, countries)
    for id_, question in table.questions.items():
        if is_asked(question, reading.known_answers):
            reading.read_answer(id_, question)
    arriving = reading.read_arrival(today)
    next_question = reading.first_unanswered
    changed = reading.first_value(CHANGE)
    reopened = changed or reading.first_value(ASK)
    is_reopened = not reading.invalid_answers and reopened in (*reading.path, ARRIVING)
    if is_reopened:
        next_question = reopened
    return Interview(
        answers=reading.answers,
        next_question=next_question,
        path=tuple(reading.path),
        invalid_answers=tuple(reading.invalid_answers),
        notices=tuple(reading.notices()),
        carried=reading.carried(),
        arriving=arriving,
        is_canonical=reading.is_canonical,
        changing=is_reopened and bool(changed),
    )


class _AnswerReader:
    """Reads one answer after the other and collects what is invalid and the first that is missing."""

    def __init__(self, parameters: Mapping[str, Sequence[str]], table: DecisionTable, countries: Countries) -> None:
        self.parameters = parameters
        self.table = table
        self.countries = countries
        self.answers: dict[str, str] = {}
        self.path: list[str] = []
        self.invalid_answers: list[InvalidAnswer] = []
        self.renamed: list[Notice] = []
        self.first_unanswered = ""
        self.is_canonical = True

    def first_value(self, name: str) -> str:
        """The first value of a parameter, cut at LONGEST_VALUE characters."""
        return (self.parameters.get(name) or [""])[0].strip()[:LONGEST_VALUE]

    @property
    def known_answers(self) -> dict[str, str]:
        """The answers read so far, and the unread values for later questions."""
        return {name: self.first_value(name) for name in self.table.questions if self.first_value(name)} | self.answers

    def read_answer(self, id_: str, question: Question) -> None:
        """Read one answer; a missing or invalid one becomes the question to ask."""
        self.path.append(id_)
        readers = {"country": self._country, "choice": self._choice, "days": self._days}
        value = readers[question.kind](id_, question)
        if value:
            self.answers[id_] = value
        elif question.kind != "country" or self.answers.get(DOCUMENT) != OTHER_DOCUMENT:
            self.first_unanswered = self.first_unanswered or id_
            if self.first_value("step") == id_ and not self.invalid_answers:
                self._reject(id_, "empty", "")

    def _country(self, id_: str, question: Question) -> str:
        document = self.first_value(DOCUMENT)
        if document == OTHER_DOCUMENT:
            self.answers[DOCUMENT] = OTHER_DOCUMENT
            return ""
        if document == UNKNOWN:
            self.is_canonical = False
            return UNKNOWN
        if document not in ("", PASSPORT):
            self._reject(DOCUMENT, "choice", document)
        self.is_canonical = self.is_canonical and not document
        if len(set(self.parameters.get(id_, []))) > 1:
            self._reject(id_, "twice", self.first_value(id_))
            return ""
        value = self._matched(id_)
        second = self._matched(SECOND) if value not in ("", UNKNOWN) else ""
        if second and second == value:
            self._reject(SECOND, "same", self.first_value(SECOND))
            return ""
        if second:
            self.answers[SECOND] = second
        return "" if any(invalid.field in (SECOND, DOCUMENT) for invalid in self.invalid_answers) else value

    def _matched(self, name: str) -> str:
        typed = self.first_value(name)
        if typed in ("", UNKNOWN):
            return typed if name == NATIONALITY else ""
        match = self.countries.match(typed)
        if not match.code:
            code = "shared" if match.is_shared else "country"
            self.invalid_answers.append(InvalidAnswer(name, code, typed[:LONGEST_ECHO], match.suggestions))
        elif match.code != typed:
            self.is_canonical = False
        return match.code

    def _choice(self, id_: str, question: Question) -> str:
        typed = self.first_value(id_)
        if not typed:
            return self._only_option(question) if id_ == "purpose" else ""
        if typed in question.values:
            return typed
        for key, option in question.options.items():
            if typed in option.was:
                self.renamed.append(Notice("renamed", id_))
                self.is_canonical = False
                return key
        self._reject(id_, "choice", typed)
        return ""

    def _only_option(self, question: Question) -> str:
        """The answer that a group implies: its only option, or "I don't know" where the group is not known."""
        group = self.first_value(GROUP)
        if group and group != UNKNOWN and group not in question.groups:
            self._reject(GROUP, "choice", group)
        options = [key for key, option in question.options.items() if group and option.group == group]
        if group == UNKNOWN or len(options) == 1:
            self.is_canonical = False
            return options[0] if options else UNKNOWN
        return ""

    def _days(self, id_: str, question: Question) -> str:
        typed = self.first_value(id_)
        if typed in ("", UNKNOWN):
            return typed
        unit = self.first_value("unit")
        if not INTEGER.fullmatch(typed) or unit not in ("", *UNITS):
            self._reject(id_, "number", typed)
            return ""
        days = int(typed) * UNITS.get(unit, 1)
        if days < 1:
            self._reject(id_, "low", typed)
        elif question.maximum and days > question.maximum:
            self._reject(id_, "high", typed)
        else:
            if str(days) != typed or unit:
                self.is_canonical = False
            return str(days)
        return ""

    def read_arrival(self, today: date) -> date | None:
        """The day of arrival; None where there is none, or it is invalid or more than five years ahead."""
        typed = self.first_value(ARRIVING)
        if not typed:
            return None
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            day = None
        if day is None or day > today + LONGEST_AHEAD:
            self._reject(ARRIVING, "date" if day is None else "late", typed)
            self.first_unanswered = self.first_unanswered or ARRIVING
            return None
        self.answers[ARRIVING] = day.isoformat()
        return day

    def _reject(self, name: str, code: str, typed: str) -> None:
        self.invalid_answers.append(InvalidAnswer(name, code, typed[:LONGEST_ECHO]))

    def notices(self) -> list[Notice]:
        """Notices on renamed values, and on parameters that are unknown or not needed on this way."""
        strange = [name for name in self.parameters if name not in (*PARAMETERS, *CONTROL_PARAMETERS)]
        needless = [n for n in PARAMETERS if self.first_value(n) and n in self.table.questions and n not in self.path]
        return [
            *self.renamed,
            *(Notice("strange", name[:LONGEST_ECHO]) for name in strange[:3]),
            *(Notice("needless", name) for name in needless),
        ]

    def carried(self) -> dict[str, str]:
        """The parameters to keep in further addresses: valid answers and values for later questions."""
        rejected = {invalid.field for invalid in self.invalid_answers}
        typed = {name: self.first_value(name) for name in PARAMETERS if name not in rejected}
        carried = {n: value for n, value in (typed | self.answers).items() if value and n in PARAMETERS}
        if carried.get(DOCUMENT) != OTHER_DOCUMENT:
            carried.pop(DOCUMENT, None)
        return carried
