"""The finder: one question a page, with the answers in the address, and the same answer as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.permits.finder.evaluation import NoAnswer, NotCovered, answer
from portal.permits.finder.interview import ARRIVING, GROUP, PARAMETERS, SECOND, Interview, read_interview
from portal.permits.finder.records import record_of
from portal.permits.finder.table import DecisionTable
from portal.permits.views.blueprint import bp, countries, decision_table, permits_crumbs
from portal.permits.views.finder import passports, questions, results
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.languages import gettext as _
from portal.web.navigation import Link, preview_words
from portal.web.pages import absolute, private, render, url

RULE_VERSION = "seen"
"""The parameter by which a shared link carries the version of the rules and of the answer at that time."""
MOST_PARAMETERS = 40


class AnswerContext(TypedDict):
    """The variables that the page of an answer shares with the page that says there is none."""

    crumbs: list[Link]
    answered: list[questions.AnsweredRow]
    notices: list[str]
    restart: str
    arriving: questions.QuestionForm
    action: str
    robots: str
    canonical: str


@bp.get("/finder")
def finder() -> AnyResponse:
    """The next question, or the answer when nothing is left to ask."""
    table = decision_table()
    state = _interview(table)
    if state.next_question:
        return _question_page(table, state)
    if not state.is_canonical:
        return redirect(address(state.answers, **{RULE_VERSION: request.args.get(RULE_VERSION, "")}), 302)
    return _answer_page(table, state)


@bp.get("/finder.json")
def finder_json() -> AnyResponse:
    """The answer as data; missing and invalid answers give status 400 with a message per field."""
    table = decision_table()
    state = _interview(table)
    if state.invalid_answers:
        return _json_errors((invalid.field, questions.message(invalid, table)) for invalid in state.invalid_answers)
    if state.next_question:
        return _json_errors([(state.next_question, _("An answer is missing."))])
    day = state.arriving or request_clock().today()
    try:
        decision = answer(table, state.situation, day)
        others = passports.decisions(table, state, day)
    except NotCovered as error:
        return _json_errors([(ARRIVING, results.not_covered_text(error.first))])
    note = preview_words()
    by_passport = {code: record_of(other, table, state.answers) for code, other in others.items()}
    response = jsonify(
        {
            **record_of(decision, table, state.answers),
            **({"by_passport": by_passport} if by_passport else {}),
            "page": absolute(address(state.answers)),
            **({"note": note} if note else {}),
        }
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _json_errors(messages: Iterable[tuple[str, str]]) -> Response:
    response = jsonify(errors=[{"field": field, "message": message} for field, message in messages])
    response.status_code = 400
    return private(response)


def address(answers: Mapping[str, str], **parameters: str) -> str:
    """The address of the finder with these answers in the order of PARAMETERS, then further parameters."""
    pairs = [(name, answers[name]) for name in PARAMETERS if answers.get(name)]
    pairs += [(name, value) for name, value in parameters.items() if value]
    return url("permits.finder") + (f"?{urlencode(pairs)}" if pairs else "")


def _interview(table: DecisionTable) -> Interview:
    parameters = {name: request.args.getlist(name) for name in list(request.args)[:MOST_PARAMETERS]}
    return read_interview(parameters, table, countries(), today=request_clock().today())


def _question_page(table: DecisionTable, state: Interview) -> Response:
    is_start = not request.args
    form = questions.form_of(state, table)
    crumbs = permits_crumbs() if is_start else _answer_crumbs()
    start = structured_data.breadcrumbs(crumbs, _("Permits"), url("permits.finder")) if is_start else None
    return render(
        "permits/finder_question.html",
        crumbs=crumbs,
        form=form,
        errors=questions.errors(form),
        notices=questions.notices(state, table),
        answered=questions.answered(state, table, address),
        back=_previous_question(state, form, table),
        action=url("permits.finder"),
        is_start=is_start,
        canonical=absolute(url("permits.finder")),
        robots=None if is_start else "noindex",
        description=_("A few questions lead to the visa or stay permit you need, with the rule behind it."),
        structured=structured_data.graph(start) if start else [],
    )


def _answer_crumbs() -> list[Link]:
    return permits_crumbs({"label": _("Permit finder"), "href": url("permits.finder")})


def _previous_question(state: Interview, form: questions.QuestionForm, table: DecisionTable) -> str:
    """The address of the page before this one; "" at the first.

    From a change it is the page on which "Change" stood; from the options of a group, the list of groups.
    """
    if state.changing:
        return address(state.carried)
    if form.group:
        return address(state.without(state.next_question), ask=state.next_question)
    path = [*state.path, ARRIVING]
    position = path.index(state.next_question) if state.next_question in path else 0
    if not position:
        return ""
    previous = path[position - 1]
    options = table.questions[previous].options
    chosen = options.get(state.answers.get(previous, ""))
    # A group with one option has no page of its own.
    group = chosen.group if chosen and sum(option.group == chosen.group for option in options.values()) > 1 else ""
    return address({**state.carried, GROUP: group}, ask=previous)


def _answer_page(table: DecisionTable, state: Interview) -> Response:
    day = state.arriving or request_clock().today()
    context: AnswerContext = {
        "crumbs": _answer_crumbs(),
        "answered": questions.answered(state, table, address),
        "notices": questions.notices(state, table),
        "restart": url("permits.finder"),
        "arriving": questions.arriving_form(state, day),
        "action": url("permits.finder"),
        "robots": "noindex",
        "canonical": absolute(address(state.answers)),
    }
    try:
        decision = answer(table, state.situation, day)
        if state.answers.get(SECOND):
            return render(
                "permits/finder_passports.html",
                passports=passports.answers(table, state, day, address),
                notes=passports.common_notices(table, state, day),
                **context,
            )
    except NotCovered as error:
        message = results.not_covered_text(error.first)
        return render("permits/finder_not_covered.html", message=message, **context)
    except NoAnswer:
        message = _("We have no answer for this case. Ask the office.")
        return render("permits/finder_not_covered.html", message=message, **context)
    version = results.answer_version(decision, table)
    return render(
        "permits/finder_result.html",
        result=results.result_of(decision, table, state),
        rule_change=results.rule_change_notice(request.args.get(RULE_VERSION, ""), version, table),
        share=absolute(address(state.answers, **{RULE_VERSION: version})),
        json=f"{url('permits.finder_json')}?{address(state.answers).partition('?')[2]}",
        **context,
    )
