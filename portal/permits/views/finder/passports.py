"""The answers for a reader with two passports: one for each, because the rules follow the passport that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypedDict

from portal.permits.finder.evaluation import DatedDecision, answer
from portal.permits.finder.interview import NATIONALITY, SECOND, Interview
from portal.permits.finder.table import DecisionTable
from portal.permits.views.blueprint import countries
from portal.permits.views.finder import results
from portal.permits.views.presenters import FactRow
from portal.web.languages import gettext as _
from portal.web.languages import language


class PassportAnswer(TypedDict):
    """The answer for one passport: its short form, and the address of the whole answer."""

    heading: str
    title: str
    why: str
    box: list[FactRow]
    href: str


def decisions(table: DecisionTable, state: Interview, day: date) -> dict[str, DatedDecision]:
    """The answer for each passport by country code, in the order named; empty where there is one passport.

    Raises NotCovered or NoAnswer as the answer for one passport does.
    """
    second = state.answers.get(SECOND, "")
    if not second:
        return {}
    first = state.answers[NATIONALITY]
    return {
        code: answer(table, replace(state.situation, nationality=code, second=other), day)
        for code, other in ((first, second), (second, first))
    }


def answers(table: DecisionTable, state: Interview, day: date, address: Callable[..., str]) -> list[PassportAnswer]:
    """What the page shows for each passport."""
    rows: list[PassportAnswer] = []
    for code, decision in decisions(table, state, day).items():
        result = results.result_of(decision, table, state)
        others = {name: value for name, value in state.answers.items() if name != SECOND}
        rows.append(
            {
                "heading": _("With the passport of %(country)s", country=countries().name(code, language())),
                "title": result.title,
                "why": result.why,
                "box": result.box,
                "href": address({**others, NATIONALITY: code}),
            }
        )
    return rows


def common_notices(table: DecisionTable, state: Interview, day: date) -> list[results.OverlayNotice]:
    """The notices that go with every one of the answers."""
    first, *others = (dated.decision.overlays for dated in decisions(table, state, day).values())
    return [results.overlay_notice(id_, table) for id_ in first if all(id_ in overlays for overlays in others)]
