"""An answer as plain data, the same for the command and for the JSON address."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import TypedDict

import msgspec

from portal.permits.finder.evaluation import DatedDecision, Decision, basis_of
from portal.permits.finder.table import DecisionTable


class ShortDecision(TypedDict):
    """The permit and the rule of the answer before or after a change."""

    permit: str
    rule: str


class AnswerRecord(TypedDict):
    """An answer of the finder as data; days are in ISO form, explanations by language.

    `since` and `changes_on` are the first days on which this answer holds and no longer holds, with the answers
    `before` and `after`; None where no change is known.
    """

    answers: dict[str, str]
    arriving: str
    permit: str
    slug: str | None
    is_referral: bool
    alternatives: list[str]
    overlays: list[str]
    rule: str
    explanation: dict[str, str]
    certainty: str
    legal_basis: list[str]
    since: str | None
    before: ShortDecision | None
    changes_on: str | None
    after: ShortDecision | None
    version: str


def rules_version(table: DecisionTable) -> str:
    """The version of the rules: the day written in the table, and a hash that changes with any rule or list."""
    parts = [msgspec.json.encode(dict(part)) for part in (table.rules, table.lists, table.groups, table.overlays)]
    return f"{table.settings.version.isoformat()}-{blake2b(b''.join(parts), digest_size=4).hexdigest()}"


def record_of(dated_decision: DatedDecision, table: DecisionTable, answers: Mapping[str, str]) -> AnswerRecord:
    """The record of an answer; `answers` are the parameters that led to it."""
    decision = dated_decision.decision
    outcome = table.outcomes[decision.primary]
    return {
        "answers": dict(answers),
        "arriving": dated_decision.day.isoformat(),
        "permit": decision.primary,
        "slug": outcome.slug or None,
        "is_referral": outcome.is_referral,
        "alternatives": list(decision.alternatives),
        "overlays": list(decision.overlays),
        "rule": decision.rule_id,
        "explanation": dict(table.explanation(decision.rule_id)),
        "certainty": decision.rule.certainty,
        "legal_basis": list(basis_of(decision, table)),
        "since": dated_decision.since.isoformat() if dated_decision.since else None,
        "before": _short(dated_decision.before),
        "changes_on": dated_decision.changes_on.isoformat() if dated_decision.changes_on else None,
        "after": _short(dated_decision.after),
        "version": rules_version(table),
    }


def _short(decision: Decision | None) -> ShortDecision | None:
    return {"permit": decision.primary, "rule": decision.rule_id} if decision else None
