"""Random timetables that are valid as facts.yaml would write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST = date(2026, 12, 14)
SPAN = 24
REASON = {"id": "alasan", "en": "reason"}
GRID = 30  # Minutes; a coarse grid makes slots touch and overlap often.


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@st.composite
def slots(draw: st.DrawFn, *, overnight: bool = False) -> list[str]:
    """One to three slots of a day in order, the last perhaps past midnight."""
    marks = draw(st.lists(st.integers(4, 46), min_size=2, max_size=6, unique=True).map(sorted))
    pairs = [(marks[i], marks[i + 1]) for i in range(0, len(marks) - 1, 2)]
    written = [f"{_clock(a * GRID)}-{_clock(b * GRID)}" for a, b in pairs]
    if overnight and draw(st.booleans()):
        written[-1] = written[-1][:6] + _clock(draw(st.integers(0, 3)) * GRID)
    return written


def hours(*, overnight: bool = False) -> st.SearchStrategy[Any]:
    """A day's value: slots, closed or unknown."""
    return st.one_of(slots(overnight=overnight), st.just("closed"), st.just("unknown"))


weekly = st.one_of(st.dictionaries(st.sampled_from(DAYS), hours(overnight=True), max_size=7), st.just("unknown"))


def _iso(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


@st.composite
def exceptions(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to five exceptions on different days."""
    offsets = draw(st.lists(st.integers(0, SPAN), max_size=6, unique=True))
    drawn: list[dict[str, Any]] = []
    while offsets:
        item: dict[str, Any] = {"date": _iso(offsets.pop()), "reason": REASON}
        act = draw(st.sampled_from(("closed", "between", "hours", "extra", "unknown", "moved_to")))
        if act in ("closed", "between"):
            item["closed"] = True
        if act in ("between", "hours", "extra"):
            item[act] = draw(slots(overnight=act != "extra"))
        if act == "unknown":
            item["unknown"] = True
        if act == "moved_to":
            if not offsets:
                break
            item["moved_to"] = _iso(offsets.pop())
            item["hours"] = draw(st.one_of(st.just([]), slots()))
        drawn.append(item)
    return drawn


@st.composite
def closures(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to two emergency closures, exact to the second, that do not overlap."""
    marks = draw(st.lists(st.integers(0, SPAN * 86400), max_size=4, unique=True).map(sorted))
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    return [
        {
            "from": (start + timedelta(seconds=marks[i])).isoformat(),
            "until": (start + timedelta(seconds=marks[i + 1])).isoformat(),
            "reason": REASON,
        }
        for i in range(0, len(marks) - 1, 2)
    ]


@st.composite
def seasons(draw: st.DrawFn) -> list[dict[str, Any]]:
    """At most one season."""
    marks = draw(st.lists(st.integers(0, SPAN), max_size=2, unique=True).map(sorted))
    if len(marks) < 2:
        return []
    return [
        {
            "name": {"id": "Ramadan"},
            "from": _iso(marks[0]),
            "to": _iso(marks[1]),
            "weekly": draw(weekly),
        }
    ]


rule_value = st.one_of(st.sampled_from(("open", "closed", "unknown")), slots())
written = st.fixed_dictionaries(
    {
        "weekly": weekly,
        "seasons": seasons(),
        "holidays": st.fixed_dictionaries(
            {"national": rule_value, "collective-leave": rule_value, "regional": rule_value}
        ),
        "exceptions": exceptions(),
        "closures": closures(),
    }
)
holidays = st.dictionaries(
    st.integers(0, SPAN).map(lambda offset: FIRST + timedelta(days=offset)),
    st.sampled_from(("national", "collective-leave", "regional")),
    max_size=5,
)
sessions = st.lists(
    st.tuples(
        st.integers(0, SPAN).map(lambda offset: FIRST + timedelta(days=offset)),
        slots().map(lambda drawn: drawn[0]),
        st.booleans(),
    ),
    max_size=3,
)
instants = st.integers(0, SPAN * 86400).map(
    lambda seconds: datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(seconds=seconds)
)
