"""Faults that can be seen without walking the space: unknown names, missing words, cycles; each names file and id."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from portal.content.document import LocalText
from portal.permits.countries import iso_codes
from portal.permits.finder.space import values_of
from portal.permits.finder.table import DIMENSIONS, UNKNOWN, Condition, DecisionTable, Question

DOCUMENTS = ("passport", "two_passports", "other")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in the table: the file without ending, the id of the record, what is wrong."""

    file: str
    id: str
    message: str


def faults(table: DecisionTable, *, laws: Collection[str], languages: Collection[str]) -> tuple[Fault, ...]:
    """Every fault of the table's own references, words and order."""
    return (
        *_rule_faults(table, laws, languages),
        *_overlay_faults(table, laws, languages),
        *_question_faults(table, languages),
        *_list_faults(table, laws),
        *_cycles("rules", {id_: (rule.like,) for id_, rule in table.rules.items() if rule.like}),
        *_cycles("questions", {id_: tuple(q.asked_when) for id_, q in table.questions.items()}),
    )


def _rule_faults(table: DecisionTable, laws: Collection[str], languages: Collection[str]) -> Iterator[Fault]:
    for id_, rule in table.rules.items():
        yield from (Fault("rules", id_, m) for m in _unknown_values(rule.when, table))
        for code in (*rule.primary, *rule.alternatives):
            if code not in table.outcomes:
                yield Fault("rules", id_, f"names the permit '{code}', which neither a page nor a referral has")
        if not rule.primary:
            yield Fault("rules", id_, "names no permit in 'primary'")
        for law in {*rule.legal_basis, *rule.articles} - set(laws):
            yield Fault("rules", id_, f"names the law '{law}', which reference/laws.yaml does not hold")
        if rule.like and rule.like not in table.rules:
            yield Fault("rules", id_, f"shares the words of the rule '{rule.like}', which does not exist")
        if not rule.like:
            yield from _missing("rules", id_, "explain", rule.explain, languages)
        if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
            yield Fault("rules", id_, f"ends on {rule.valid_to}, before it begins on {rule.valid_from}")


def _overlay_faults(table: DecisionTable, laws: Collection[str], languages: Collection[str]) -> Iterator[Fault]:
    for id_, overlay in table.overlays.items():
        yield from (Fault("overlays", id_, m) for m in _unknown_values(overlay.when, table))
        yield from _missing("overlays", id_, "text", overlay.text, languages)
        for law in set(overlay.legal_basis) - set(laws):
            yield Fault("overlays", id_, f"names the law '{law}', which reference/laws.yaml does not hold")
    for id_, referral in table.referrals.items():
        yield from _missing("referrals", id_, "title", referral.title, languages)
        yield from _missing("referrals", id_, "text", referral.text, languages)
        for law in set(referral.legal_basis) - set(laws):
            yield Fault("referrals", id_, f"names the law '{law}', which reference/laws.yaml does not hold")
    for id_, group in table.groups.items():
        yield from _missing("groups", id_, "name", group.name, languages)
        if group.list and group.list not in table.lists:
            yield Fault("groups", id_, f"names the list '{group.list}', which does not exist")
    for id_, exception in table.unreached.items():
        yield from _missing("unreached", id_, "reason", exception.reason, languages)
        if id_ not in table.outcomes:
            yield Fault("unreached", id_, "is no permit")


def _question_faults(table: DecisionTable, languages: Collection[str]) -> Iterator[Fault]:
    for id_, question in table.questions.items():
        if id_ not in DIMENSIONS:
            yield Fault("questions", id_, f"is no dimension of the rules; allowed: {', '.join(DIMENSIONS)}")
        yield from _missing("questions", id_, "title", question.title, languages)
        for key, option in question.options.items():
            yield from _missing("questions", f"{id_}.{key}", "label", option.label, languages)
            if option.group and option.group not in question.groups:
                yield Fault("questions", f"{id_}.{key}", f"is in the group '{option.group}', which does not exist")
        for other in {*question.asked_when, *question.unless}:
            if other not in table.questions:
                yield Fault("questions", id_, f"waits for the question '{other}', which does not exist")


def _list_faults(table: DecisionTable, laws: Collection[str]) -> Iterator[Fault]:
    codes = frozenset(iso_codes())
    for id_, list_ in table.lists.items():
        for country in set(list_.members) - codes:
            yield Fault(f"nationality-lists/{id_}", country, "is no country code of ISO 3166")
        for country, memberships in list_.members.items():
            for law in {law for m in memberships for law in m.legal_basis} - set(laws):
                yield Fault(f"nationality-lists/{id_}", country, f"names the law '{law}', which does not exist")
    for code, outcome in table.outcomes.items():
        for name in set(outcome.open_to) - codes - set(table.lists):
            yield Fault("permits", code, f"is open to '{name}', which is neither a list nor a country")


def _unknown_values(condition: Condition, table: DecisionTable) -> Iterator[str]:
    allowed: dict[str, Collection[str]] = {
        "nationality": {*table.groups, *iso_codes(), UNKNOWN},
        "document": DOCUMENTS,
    }
    for dimension in DIMENSIONS:
        question: Question | None = table.questions.get(dimension)
        values = allowed.get(dimension) or (values_of(question, table) if question else ())
        for value in condition.of(dimension):
            if value not in values:
                noun = "country or group" if dimension == "nationality" else f"value of '{dimension}'"
                yield f"names the {noun} '{value}', which does not exist"


def _missing(file: str, id_: str, key: str, text: LocalText, languages: Collection[str]) -> Iterator[Fault]:
    for language in languages:
        if not text.get(language, "").strip():
            yield Fault(file, id_, f"has no {key} in the language '{language}'")


def _cycles(file: str, edges: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for start in edges:
        path, visited = [start], {start}
        while path:
            following = [n for n in edges.get(path[-1], ()) if n == start or n not in visited]
            if start in following:
                yield Fault(file, start, f"waits for itself: {' -> '.join([*path, start])}")
                break
            if following:
                visited.add(following[0])
                path.append(following[0])
            else:
                path.pop()
