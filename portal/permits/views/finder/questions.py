"""A question as a form: its choices, what was answered so far, and messages about what cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict

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
    InvalidAnswer,
)
from portal.permits.finder.table import UNKNOWN, DecisionTable, Question
from portal.permits.views import presenters
from portal.permits.views.blueprint import countries
from portal.permits.views.presenters import Choice
from portal.web.documents.embeds import text_of
from portal.web.forms.form import ErrorLink, error_links
from portal.web.languages import gettext as _
from portal.web.languages import language

Address = Callable[..., str]


class Suggestion(TypedDict):
    """A country that was perhaps meant, as a button: `name` is the parameter that it sets to `value`."""

    name: str
    value: str
    label: str


class AnsweredRow(TypedDict):
    """An answer so far, as `components/facts.html` takes it: `href` is where it can be changed."""

    label: str
    value: str
    href: str
    action: str


@dataclass(frozen=True, kw_only=True)
class QuestionForm:
    """What the page of one question shows: `hidden` are the other answers, `error` the messages by field.

    `group` is the group whose options are shown, where a question is asked by group first.
    """

    kind: str = ""
    name: str
    title: str
    help: str
    number: int
    total: int
    choices: list[Choice] = field(default_factory=list)
    value: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, str] = field(default_factory=dict)
    suggestions: list[Suggestion] = field(default_factory=list)
    unknown: str = ""
    countries: tuple[tuple[str, str], ...] = ()
    step: str = ""
    group: str = ""


def _unknown_label() -> str:
    return _("I don’t know")


def form_of(state: Interview, table: DecisionTable) -> QuestionForm:
    """The form of the question to ask; the options of a grouped question are asked for by group first."""
    if state.next_question == ARRIVING:
        return arriving_form(state, None)
    question = table.questions[state.next_question]
    if question.kind == "country":
        return _country_form(state, table, question)
    if question.kind == "days":
        return _days_form(state, table, question)
    return _choice_form(state, table, question, state.carried.get(GROUP, "") if question.groups else "")


def _base_form(state: Interview, table: DecisionTable, question: Question, *, extra: int = 0) -> QuestionForm:
    """The parts of the form that every kind of question has; `extra` is added to the number of the question."""
    id_ = state.next_question
    number, total = _progress(state, table)
    number += extra
    return QuestionForm(
        name=id_,
        step=id_,
        title=text_of(question.title),
        help=text_of(question.help) if question.help else "",
        number=number,
        total=max(total, number),
        unknown=text_of(question.unknown) if question.unknown else "",
        hidden=sorted(state.without(id_).items()),
        error=_messages(state, table, {name: name for name in (id_, SECOND, DOCUMENT)}),
        typed={invalid.field: invalid.typed for invalid in state.invalid_answers},
    )


def _progress(state: Interview, table: DecisionTable) -> tuple[int, int]:
    """The number of the question to ask, and about how many there are; a grouped question counts twice."""
    path, id_ = state.path, state.next_question
    number = (path.index(id_) if id_ in path else 0) + 1
    is_after_purpose = "purpose" in path and id_ in path and path.index(id_) > path.index("purpose")
    if is_after_purpose and table.questions.get("purpose"):
        number += sum(bool(table.questions[other].groups) for other in path if other != id_)
    if "location" not in state.answers:
        abroad = [q for q in table.questions.values() if "abroad" in q.asked_when.get("location", ())]
        return number, 3 + len(abroad)
    return number, len(path) + any(table.questions[other].groups for other in path)


def _country_form(state: Interview, table: DecisionTable, question: Question) -> QuestionForm:
    form = _base_form(state, table, question)
    names = {
        name: countries().name(state.answers[name], language())
        for name in (NATIONALITY, SECOND)
        if state.answers.get(name, UNKNOWN) != UNKNOWN
    }
    carried = {name: state.carried[name] for name in (NATIONALITY, SECOND) if name in state.carried}
    suggestions: list[Suggestion] = [
        {"value": code, "label": countries().name(code, language()), "name": invalid.field}
        for invalid in state.invalid_answers
        for code in invalid.suggestions
    ]
    return replace(
        form,
        kind="country",
        value=state.answers.get(DOCUMENT, UNKNOWN if state.answers.get(NATIONALITY) == UNKNOWN else PASSPORT),
        typed={**carried, **names, **form.typed},
        countries=countries().sorted_by_name(language()),
        suggestions=suggestions,
        choices=[
            {"value": PASSPORT, "label": _("A national passport")},
            {
                "value": OTHER_DOCUMENT,
                "label": _("Another travel document"),
                "help": _("For stateless people and refugees, for example. No country is needed then."),
            },
            {"value": UNKNOWN, "label": _unknown_label(), "help": form.unknown},
        ],
    )


def _days_form(state: Interview, table: DecisionTable, question: Question) -> QuestionForm:
    return replace(
        _base_form(state, table, question),
        kind="days",
        value=state.answers.get(STAY, ""),
        choices=[{"value": unit, "label": _unit_name(unit)} for unit in UNITS],
    )


def _choice_form(state: Interview, table: DecisionTable, question: Question, group: str) -> QuestionForm:
    if question.groups and group not in question.groups:
        form = _base_form(state, table, question)
        chosen = question.options.get(state.answers.get(state.next_question, ""))
        return replace(
            form,
            kind="choice",
            value=chosen.group if chosen else "",
            name=GROUP,
            step="",
            error=_messages(state, table, {state.next_question: GROUP, GROUP: GROUP}),
            choices=[
                *(_choice(key, record.label, record.help) for key, record in question.groups.items()),
                {"value": UNKNOWN, "label": _unknown_label(), "help": form.unknown},
            ],
        )
    form = _base_form(state, table, question, extra=1 if question.groups else 0)
    choices = [
        _choice(key, option.label, option.help)
        for key, option in question.options.items()
        if not group or option.group == group
    ]
    if question.unknown:
        choices.append({"value": UNKNOWN, "label": _unknown_label(), "help": form.unknown})
    if question.groups:
        title = text_of(question.groups[group].label)
        form = replace(form, title=title, group=group, hidden=[*form.hidden, (GROUP, group)])
    return replace(form, kind="choice", choices=choices, value=state.answers.get(state.next_question, ""))


def _choice(value: str, label: Mapping[str, str], help_: Mapping[str, str]) -> Choice:
    return {"value": value, "label": text_of(label), "help": text_of(help_) if help_ else ""}


def arriving_form(state: Interview, day: date | None) -> QuestionForm:
    """The form for the day of arrival; `day` is the day for which the answer on the page holds."""
    invalid = next((invalid for invalid in state.invalid_answers if invalid.field == ARRIVING), None)
    return QuestionForm(
        kind="date",
        name=ARRIVING,
        title=_("When will you arrive?"),
        help=_("Rules change. The answer holds for this day."),
        number=len(state.path) + 1,
        total=len(state.path) + 1,
        value=invalid.typed if invalid else (day.isoformat() if day else state.answers.get(ARRIVING, "")),
        hidden=sorted((name, value) for name, value in state.carried.items() if name != ARRIVING),
        error={ARRIVING: message(invalid, None)} if invalid else {},
    )


def _unit_name(unit: str) -> str:
    return {"days": _("days"), "weeks": _("weeks"), "months": _("months"), "years": _("years")}[unit]


def message(invalid: InvalidAnswer, table: DecisionTable | None) -> str:
    """The error message for an invalid answer; the maximum length of stay is taken from the table."""
    maximum = table.questions[STAY].maximum if table and STAY in table.questions else None
    longest = presenters.days_text(maximum or 0)
    typed = invalid.typed
    return {
        "country": _("We know no country named “%(typed)s”. Write its name in English or Indonesian.", typed=typed),
        "shared": _("“%(typed)s” can be more than one country. Choose the one on your passport.", typed=typed),
        "twice": _("The address names two countries here. Choose the passport you will use."),
        "same": _("You named the same country twice. Leave the second field empty if you have one passport."),
        "choice": _("“%(typed)s” is not one of the answers any more. Choose again.", typed=typed),
        "number": _("Enter a whole number, for example 14."),
        "low": _("Enter at least 1 day."),
        "high": _("Enter at most %(days)s (%(years)d years).", days=longest, years=(maximum or 0) // 365),
        "empty": _("Choose or enter an answer."),
        "date": _("“%(typed)s” is no date. Enter day, month and year of your arrival.", typed=typed),
        "late": _("Enter a day within the next five years."),
    }[invalid.code]


def errors(form: QuestionForm) -> list[ErrorLink]:
    """What the error summary lists; each leads to its field on this page."""
    return error_links(form.error)


def _messages(state: Interview, table: DecisionTable, controls: Mapping[str, str]) -> dict[str, str]:
    """The error messages by control; `controls` gives the name of the control by field."""
    return {
        controls[invalid.field]: message(invalid, table)
        for invalid in state.invalid_answers
        if invalid.field in controls
    }


def notices(state: Interview, table: DecisionTable) -> list[str]:
    """What the reader should know about parameters that were ignored or read under another name."""
    messages = []
    for notice in state.notices:
        question = table.questions.get(notice.name)
        name = text_of(question.short) if question else notice.name
        messages.append(
            {
                "strange": _("This address holds something we do not use any more: “%(name)s”.", name=name),
                "needless": _("Your answer to “%(name)s” is not needed here, so we left it out.", name=name),
                "renamed": _("This address is older. We read “%(name)s” by its new name.", name=name),
            }[notice.code]
        )
    return messages


def answered(state: Interview, table: DecisionTable, address: Address) -> list[AnsweredRow]:
    """The answers so far, each with the address at which it can be changed."""
    return [
        {
            "label": text_of(table.questions[id_].short),
            "value": text,
            "href": address({name: value for name, value in state.carried.items() if name != GROUP}, change=id_),
            "action": _("Change"),
        }
        for id_ in state.path
        if id_ != state.next_question and (text := _answer_text(state, table, id_))
    ]


def _answer_text(state: Interview, table: DecisionTable, id_: str) -> str:
    question = table.questions[id_]
    value = state.answers.get(id_, "")
    if question.kind == "country" and state.answers.get(DOCUMENT) == OTHER_DOCUMENT:
        return _("Another travel document")
    if value == UNKNOWN:
        return _unknown_label()
    if not value:
        return ""
    if question.kind == "country":
        names = [countries().name(code, language()) for code in (value, state.answers.get(SECOND, "")) if code]
        return _("%(first)s and %(last)s", first=names[0], last=names[1]) if len(names) > 1 else names[0]
    if question.kind == "days":
        return presenters.days_text(int(value))
    return text_of(question.options[value].label)
