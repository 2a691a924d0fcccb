"""Dated values: on any day the view is what a look through the list by hand says, and it says when it changes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.content.reference import UNKNOWN, DatedValue, on_day

FIRST = date(2024, 1, 1)


@st.composite
def histories(draw: st.DrawFn) -> list[DatedValue]:
    lengths = draw(st.lists(st.integers(1, 60), min_size=1, max_size=5))
    amounts = draw(
        st.lists(st.one_of(st.integers(0, 9), st.just(UNKNOWN)), min_size=len(lengths), max_size=len(lengths))
    )
    starts_open = draw(st.booleans())
    values, day = [], FIRST
    for number, (length, amount) in enumerate(zip(lengths, amounts, strict=True)):
        last = number == len(lengths) - 1
        begin = None if number == 0 and starts_open else day
        end = None if last else day + timedelta(days=length - 1)
        values.append(DatedValue(value=amount, valid_from=begin, valid_to=end))
        day += timedelta(days=length)
    return draw(st.permutations(values))


@given(histories(), st.integers(-30, 330))
def test_the_current_value_is_the_one_whose_days_hold_it(values: list[DatedValue], offset: int) -> None:
    day = FIRST + timedelta(days=offset)
    holding = [value for value in values if value.holds_on(day)]
    assert on_day(values, day).current == (holding[0] if holding else None)


@given(histories(), st.integers(-30, 330))
def test_a_view_holds_until_the_day_it_names_and_not_longer_than_it_says(values: list[DatedValue], offset: int) -> None:
    day = FIRST + timedelta(days=offset)
    view = on_day(values, day)
    shown = (view.current, view.upcoming, view.recent)
    last = view.changes_on or day + timedelta(days=400)
    for ahead in range((last - day).days):
        other = on_day(values, day + timedelta(days=ahead))
        assert (other.current, other.upcoming, other.recent) == shown


def test_the_change_of_17_december() -> None:
    values = (
        DatedValue(value=350_000, valid_to=date(2024, 12, 16)),
        DatedValue(value=650_000, valid_from=date(2024, 12, 17)),
    )
    before = on_day(values, date(2024, 12, 10))
    assert before.current and before.upcoming
    assert (before.current.value, before.upcoming.value) == (350_000, 650_000)
    assert before.changes_on == date(2024, 12, 17)
    after = on_day(values, date(2024, 12, 17))
    assert after.current and after.recent and after.current.value == 650_000 and after.recent.value == 350_000
    assert on_day(values, date(2025, 1, 1)).recent is None
