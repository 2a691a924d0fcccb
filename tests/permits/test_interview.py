"""The conversation by address: nothing typed is lost, nothing wrong is taken, and every way ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.permits.countries import Countries
from portal.permits.finder.evaluation import Situation
from portal.permits.finder.interview import PARAMETERS, Interview, read_interview
from portal.permits.finder.table import DecisionTable
from tests.conftest import FULL

TODAY = date(2026, 11, 24)


def _interview(table: DecisionTable, countries: Countries, **parameters: Any) -> Interview:
    as_lists = {name: value if isinstance(value, list) else [str(value)] for name, value in parameters.items()}
    return read_interview(as_lists, table, countries, today=TODAY)


def test_questions_come_one_after_the_other(table: DecisionTable, countries: Countries) -> None:
    parameters: dict[str, Any] = {}
    for name, value in [("nationality", "DE"), ("location", "abroad"), ("purpose", "tourism"), ("stay", "45")]:
        assert _interview(table, countries, **parameters).next_question == name
        parameters[name] = value
    done = _interview(table, countries, **parameters)
    assert (done.next_question, done.invalid_answers, done.is_canonical) == ("", (), True)
    assert done.situation == Situation(location="abroad", nationality="DE", purpose="tourism", stay=45)


def test_in_the_country_other_questions_are_asked(table: DecisionTable, countries: Countries) -> None:
    state = _interview(table, countries, nationality="AU", location="in_country")
    assert state.next_question == "status"
    state = _interview(table, countries, nationality="AU", location="in_country", status="in_itas")
    assert (state.next_question, state.path) == ("goal", ("nationality", "location", "status", "goal"))


def test_a_host_is_not_asked_for_a_country(table: DecisionTable, countries: Countries) -> None:
    assert _interview(table, countries, location="host").next_question == "role"
    assert _interview(table, countries, location="host", role="lodging").next_question == ""


@pytest.mark.parametrize(
    ("parameters", "field", "code"),
    [
        ({"nationality": "Atlantis"}, "nationality", "country"),
        ({"nationality": ["DE", "FR"]}, "nationality", "twice"),
        ({"nationality": "DE", "second": "Germany"}, "second", "same"),
        ({"nationality": "DE", "location": "moon"}, "location", "choice"),
        ({"nationality": "DE", "location": "abroad", "purpose": "tea"}, "purpose", "choice"),
        ({"nationality": "DE", "location": "abroad", "purpose": "tourism", "stay": "-5"}, "stay", "low"),
        ({"nationality": "DE", "location": "abroad", "purpose": "tourism", "stay": "0"}, "stay", "low"),
        ({"nationality": "DE", "location": "abroad", "purpose": "tourism", "stay": "99999"}, "stay", "high"),
        ({"nationality": "DE", "location": "abroad", "purpose": "tourism", "stay": "2.5"}, "stay", "number"),
        ({"nationality": "DE", "location": "unknown", "arriving": "2026-02-30"}, "arriving", "date"),
        ({"nationality": "DE", "location": "unknown", "arriving": "2099-01-01"}, "arriving", "late"),
        ({"step": "nationality"}, "nationality", "empty"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field(
    table: DecisionTable, countries: Countries, parameters: dict[str, Any], field: str, code: str
) -> None:
    state = _interview(table, countries, **parameters)
    assert [(invalid.field, invalid.code) for invalid in state.invalid_answers] == [(field, code)]
    assert state.next_question == ("nationality" if field == "second" else field)
    kept = {name: value for name, value in parameters.items() if name not in (field, "step", "second")}
    assert {name: state.carried[name] for name in kept} == kept


def test_names_and_units_become_one_address(table: DecisionTable, countries: Countries) -> None:
    state = _interview(
        table, countries, nationality="East Timor", location="outside", purpose="holiday", stay="2", unit="weeks"
    )
    assert dict(state.answers) == {"nationality": "TL", "location": "abroad", "purpose": "tourism", "stay": "14"}
    assert not state.is_canonical
    assert {(notice.code, notice.name) for notice in state.notices} == {("renamed", "location"), ("renamed", "purpose")}


def test_unknown_and_needless_parameters_are_told(table: DecisionTable, countries: Countries) -> None:
    state = _interview(table, countries, nationality="DE", location="unknown", purpose="tourism", colour="red")
    assert {(notice.code, notice.name) for notice in state.notices} == {("needless", "purpose"), ("strange", "colour")}
    assert state.next_question == ""


def test_one_answer_can_be_asked_again_and_the_rest_stays(table: DecisionTable, countries: Countries) -> None:
    parameters = {"nationality": "DE", "location": "abroad", "purpose": "tourism", "stay": "45"}
    state = _interview(table, countries, **parameters, ask="purpose")
    assert state.next_question == "purpose"
    assert state.without("purpose") == {"nationality": "DE", "location": "abroad", "stay": "45"}


def test_a_group_with_one_option_needs_no_second_page(table: DecisionTable, countries: Countries) -> None:
    state = _interview(table, countries, nationality="TL", location="abroad", group="border")
    assert (state.answers["purpose"], state.next_question) == ("border_crossing_tl", "stay")
    state = _interview(table, countries, nationality="TL", location="abroad", group="unknown")
    assert state.answers["purpose"] == "unknown"
    assert _interview(table, countries, nationality="TL", location="abroad", group="visit").next_question == "purpose"


@settings(max_examples=3000 if FULL else 200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*PARAMETERS, "unit", "ask", "step", "odd"]),
        st.lists(
            st.one_of(
                st.text(max_size=30), st.sampled_from(["DE", "TL", "abroad", "in_country", "tourism", "14", "unknown"])
            ),
            max_size=3,
        ),
    )
)
def test_no_address_breaks_it_and_its_answers_are_stable(
    table: DecisionTable, countries: Countries, parameters: dict[str, list[str]]
) -> None:
    state = read_interview(parameters, table, countries, today=TODAY)
    if not state.invalid_answers:
        again = _interview(table, countries, **state.answers)
        assert dict(again.answers) == dict(state.answers)
        assert again.invalid_answers == ()
