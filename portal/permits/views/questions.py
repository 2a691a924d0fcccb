"""A question as a form: its choices, what was answered so far, and messages about what cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.languages import formatting
from portal.permits.finder.evaluation import OTHER_DOCUMENT, PASSPORT
from portal.permits.finder.interview import (
    ARRIVING,
    DOCUMENT,
    GROUP,
    NATIONALITY,
    SECOND,
    STAY,
    UNITS,
    Interview,
    Wrong,
)
from portal.permits.finder.table import UNKNOWN, DecisionTable, Question
from portal.permits.views import words
from portal.permits.views.blueprint import countries
from portal.web.documents.embeds import text_of
from portal.web.languages import gettext as _
from portal.web.languages import language

Address = Callable[..., str]


@dataclass(frozen=True)
class Form:
    """What the page of one question shows."""

    kind: str
    name: str
    title: str
    help: str
    number: int
    total: int
    choices: list[dict[str, str]] = field(default_factory=list)
    value: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)
    suggestions: list[dict[str, str]] = field(default_factory=list)
    unknown: str = ""
    countries: tuple[tuple[str, str], ...] = ()
    step: str = ""


def unknown_label() -> str:
    """The last choice of every question."""
    return _("I don’t know")


def form_of(state: Interview, rules: DecisionTable) -> Form:
    """The form of the question to ask; a long list of choices is asked for by group first."""
    if state.asked == ARRIVING:
        return arriving_form(state, None)
    question = rules.questions[state.asked]
    group = state.carried.get(GROUP, "")
    if state.asked == "purpose" and not group and state.answers.get("purpose"):
        group = _group_of(state.answers["purpose"], question)
    makers = {"country": _country_form, "days": _days_form, "choice": _choice_form}
    return makers[question.kind](state, rules, question, group=group)


def _frame(state: Interview, rules: DecisionTable, question: Question, *, extra: int = 0) -> dict[str, Any]:
    asked = state.asked
    number = (state.path.index(asked) if asked in state.path else 0) + 1 + extra
    has_groups = sum(bool(rules.questions[id_].groups) for id_ in state.path if id_ != asked)
    after_location = [q for q in rules.questions.values() if "abroad" in q.asked_when.get("location", ())]
    total = len(state.path) if "location" in state.answers else 2 + len(after_location)
    grouped = (
        any(q.groups for id_, q in rules.questions.items() if id_ in state.path) or "location" not in state.answers
    )
    passed = has_groups if rules.questions.get("purpose") and _is_after_purpose(state) else 0
    return {
        "name": asked,
        "step": asked,
        "title": text_of(question.title),
        "help": text_of(question.help) if question.help else "",
        "number": number + passed,
        "total": max(total + int(grouped), number + passed),
        "unknown": text_of(question.unknown) if question.unknown else "",
        "hidden": sorted(state.without(asked).items()),
        "error": _faults(state, rules, {name: name for name in (asked, SECOND, DOCUMENT)}),
        "typed": {wrong.field: wrong.typed for wrong in state.wrong},
    }


def _is_after_purpose(state: Interview) -> bool:
    path = state.path
    return "purpose" in path and state.asked in path and path.index(state.asked) > path.index("purpose")


def _country_form(state: Interview, rules: DecisionTable, question: Question, *, group: str) -> Form:
    known = {
        name: countries().name(state.answers[name], language())
        for name in (NATIONALITY, SECOND)
        if state.answers.get(name, UNKNOWN) != UNKNOWN
    }
    frame = _frame(state, rules, question)
    document = state.answers.get(DOCUMENT, UNKNOWN if state.answers.get(NATIONALITY) == UNKNOWN else PASSPORT)
    raw = {name: state.carried[name] for name in (NATIONALITY, SECOND) if name in state.carried}
    frame["typed"] = {**raw, **known, **frame["typed"]}
    suggestions = [
        {"value": code, "label": countries().name(code, language()), "name": wrong.field}
        for wrong in state.wrong
        for code in wrong.suggestions
    ]
    return Form(
        kind="country",
        value=document,
        countries=countries().sorted_by_name(language()),
        suggestions=suggestions,
        choices=[
            {"value": PASSPORT, "label": _("A national passport")},
            {
                "value": OTHER_DOCUMENT,
                "label": _("Another travel document"),
                "help": _("For stateless people and refugees, for example. No country is needed then."),
            },
            {"value": UNKNOWN, "label": unknown_label(), "help": frame["unknown"]},
        ],
        **frame,
    )


def _days_form(state: Interview, rules: DecisionTable, question: Question, *, group: str) -> Form:
    return Form(
        kind="days",
        value=state.answers.get(STAY, ""),
        choices=[{"value": unit, "label": unit_name(unit)} for unit in UNITS],
        **_frame(state, rules, question),
    )


def _choice_form(state: Interview, rules: DecisionTable, question: Question, *, group: str) -> Form:
    if question.groups and group not in question.groups:
        frame = _frame(state, rules, question)
        families = [_choice(key, one.label, one.help) for key, one in question.groups.items()]
        families.append({"value": UNKNOWN, "label": unknown_label(), "help": frame["unknown"]})
        frame |= {"name": GROUP, "step": "", "error": _faults(state, rules, {state.asked: GROUP, GROUP: GROUP})}
        return Form(kind="choice", choices=families, **frame)
    frame = _frame(state, rules, question, extra=1 if question.groups else 0)
    options = [
        _choice(key, one.label, one.help) for key, one in question.options.items() if not group or one.group == group
    ]
    if question.unknown:
        options.append({"value": UNKNOWN, "label": unknown_label(), "help": frame["unknown"]})
    if question.groups:
        frame["title"] = text_of(question.groups[group].label)
        frame["hidden"] = [*frame["hidden"], (GROUP, group)]
    return Form(kind="choice", choices=options, value=state.answers.get(state.asked, ""), **frame)


def _choice(value: str, label: Mapping[str, str], help_: Mapping[str, str]) -> dict[str, str]:
    return {"value": value, "label": text_of(label), "help": text_of(help_) if help_ else ""}


def _group_of(purpose: str, question: Question) -> str:
    option = question.options.get(purpose)
    return option.group if option else ""


def arriving_form(state: Interview, day: date | None) -> Form:
    """The form for the day of arrival; `day` is what the answer holds for now."""
    wrong = next((one for one in state.wrong if one.field == ARRIVING), None)
    return Form(
        kind="date",
        name=ARRIVING,
        title=_("When will you arrive?"),
        help=_("Rules change. The answer holds for this day."),
        number=len(state.path) + 1,
        total=len(state.path) + 1,
        value=wrong.typed if wrong else (day.isoformat() if day else state.answers.get(ARRIVING, "")),
        hidden=sorted((name, value) for name, value in state.carried.items() if name != ARRIVING),
        error={ARRIVING: message(wrong, None)} if wrong else {},
    )


def unit_name(unit: str) -> str:
    """The name of a unit of time."""
    return {"days": _("days"), "weeks": _("weeks"), "months": _("months"), "years": _("years")}[unit]


def message(wrong: Wrong, rules: DecisionTable | None) -> str:
    """What is wrong with an answer, and what to do."""
    maximum = rules.questions[STAY].maximum if rules and STAY in rules.questions else None
    typed = wrong.typed
    return {
        "country": _("We know no country named “%(typed)s”. Write its name in English or Indonesian.", typed=typed),
        "twice": _("The address names two countries here. Choose the passport you will use."),
        "same": _("You named the same country twice. Leave the second field empty if you have one passport."),
        "choice": _("“%(typed)s” is not one of the answers any more. Choose again.", typed=typed),
        "number": _("Enter a whole number, for example 14."),
        "low": _("Enter at least 1 day."),
        "high": _(
            "Enter at most %(days)s (%(years)d years).", days=words.days(maximum or 0), years=(maximum or 0) // 365
        ),
        "empty": _("Choose or enter an answer."),
        "date": _("“%(typed)s” is no date. Enter day, month and year of your arrival.", typed=typed),
        "late": _("Enter a day within the next five years."),
    }[wrong.code]


def errors(form: Form) -> list[dict[str, str]]:
    """What the error summary lists; each leads to its field on this page."""
    return [{"message": item, "href": f"#field-{name}"} for name, item in form.error.items()]


def _faults(state: Interview, rules: DecisionTable, fields: Mapping[str, str]) -> dict[str, str]:
    """The messages for the fields of one page; `fields` names the control under which each answer stands."""
    sentences = {}
    for wrong in state.wrong:
        if wrong.field in fields:
            sentences[fields[wrong.field]] = message(wrong, rules)
    return sentences


def notices(state: Interview, rules: DecisionTable) -> list[str]:
    """What the reader should know about parameters that were passed over or read anew."""
    messages = []
    for notice in state.notices:
        question = rules.questions.get(notice.name)
        name = text_of(question.short) if question else notice.name
        messages.append(
            {
                "strange": _("This address holds something we do not use any more: “%(name)s”.", name=name),
                "needless": _("Your answer to “%(name)s” is not needed here, so we left it out.", name=name),
                "renamed": _("This address is older. We read “%(name)s” by its new name.", name=name),
            }[notice.code]
        )
    return messages


def answered(state: Interview, rules: DecisionTable, address: Address) -> list[dict[str, str]]:
    """The answers so far, each with the address at which it can be changed."""
    rows = []
    for id_ in state.path:
        shown = _shown(state, rules, id_)
        if shown and id_ != state.asked:
            rows.append(
                {
                    "label": text_of(rules.questions[id_].short),
                    "value": shown,
                    "href": address(state.carried, ask=id_),
                    "action": _("Change"),
                }
            )
    return rows


def _shown(state: Interview, rules: DecisionTable, id_: str) -> str:
    question = rules.questions[id_]
    value = state.answers.get(id_, "")
    if question.kind == "country" and state.answers.get(DOCUMENT) == OTHER_DOCUMENT:
        return _("Another travel document")
    if value == UNKNOWN:
        return unknown_label()
    if not value:
        return ""
    if question.kind == "country":
        names = [countries().name(code, language()) for code in (value, state.answers.get(SECOND, "")) if code]
        return _("%(first)s and %(last)s", first=names[0], last=names[1]) if len(names) > 1 else names[0]
    if question.kind == "days":
        return words.days(int(value))
    return text_of(question.options[value].label)


def day_words(day: date) -> str:
    """A day in full, in the page's language."""
    return formatting.day(day, language())
