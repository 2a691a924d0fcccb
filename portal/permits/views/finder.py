"""The finder: one question a page, the answers in the address, and the same answer as data."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from portal.permits.finder.evaluation import NoAnswer, NotCovered, answer
from portal.permits.finder.interview import ARRIVING, PARAMETERS, Interview, read
from portal.permits.finder.records import record_of
from portal.permits.finder.table import DecisionTable
from portal.permits.views import questions, results
from portal.permits.views.blueprint import bp, countries, crumbs, label, table
from portal.web.clock import request_clock
from portal.web.documents import structured_data
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.navigation import preview_words
from portal.web.pages import absolute, private, render, url

SEEN = "seen"


@bp.get("/finder")
def finder() -> AnyResponse:
    """The next question, or the answer when nothing is left to ask."""
    rules = table()
    state = _read(rules)
    if state.asked:
        return _question(rules, state)
    if not state.is_canonical:
        return redirect(address(state.answers, seen=request.args.get(SEEN, "")), 302)
    return _answer(rules, state)


@bp.get("/finder.json")
def finder_json() -> AnyResponse:
    """The answer as data; what is missing or wrong ends with status 400 and says so per field."""
    rules = table()
    state = _read(rules)
    if state.wrong or state.asked:
        missing = [] if state.wrong else [{"field": state.asked, "message": _("An answer is missing.")}]
        messages = [{"field": wrong.field, "message": questions.message(wrong, rules)} for wrong in state.wrong]
        response = jsonify(errors=[*messages, *missing])
        response.status_code = 400
        return private(response)
    day = state.arriving or request_clock().today()
    try:
        result = answer(rules, state.situation, day)
    except NotCovered as error:
        response = jsonify(errors=[{"field": ARRIVING, "message": results.not_covered_words(error.first)}])
        response.status_code = 400
        return private(response)
    record = record_of(result, rules, state.answers)
    note = preview_words()
    page = absolute(address(state.answers))
    response = jsonify({**record, "page": page, **({"note": note} if note else {})})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def address(answers: Any, **more: str) -> str:
    """The address of the finder with these answers, in the one order that all links use."""
    kept = [(name, answers[name]) for name in PARAMETERS if answers.get(name)]
    kept += [(name, value) for name, value in more.items() if value]
    return url("permits.finder") + (f"?{urlencode(kept)}" if kept else "")


def _read(rules: DecisionTable) -> Interview:
    given = {name: request.args.getlist(name) for name in list(request.args)[:40]}
    return read(given, rules, countries(), today=request_clock().today())


def _question(rules: DecisionTable, state: Interview) -> Response:
    is_start = not request.args
    form = questions.form_of(state, rules)
    way = crumbs() if is_start else crumbs({"label": _("Permit finder"), "href": url("permits.finder")})
    return render(
        "permits/finder_question.html",
        crumbs=way,
        form=form,
        errors=questions.errors(form),
        notices=questions.notices(state, rules),
        answered=questions.answered(state, rules, address),
        back=_back(state),
        action=url("permits.finder"),
        is_start=is_start,
        canonical=absolute(url("permits.finder")),
        robots=None if is_start else "noindex",
        description=_("A few questions lead to the visa or stay permit you need, with the rule behind it."),
        structured=structured_data.graph(structured_data.breadcrumbs(way, label(), url("permits.finder")))
        if is_start
        else [],
    )


def _back(state: Interview) -> str:
    """The question before this one, or nothing at the first."""
    path = [*state.path, ARRIVING]
    position = path.index(state.asked) if state.asked in path else 0
    return address(state.carried, ask=path[position - 1]) if position else ""


def _answer(rules: DecisionTable, state: Interview) -> Response:
    today = request_clock().today()
    day: date = state.arriving or today
    shared: dict[str, Any] = {
        "crumbs": crumbs({"label": _("Permit finder"), "href": url("permits.finder")}),
        "answered": questions.answered(state, rules, address),
        "notices": questions.notices(state, rules),
        "again": url("permits.finder"),
        "arriving": questions.arriving_form(state, day),
        "action": url("permits.finder"),
        "robots": "noindex",
        "canonical": absolute(address(state.answers)),
    }
    try:
        result = answer(rules, state.situation, day)
    except NotCovered as error:
        return render("permits/finder_not_covered.html", words=results.not_covered_words(error.first), **shared)
    except NoAnswer:
        return render(
            "permits/finder_not_covered.html", words=_("We have no answer for this case. Ask the office."), **shared
        )
    mark = results.mark_of(result, rules)
    return render(
        "permits/finder_result.html",
        result=results.result_of(result, rules, state),
        seen=results.seen_words(request.args.get(SEEN, ""), mark, rules),
        share=absolute(address(state.answers, seen=mark)),
        json=url("permits.finder_json") + "?" + address(state.answers).partition("?")[2],
        today=today,
        lang=language(),
        **shared,
    )
