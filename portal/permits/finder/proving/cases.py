"""Cases by which people who know the rules check the table: a situation and the answer they expect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from portal.permits.finder.evaluation import NoAnswer, NotCovered, Situation, answer
from portal.permits.finder.table import DecisionTable


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One expected answer; without `arriving` the day of the check counts."""

    location: str
    nationality: str = ""
    second: str = ""
    document: str = "passport"
    purpose: str = ""
    stay_days: int | None = None
    status: str = ""
    goal: str = ""
    role: str = ""
    arriving: date | None = None
    expect_primary: str
    expect_rule: str = ""
    overlays: tuple[str, ...] | None = None

    @property
    def situation(self) -> Situation:
        """The case as a reader's answers."""
        return Situation(
            location=self.location,
            nationality=self.nationality,
            second=self.second,
            document=self.document,
            purpose=self.purpose,
            stay="" if self.stay_days is None else self.stay_days,
            status=self.status,
            goal=self.goal,
            role=self.role,
        )


@dataclass(frozen=True)
class Failure:
    """A case whose answer is not the expected one; `number` counts from 1."""

    number: int
    case: Case
    answer: str


def failures(table: DecisionTable, cases: Iterable[Case], today: date) -> tuple[Failure, ...]:
    """The cases that the table answers otherwise than expected."""
    answers = ((number, case, _other_answer(table, case, today)) for number, case in enumerate(cases, start=1))
    return tuple(Failure(number, case, other) for number, case, other in answers if other)


def _other_answer(table: DecisionTable, case: Case, today: date) -> str:
    """The answer in words where it is not the expected one, else ""."""
    try:
        decision = answer(table, case.situation, case.arriving or today).decision
    except NotCovered as error:
        return str(error)
    except NoAnswer:
        return "no answer"
    differs = (
        decision.primary != case.expect_primary
        or case.expect_rule not in ("", decision.rule_id)
        or (case.overlays is not None and set(case.overlays) != set(decision.overlays))
    )
    return f"{decision.primary} by {decision.rule_id}, overlays {list(decision.overlays)}" if differs else ""
