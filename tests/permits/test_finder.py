"""The shipped table answers every expected case, and what it answers never depends on order or luck."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.content.catalogue import Catalogue
from portal.permits.countries import iso_codes
from portal.permits.finder.evaluation import NotCovered, Situation, answer, basis_of, decide, traits_of
from portal.permits.finder.proving.cases import Case, failures
from portal.permits.finder.table import DecisionTable
from tests.conftest import FULL

TODAY = date(2026, 11, 24)
CASES = msgspec.convert(yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())["test_cases"], list[Case])
EXAMPLES = 3000 if FULL else 150


def test_there_are_fifty_cases_and_all_are_answered_as_expected(table: DecisionTable) -> None:
    assert len(CASES) == 50
    assert failures(table, CASES, TODAY) == ()


def test_a_wrong_expectation_is_named(table: DecisionTable) -> None:
    wrong = msgspec.structs.replace(CASES[0], expect_primary="C1")
    (result,) = failures(table, [CASES[1], wrong], TODAY)
    assert result.number == 2
    assert result.answer.startswith("A1 by a-tl-border")


def test_kazakhstan_before_and_after_it_became_visa_free(table: DecisionTable) -> None:
    case = Situation(location="abroad", nationality="KZ", purpose="tourism", stay=10)
    before = answer(table, case, date(2026, 7, 8))
    after = answer(table, case, date(2026, 7, 9))
    assert before.decision.primary == "B1"
    assert (before.changes_on, before.after and before.after.primary) == (date(2026, 7, 9), "A1")
    assert after.decision.primary == "A1"
    assert (after.since, after.before and after.before.primary) == (date(2026, 7, 9), "B1")
    assert after.changes_on is None


def test_a_day_before_the_data_is_not_answered(table: DecisionTable) -> None:
    first = table.settings.covers_from
    case = Situation(location="abroad", nationality="DE", purpose="tourism", stay=10)
    assert answer(table, case, first).decision.primary == "B1"
    with pytest.raises(NotCovered) as refused:
        answer(table, case, first - timedelta(days=1))
    assert refused.value.first == first


def test_two_passports_follow_the_one_that_is_named_first(table: DecisionTable) -> None:
    for first, second, primary in (("DE", "TL", "B1"), ("TL", "DE", "A1"), ("ID", "DE", "WNI"), ("DE", "FR", "B1")):
        case = Situation(location="abroad", nationality=first, second=second, purpose="tourism", stay=10)
        decision = answer(table, case, TODAY).decision
        assert (decision.primary, decision.overlays) == (primary, ("arrival-declaration", "two-passports"))


def test_crew_of_calling_visa_nationality_are_not_told_that_they_need_no_visa(table: DecisionTable) -> None:
    case = Situation(location="abroad", nationality="NG", purpose="crew_onboard", stay=20)
    decision = answer(table, case, TODAY).decision
    assert (decision.primary, "A36" in decision.alternatives) == ("OFFICE", False)


def test_a_document_that_is_no_passport_gets_no_entry_by_list(table: DecisionTable) -> None:
    case = Situation(location="abroad", nationality="MY", document="other", purpose="tourism", stay=10)
    decision = answer(table, case, TODAY).decision
    assert decision.primary == "C1"
    assert "non-national-document" in decision.overlays


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"location": "unknown", "nationality": "DE"}, "OFFICE"),
        ({"location": "abroad", "nationality": "unknown", "purpose": "tourism", "stay": 5}, "OFFICE"),
        ({"location": "abroad", "nationality": "DE", "purpose": "unknown", "stay": 5}, "OFFICE"),
        ({"location": "abroad", "nationality": "DE", "purpose": "tourism", "stay": "unknown"}, "C1"),
        ({"location": "abroad", "nationality": "DE", "purpose": "work", "stay": "unknown"}, "E23"),
        ({"location": "in_country", "nationality": "DE", "status": "unknown", "goal": "stay_longer"}, "OFFICE"),
        ({"location": "in_country", "nationality": "DE", "status": "in_itas", "goal": "unknown"}, "OFFICE"),
        ({"location": "in_country", "nationality": "DE", "status": "overstay_le60", "goal": "unknown"}, "OVERSTAY-PAY"),
    ],
)
def test_not_knowing_leads_to_safe_advice(table: DecisionTable, answers: dict[str, object], expected: str) -> None:
    assert answer(table, Situation(**answers), TODAY).decision.primary == expected  # type: ignore[arg-type]


def test_permits_open_to_some_never_go_to_others(table: DecisionTable) -> None:
    for code in iso_codes():
        for stay in (10, 45, 90, 200, 500):
            situation = Situation(location="abroad", nationality=code, purpose="tourism", stay=stay)
            decision = answer(table, situation, TODAY).decision
            named = {decision.primary, *decision.alternatives}
            assert ("A1" not in named) or code in table.lists["visa-free"].members
            assert ("B1" not in named) or code in table.lists["on-arrival"].members


def _situations(table: DecisionTable) -> st.SearchStrategy[Situation]:
    questions = table.questions
    who = {"nationality": st.sampled_from([*iso_codes(), "unknown"]), "second": st.sampled_from(["", *iso_codes()])}
    abroad = st.builds(
        Situation,
        location=st.just("abroad"),
        purpose=st.sampled_from(questions["purpose"].values),
        stay=st.one_of(st.integers(1, 3650), st.just("unknown")),
        **who,
    )
    here = st.builds(
        Situation,
        location=st.just("in_country"),
        status=st.sampled_from(questions["status"].values),
        goal=st.sampled_from(questions["goal"].values),
        **who,
    )
    return st.one_of(abroad, here)


def test_every_situation_has_an_answer_with_a_basis(table: DecisionTable, shipped: Catalogue) -> None:
    laws = shipped.reference("laws")

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(situation=_situations(table), ahead=st.integers(0, 1500))
    def law(situation: Situation, ahead: int) -> None:
        result = answer(table, situation, table.settings.covers_from + timedelta(days=ahead))
        basis = basis_of(result.decision, table)
        assert basis or table.outcomes[result.decision.primary].is_referral
        assert all(id_ in laws for id_ in basis)

    law()


def test_the_neighbours_in_time_are_where_the_answer_changes(table: DecisionTable) -> None:
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(situation=_situations(table), ahead=st.integers(0, 700))
    def law(situation: Situation, ahead: int) -> None:
        day = table.settings.covers_from + timedelta(days=ahead)
        result = answer(table, situation, day)
        if result.changes_on:
            eve = result.changes_on - timedelta(days=1)
            for other in (day, eve):
                same = decide(table, traits_of(situation, table, other), other)
                assert same is not None
                assert same.key == result.decision.key
            there = decide(table, traits_of(situation, table, result.changes_on), result.changes_on)
            assert there is not None
            assert there.key != result.decision.key
        if result.since:
            assert answer(table, situation, result.since).decision.key == result.decision.key

    law()
