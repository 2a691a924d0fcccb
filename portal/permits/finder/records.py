"""An answer as plain data, the same for the command and for the JSON address."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from portal.permits.finder.evaluation import DatedDecision, Decision, basis_of
from portal.permits.finder.table import DecisionTable


def version_of(table: DecisionTable) -> str:
    """The version of the rules: the day that people wrote, and a mark that changes with any rule or list."""
    parts = [msgspec.json.encode(dict(part)) for part in (table.rules, table.lists, table.groups, table.overlays)]
    return f"{table.settings.version.isoformat()}-{blake2b(b''.join(parts), digest_size=4).hexdigest()}"


def record_of(dated_decision: DatedDecision, table: DecisionTable, answers: Mapping[str, str]) -> dict[str, Any]:
    """Answers, permit, reasons, notices, legal basis, neighbours in time and version, ready to be encoded."""
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
        "version": version_of(table),
    }


def _short(decision: Decision | None) -> dict[str, str] | None:
    return {"permit": decision.primary, "rule": decision.rule_id} if decision else None
