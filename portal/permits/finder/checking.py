"""The table and its proof as a check of the content: every fault with the file and record to mend."""

from __future__ import annotations

from collections.abc import Iterator

from portal.content.catalogue import Catalogue
from portal.content.checks.rules import Context
from portal.content.parsing import Problem
from portal.permits.countries import Countries
from portal.permits.finder.integrity import faults
from portal.permits.finder.loading import FOLDER, NoTable, table_of
from portal.permits.finder.proof import Proof, in_words, prove
from portal.permits.finder.table import DecisionTable

SHOWN = 20

_last: tuple[DecisionTable, Proof] | None = None


def finder_check(catalogue: Catalogue, _context: Context) -> Iterator[Problem]:
    """Faults of the decision table, then what its proof finds; nothing where the content has no finder."""
    if not any(records for name, records in catalogue.references.items() if name.startswith("finder-")):
        return
    try:
        table = table_of(catalogue)
    except NoTable as error:
        yield Problem(f"{FOLDER}/settings.yaml", "", str(error), rule="finder")
        return
    found = [*table_problems(table, catalogue), *permit_problems(catalogue)]
    yield from found
    if not found:
        yield from proof_problems(_proof(table), table, catalogue)


def _proof(table: DecisionTable) -> Proof:
    """The proof of the table; an equal table is not proved twice, because most changes are of other pages."""
    global _last
    if _last is None or _last[0] != table:
        _last = (table, prove(table))
    return _last[1]


def table_problems(table: DecisionTable, catalogue: Catalogue) -> list[Problem]:
    """Unknown names, missing words and cycles of the table."""
    laws, languages = catalogue.references.get("laws", {}), catalogue.site.language_codes
    found = []
    for fault in faults(table, laws=laws, languages=languages):
        folder = "reference" if fault.file.startswith("nationality-lists") else FOLDER
        path = (
            f"permits/{table.outcomes[fault.id].slug}/facts.yaml"
            if fault.file == "permits"
            else f"{folder}/{fault.file}.yaml"
        )
        found.append(Problem(path, fault.id, fault.message, rule="finder"))
    return found


def permit_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Permits that name a page, purpose or length that does not exist, or share a code."""
    codes: dict[str, str] = {}
    purposes = catalogue.reference("finder-questions").get("purpose")
    for document in catalogue.all("permits"):
        facts, path = document.facts, f"{document.key}/facts.yaml"
        if facts.code in codes:
            yield Problem(path, "code", f"is '{facts.code}', which '{codes[facts.code]}' has too", rule="finder")
        codes[facts.code] = document.slug
        named = [("next", slug) for slug in facts.next]
        named += [("variant_of", facts.variant_of)] * bool(facts.variant_of)
        named += [("extension.procedure", facts.extension.procedure)] * bool(facts.extension.procedure)
        for key, slug in named:
            if catalogue.get("permits", slug) is None:
                yield Problem(path, key, f"names the permit '{slug}', which does not exist", rule="unknown-id")
        for purpose in facts.purposes:
            if purposes is not None and purpose not in purposes.options:
                yield Problem(path, "purposes", f"names '{purpose}', which no question offers", rule="unknown-id")
        fees = catalogue.reference("fees")
        if facts.overstay and facts.overstay.fee not in fees:
            yield Problem(path, "overstay.fee", f"names '{facts.overstay.fee}', which is no fee", rule="unknown-id")


def proof_problems(proof: Proof, table: DecisionTable, catalogue: Catalogue) -> Iterator[Problem]:
    """What the proof found, each cell told in words."""
    language = "en" if "en" in catalogue.site.language_codes else catalogue.site.language_codes[0]
    names = dict(Countries((language,), catalogue.reference("countries")).sorted_by_name(language))
    rules, unreached = f"{FOLDER}/rules.yaml", f"{FOLDER}/unreached.yaml"
    for cell in proof.empty[:SHOWN]:
        yield Problem(rules, "", f"no rule answers: {in_words(cell, table, names, language)}", rule="finder")
    if len(proof.empty) > SHOWN:
        yield Problem(rules, "", f"no rule answers {len(proof.empty) - SHOWN} further cells", rule="finder")
    for one in proof.contradicting:
        told = f"and '{one.rules[1]}' contradict each other at equal rank: {in_words(one.cell, table, names, language)}"
        yield Problem(rules, one.rules[0], told, rule="finder")
    for rule_id in proof.unreachable:
        yield Problem(rules, rule_id, "is never reached; rules before it take every case", rule="finder")
    for rule_id, cell in proof.without_basis:
        told = f"answers without a legal basis: {in_words(cell, table, names, language)}"
        yield Problem(rules, rule_id, told, rule="finder")
    for code in proof.dead:
        yield Problem(
            unreached, code, "is a permit to which no rule leads; add a rule or the reason here", rule="finder"
        )
    for code in proof.needlessly_allowed:
        yield Problem(unreached, code, "is reached by a rule; take it off this list", rule="finder")
