"""The proof finds nothing in the shipped table, and names each of many faults planted in a copy of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.permits.finder.proving import checking
from portal.permits.finder.proving.checking import finder_check, proof_problems, table_problems
from portal.permits.finder.proving.proof import prove
from portal.permits.finder.table import Condition, DecisionTable, Effect, Outcome, Rule

changed = msgspec.structs.replace


def test_the_shipped_table_has_no_fault(table: DecisionTable, shipped: Catalogue) -> None:
    proof = prove(table)
    assert proof.holds
    assert (len(proof.empty), len(proof.contradicting), len(proof.unreachable)) == (0, 0, 0)
    assert proof.cells > 20_000
    assert table_problems(table, shipped) == []
    assert list(finder_check(shipped, Context(date(2026, 11, 24), {}))) == []


def _rule(table: DecisionTable, id_: str, **changes: Any) -> DecisionTable:
    return replace(table, rules={**table.rules, id_: changed(table.rules[id_], **changes)})


def _without(table: DecisionTable, id_: str) -> DecisionTable:
    return replace(table, rules={key: rule for key, rule in table.rules.items() if key != id_})


def _added(table: DecisionTable, id_: str, rule: Rule) -> DecisionTable:
    return replace(table, rules={**table.rules, id_: rule})


def _outcome(table: DecisionTable, code: str, **changes: Any) -> DecisionTable:
    return replace(table, outcomes={**table.outcomes, code: replace(table.outcomes[code], **changes)})


def _question(table: DecisionTable, id_: str, **changes: Any) -> DecisionTable:
    return replace(table, questions={**table.questions, id_: changed(table.questions[id_], **changes)})


def _overlay(table: DecisionTable, id_: str, **changes: Any) -> DecisionTable:
    return replace(table, overlays={**table.overlays, id_: changed(table.overlays[id_], **changes)})


def _contradiction(table: DecisionTable) -> DecisionTable:
    when = Condition(location=("abroad",), purpose=("research",))
    words = {"id": "a", "en": "a"}
    return _added(table, "second-opinion", Rule(priority=20, when=when, primary=("C9",), explain=words))


def _shadowed(table: DecisionTable) -> DecisionTable:
    when = Condition(location=("abroad",), purpose=("research",))
    words = {"id": "a", "en": "a"}
    return _added(table, "too-late", Rule(priority=99, when=when, primary=("E29",), explain=words))


PLANTED: dict[str, tuple[Callable[[DecisionTable], DecisionTable], tuple[str, ...]]] = {
    "a hole": (lambda t: _without(t, "a-court"), ("no rule answers", "Court proceedings", "up to 30 days")),
    "a hole after a rule ends": (
        lambda t: _rule(t, "a-court", valid_to=date(2026, 12, 31)),
        ("no rule answers", "Court proceedings", "from 2027-01-01 on"),
    ),
    "a rule never reached": (_shadowed, ("rules.yaml: too-late", "never reached")),
    "a contradiction": (_contradiction, ("'second-opinion' contradict each other", "Research")),
    "an answer that its notice denies": (
        lambda t: _rule(t, "a-crew-call", primary=("A36",)),
        ("rules.yaml: a-crew-call", "'A36', which the notice 'calling-visa' rules out", "Crew arriving on duty"),
    ),
    "notices that undo each other": (
        lambda t: _overlay(t, "two-passports", effect=Effect(papers=("passport-six-months",)), when=Condition()),
        ("non-national-document", "'passport-six-months', which the notice 'two-passports' rules out"),
    ),
    "a missing translation": (
        lambda t: _rule(t, "a-court", explain={"id": "x"}),
        ("rules.yaml: a-court", "has no explain in the language 'en'"),
    ),
    "a permit without legal basis": (
        lambda t: _outcome(t, "E29", legal_basis=()),
        ("rules.yaml: a-research", "without a legal basis"),
    ),
    "a dead permit": (
        lambda t: replace(t, outcomes={**t.outcomes, "Z9": Outcome("Z9", "z9", (), ("uu-6-2011",))}),
        ("unreached.yaml: Z9", "no rule leads"),
    ),
    "an unknown permit": (lambda t: _rule(t, "a-court", primary=("C99",)), ("rules.yaml: a-court", "'C99'")),
    "an unknown country": (
        lambda t: _rule(t, "a-court", when=Condition(location=("abroad",), nationality=("XX",))),
        ("rules.yaml: a-court", "country or group 'XX'"),
    ),
    "an unknown law": (lambda t: _rule(t, "a-court", legal_basis=("pp-0-0",)), ("rules.yaml: a-court", "'pp-0-0'")),
    "an unknown purpose": (
        lambda t: _rule(t, "a-court", when=Condition(location=("abroad",), purpose=("tea",))),
        ("rules.yaml: a-court", "value of 'purpose' 'tea'"),
    ),
    "a cycle of shared words": (
        lambda t: _rule(_rule(t, "a-court", like="a-audit", explain={}), "a-audit", like="a-court", explain={}),
        ("rules.yaml: a-court", "waits for itself: a-court -> a-audit -> a-court"),
    ),
    "a cycle of questions": (
        lambda t: _question(
            _question(t, "status", asked_when={"goal": ("marry",)}), "goal", asked_when={"status": ("in_itas",)}
        ),
        ("questions.yaml: status", "waits for itself"),
    ),
    "a reason for a permit that is reached": (
        lambda t: replace(t, unreached={**t.unreached, "C1": t.unreached["F1"]}),
        ("unreached.yaml: C1", "is reached by a rule"),
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_named(name: str, table: DecisionTable, shipped: Catalogue) -> None:
    plant, words = PLANTED[name]
    broken = plant(table)
    results = [str(problem) for problem in table_problems(broken, shipped)]
    # Some faults of the references make the walk meaningless, so it is made only without them.
    if not results:
        results = [str(problem) for problem in proof_problems(prove(broken), broken, shipped)]
    assert any(all(word in line for word in words) for line in results), results[:5]


def test_the_check_of_the_content_runs_the_proof(
    table: DecisionTable, shipped: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "table_of", lambda _catalogue: _without(table, "a-court"))
    results = list(finder_check(shipped, Context(date(2026, 11, 24), {})))
    assert results
    assert all(not problem.is_warning and problem.path == "permits/finder/rules.yaml" for problem in results)


def test_many_holes_are_counted_instead_of_listed(table: DecisionTable, shipped: Catalogue) -> None:
    normalized_code = replace(table, rules={"wni": table.rules["wni"]})
    results = [
        str(p) for p in proof_problems(prove(normalized_code), normalized_code, shipped) if "no rule answers" in str(p)
    ]
    assert len(results) == checking.MOST_CELLS_LISTED + 1
    assert "further cells" in results[-1]
