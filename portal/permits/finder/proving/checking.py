"""The decision table and its proof as a check of the content: every problem with its file and record."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.problems import Problem, ProblemKind
from portal.permits.countries import Countries
from portal.permits.finder.integrity import faults
from portal.permits.finder.loading import FOLDER, NoTable, table_of
from portal.permits.finder.proving.proof import Proof, describe_cell, prove
from portal.permits.finder.table import DecisionTable

MOST_CELLS_LISTED = 20

FAULT = ProblemKind("finder", "%(fault)s")
SHARED_CODE = ProblemKind("finder", "is '%(code)s', which '%(other)s' has too")
UNKNOWN_PERMIT = ProblemKind("unknown-id", "names the permit '%(slug)s', which does not exist")
UNKNOWN_PURPOSE = ProblemKind("unknown-id", "names '%(purpose)s', which no question offers")
UNKNOWN_FEE = ProblemKind("unknown-id", "names '%(fee)s', which is no fee")
NO_RULE = ProblemKind("finder", "no rule answers: %(cell)s")
NO_RULE_FURTHER = ProblemKind("finder", "no rule answers %(number)s further cells")
CONTRADICTION = ProblemKind("finder", "and '%(other)s' contradict each other at equal rank: %(cell)s")
CLOSED = ProblemKind("finder", "names '%(permit)s', which the notice '%(overlay)s' rules out: %(cell)s")
UNREACHABLE = ProblemKind("finder", "is never reached; rules before it take every case")
NO_LEGAL_BASIS = ProblemKind("finder", "answers without a legal basis: %(cell)s")
DEAD_PERMIT = ProblemKind("finder", "is a permit to which no rule leads; add a rule or the reason here")
NEEDLESSLY_ALLOWED = ProblemKind("finder", "is reached by a rule; take it off this list")

_last: tuple[DecisionTable, Proof] | None = None


def finder_check(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    """Faults of the decision table, then what its proof finds; nothing where the content has no finder."""
    if not any(records for name, records in catalogue.references.items() if name.startswith("finder-")):
        return
    try:
        table = table_of(catalogue)
    except NoTable as error:
        yield FAULT.at(f"{FOLDER}/settings.yaml", fault=error)
        return
    problems = [*table_problems(table, catalogue), *permit_problems(catalogue)]
    yield from problems
    if not problems:
        yield from proof_problems(_proof(table), table, catalogue)


def _proof(table: DecisionTable) -> Proof:
    """The proof of the table.

    Cache: the last table and its proof, for the lifetime of the process, because most changes are of other pages.
    """
    global _last
    if _last is None or _last[0] != table:
        _last = (table, prove(table))
    return _last[1]


def table_problems(table: DecisionTable, catalogue: Catalogue) -> list[Problem]:
    """Unknown names, missing words and cycles of the table."""
    laws, languages = catalogue.references.get("laws", {}), catalogue.site.language_codes
    problems = []
    for fault in faults(table, laws=laws, languages=languages):
        folder = "reference" if fault.file.startswith("nationality-lists") else FOLDER
        path = (
            f"permits/{table.outcomes[fault.id].slug}/facts.yaml"
            if fault.file == "permits"
            else f"{folder}/{fault.file}.yaml"
        )
        problems.append(FAULT.at(path, fault.id, fault=fault.message))
    return problems


def permit_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Permits that name a page, purpose or length that does not exist, or share a code."""
    codes: dict[str, str] = {}
    purposes = catalogue.reference("finder-questions").get("purpose")
    for document in catalogue.all("permits"):
        facts, path = document.facts, f"{document.key}/facts.yaml"
        if facts.code in codes:
            yield SHARED_CODE.at(path, "code", code=facts.code, other=codes[facts.code])
        codes[facts.code] = document.slug
        references = [("next", slug) for slug in facts.next]
        references += [("variant_of", facts.variant_of)] * bool(facts.variant_of)
        references += [("extension.procedure", facts.extension.procedure)] * bool(facts.extension.procedure)
        for key, slug in references:
            if catalogue.get("permits", slug) is None:
                yield UNKNOWN_PERMIT.at(path, key, slug=slug)
        for purpose in facts.purposes:
            if purposes is not None and purpose not in purposes.options:
                yield UNKNOWN_PURPOSE.at(path, "purposes", purpose=purpose)
        fees = catalogue.reference("fees")
        if facts.overstay and facts.overstay.fee not in fees:
            yield UNKNOWN_FEE.at(path, "overstay.fee", fee=facts.overstay.fee)


def proof_problems(proof: Proof, table: DecisionTable, catalogue: Catalogue) -> Iterator[Problem]:
    """The findings of the proof, with cells described in English where the site has it."""
    language = "en" if "en" in catalogue.site.language_codes else catalogue.site.language_codes[0]
    names = dict(Countries((language,), catalogue.reference("countries")).sorted_by_name(language))
    rules, unreached = f"{FOLDER}/rules.yaml", f"{FOLDER}/unreached.yaml"
    for cell in proof.empty[:MOST_CELLS_LISTED]:
        yield NO_RULE.at(rules, cell=describe_cell(cell, table, names, language))
    if len(proof.empty) > MOST_CELLS_LISTED:
        yield NO_RULE_FURTHER.at(rules, number=len(proof.empty) - MOST_CELLS_LISTED)
    for contradiction in proof.contradicting:
        rule_id, other = contradiction.rules
        text = describe_cell(contradiction.cell, table, names, language)
        yield CONTRADICTION.at(rules, rule_id, other=other, cell=text)
    for closed in proof.closed:
        text = describe_cell(closed.cell, table, names, language)
        yield CLOSED.at(rules, closed.rule_id, permit=closed.permit, overlay=closed.overlay, cell=text)
    for rule_id in proof.unreachable:
        yield UNREACHABLE.at(rules, rule_id)
    for rule_id, cell in proof.without_basis:
        yield NO_LEGAL_BASIS.at(rules, rule_id, cell=describe_cell(cell, table, names, language))
    for code in proof.dead:
        yield DEAD_PERMIT.at(unreached, code)
    for code in proof.needlessly_allowed:
        yield NEEDLESSLY_ALLOWED.at(unreached, code)
