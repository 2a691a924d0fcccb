"""The proof that the table answers every situation once: holes, contradictions, dead rules and permits, lost basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.permits.finder.evaluation import TRAVELLER_DIMENSIONS, Traits, is_open
from portal.permits.finder.space import Cell, cells
from portal.permits.finder.table import DIMENSIONS, DecisionTable


@dataclass(frozen=True)
class Contradiction:
    """Two rules of equal rank that give one situation different answers."""

    rules: tuple[str, str]
    cell: Cell


@dataclass(frozen=True)
class ClosedAnswer:
    """A rule that names a permit which an overlay of the same case closes.

    Also an overlay (in place of the rule) that leaves out the paper (in place of the permit) which another one adds.
    """

    rule_id: str
    permit: str
    overlay: str
    cell: Cell


@dataclass(frozen=True)
class Proof:
    """The findings over all cells; the table may be published when `holds`.

    `empty` are cells without an answer, `closed` answers that a notice beside them denies, `unreachable` ids of rules,
    `without_basis` rule ids with a cell each, `dead` permits to which no rule leads, `needlessly_allowed` permits of
    the exceptions to which one does.
    """

    cells: int
    classes: int
    empty: tuple[Cell, ...]
    contradicting: tuple[Contradiction, ...]
    closed: tuple[ClosedAnswer, ...]
    unreachable: tuple[str, ...]
    without_basis: tuple[tuple[str, Cell], ...]
    dead: tuple[str, ...]
    needlessly_allowed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether there is no finding."""
        return not (
            self.empty
            or self.contradicting
            or self.closed
            or self.unreachable
            or self.without_basis
            or self.dead
            or self.needlessly_allowed
        )


def prove(table: DecisionTable) -> Proof:
    """Evaluate every cell of the space and collect the findings."""
    findings = _Findings(table)
    count = 0
    classes: set[tuple[date, tuple[str, ...], str]] = set()
    for cell in cells(table):
        count += 1
        classes.add((cell.period.first, cell.nationality.countries, cell.nationality.document))
        findings.visit(cell)
    allowed = frozenset(table.unreached)
    permits = frozenset(code for code, outcome in table.outcomes.items() if not outcome.is_referral)
    return Proof(
        cells=count,
        classes=len(classes),
        empty=tuple(findings.empty),
        contradicting=tuple(findings.contradicting.values()),
        closed=tuple(findings.closed.values()),
        unreachable=tuple(rule_id for rule_id in table.rules if rule_id not in findings.reached),
        without_basis=tuple(findings.without_basis.items()),
        dead=tuple(sorted(permits - findings.named_permits - allowed)),
        needlessly_allowed=tuple(sorted(allowed & findings.named_permits)),
    )


class _Findings:
    """Collects findings, cell by cell."""

    def __init__(self, table: DecisionTable) -> None:
        self.table = table
        self.empty: list[Cell] = []
        self.contradicting: dict[tuple[str, str], Contradiction] = {}
        self.closed: dict[tuple[str, str, str], ClosedAnswer] = {}
        self.without_basis: dict[str, Cell] = {}
        self.reached: set[str] = set()
        self.named_permits: set[str] = set()

    def visit(self, cell: Cell) -> None:
        """Evaluate one cell."""
        traits = cell.traits
        matching = [
            (rule_id, rule, primary)
            for rule_id, rule in self.table.ordered_for(_case(cell))
            if rule.holds_on(cell.period.first)
            and traits.fit(rule.when, TRAVELLER_DIMENSIONS)
            and (primary := self._open(rule.primary, traits))
        ]
        if not matching:
            self.empty.append(cell)
            return
        rule_id, rule, primary = matching[0]
        self.reached.add(rule_id)
        self.named_permits.update(primary, self._open(rule.alternatives, traits))
        self._compare_with_overlays(rule_id, (*primary, *self._open(rule.alternatives, traits)), cell)
        outcome = self.table.outcomes[primary[0]]
        if not (outcome.is_referral or rule.legal_basis or outcome.legal_basis):
            self.without_basis.setdefault(rule_id, cell)
        for other_id, other, other_primary in matching[1:]:
            if other.priority == rule.priority and other_primary[0] != primary[0]:
                self.contradicting.setdefault((rule_id, other_id), Contradiction((rule_id, other_id), cell))

    def _compare_with_overlays(self, rule_id: str, permits: tuple[str, ...], cell: Cell) -> None:
        """Note permits of a kind that an overlay of the cell closes, and overlays that undo each other's papers."""
        traits = cell.traits
        holding = {i: o.effect for i, o in self.table.overlays.items() if traits.fit(o.when, traits.values)}
        for id_, effect in holding.items():
            for permit in permits:
                if self.table.outcomes[permit].kind in effect.closes:
                    self.closed.setdefault((rule_id, permit, id_), ClosedAnswer(rule_id, permit, id_, cell))
            for other_id, other in holding.items():
                for paper in set(effect.papers) & set(other.without):
                    self.closed.setdefault((other_id, paper, id_), ClosedAnswer(other_id, paper, id_, cell))

    def _open(self, codes: tuple[str, ...], traits: Traits) -> tuple[str, ...]:
        return tuple(code for code in codes if is_open(code, self.table, traits))


def _case(cell: Cell) -> dict[str, str]:
    return {name: cell.route.get(name, "") for name in DIMENSIONS if name not in TRAVELLER_DIMENSIONS}


def describe_cell(cell: Cell, table: DecisionTable, names: Mapping[str, str], language: str) -> str:
    """The cell in words of `language`: country, answers and period; `names` are the names of countries by code."""
    return "; ".join([_who(cell, table, names, language), *_answers(cell, table, language), _when(cell)])


def _who(cell: Cell, table: DecisionTable, names: Mapping[str, str], language: str) -> str:
    groups = sorted(cell.nationality.traits.values["nationality"])
    labels = [table.groups[g].name.get(language, g) if g in table.groups else names.get(g, g) for g in groups]
    examples = ", ".join(names.get(code, code) for code in cell.nationality.countries[:3])
    who = " + ".join(labels) or "-"
    document = "" if cell.nationality.document in ("", "passport") else f", {cell.nationality.document}"
    return f"{who}{f' ({examples})' if examples else ''}{document}"


def _answers(cell: Cell, table: DecisionTable, language: str) -> list[str]:
    answers = []
    for dimension, value in cell.route.items():
        question = table.questions[dimension]
        label = value
        if question.kind == "days" and value in table.bands:
            label = table.bands[value].label.get(language, value)
        elif value in question.options:
            label = question.options[value].label.get(language, value)
        answers.append(f"{question.short.get(language, dimension)}: {label}")
    return answers


def _when(cell: Cell) -> str:
    last = f" to {cell.period.last.isoformat()}" if cell.period.last else " on"
    return f"from {cell.period.first.isoformat()}{last}"
