"""Hours and series of sessions survive the way into the builder's form and back: shipped ones and generated ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.parsing import typed, yaml_of
from portal.content.problems import ContentError
from portal.desk.schedule_builder import hours_form, series_form
from portal.desk.schedule_builder.facts_text import with_hours, with_series
from portal.desk.schedule_builder.values import FormReader
from portal.schedules.service import ServiceFacts
from portal.timetable.opening_hours_spec import OpeningHoursSpec
from portal.timetable.sessions.series import Series
from tests.timetable.strategies import REASON, slots, written

ZONE, LANGUAGES = ZoneInfo("Asia/Makassar"), ("id", "en")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
SHIPPED = sorted(Path("content/schedules").glob("*/facts.yaml"))


def hours_again(spec: OpeningHoursSpec) -> OpeningHoursSpec:
    reader = FormReader(hours_form.hours_values(spec), LANGUAGES, ZONE)
    hours = hours_form.hours_of(reader)
    assert reader.errors == {}
    return typed(hours, OpeningHoursSpec, path="", zone=ZONE)


def series_again(series: Series) -> Series:
    reader = FormReader(series_form.series_values(series), LANGUAGES, ZONE)
    values = series_form.series_of(reader, id_=series.id, now=NOW)
    series_form.misplaced_change(reader, set(series.original_dates()))
    assert reader.errors == {}
    return typed(values, Series, path="", zone=ZONE)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_schedules_come_back_and_no_byte_of_them_changes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    facts = typed(yaml_of(text, ""), ServiceFacts, path="", zone=ZONE)
    assert hours_form.normal(hours_again(facts.hours)) == hours_form.normal(facts.hours)
    reader = FormReader(hours_form.hours_values(facts.hours), LANGUAGES, ZONE)
    assert with_hours(text, hours_form.hours_of(reader), zone=ZONE) == text
    for series in facts.sessions:
        assert series_form.normal(series_again(series)) == series_form.normal(series)
        reader = FormReader(series_form.series_values(series), LANGUAGES, ZONE)
        assert with_series(text, series.id, series_form.series_of(reader, id_=series.id, now=NOW), zone=ZONE) == text


@given(written)
def test_generated_hours_come_back(values: dict[str, Any]) -> None:
    try:
        spec = typed(values, OpeningHoursSpec, path="", zone=ZONE)
    except ContentError:
        return
    assert hours_form.normal(hours_again(spec)) == hours_form.normal(spec)


quotas = st.fixed_dictionaries(
    {"total": st.integers(0, 99), "taken": st.integers(0, 99), "as_of": st.just("2026-11-24T09:40+08:00")},
    optional={"source": st.just(REASON)},
)
weekday_lists = st.lists(st.sampled_from(("mon", "tue", "sat", "sun")), min_size=1, unique=True)
rules = st.one_of(
    st.fixed_dictionaries(
        {"every": st.just("week"), "weekdays": weekday_lists, "from": st.just("2026-12-01")},
        optional={
            "interval": st.integers(1, 4),
            "on_holiday": st.sampled_from(series_form.ON_HOLIDAY),
        },
    ),
    st.fixed_dictionaries(
        {
            "every": st.just("month"),
            "weekdays": weekday_lists,
            "from": st.just("2026-12-01"),
            "nth": st.sampled_from((1, 3, -1)),
        }
    ),
)


@st.composite
def generated_series(draw: st.DrawFn) -> Series:
    values: dict[str, Any] = {"id": "sesi", "hours": draw(slots(overnight=True))[-1], "place": "kantor"}
    if draw(st.booleans()):
        days = draw(st.lists(st.dates(date(2026, 12, 1), date(2027, 2, 1)), min_size=1, max_size=5, unique=True))
        values["dates"] = [day.isoformat() for day in days]
    else:
        bound = draw(st.sampled_from(({"count": 9}, {"until": "2027-06-30"})))
        values["rule"] = {**draw(rules), **bound}
    values |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "quota": quotas,
                "venue": st.just(REASON),
                "note": st.just(REASON),
                "state": st.sampled_from(series_form.STATES),
                "sample": st.just(True),
            },
        )
    )
    series = typed(values, Series, path="", zone=ZONE)
    day = draw(st.sampled_from(series.original_dates()))
    change = draw(
        st.fixed_dictionaries(
            {"date": st.just(day.isoformat()), "reason": st.just(REASON)},
            optional={
                "cancelled": st.just(True),
                "moved_to": st.just("2027-01-02"),
                "hours": slots().map(lambda drawn: drawn[0]),
                "place": st.just("pasar"),
                "venue": st.just(REASON),
                "state": st.sampled_from(series_form.STATES),
                "quota": quotas,
                "note": st.just(REASON),
            },
        )
    )
    return typed({**values, "changes": [change]}, Series, path="", zone=ZONE)


@given(generated_series())
def test_generated_series_come_back(series: Series) -> None:
    assert series_form.normal(series_again(series)) == series_form.normal(series)
