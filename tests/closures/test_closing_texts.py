"""Undoing a closing gives back every fact that it changed, whatever was chosen, and nothing that others changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.closures.apply import files_when_closed
from portal.closures.plan import ACTIONS, AlertPlan, EventPlan, Plan, SessionPlan
from portal.closures.undo import files_when_undone
from portal.content.parsing import typed, yaml_of
from portal.events.event import EventFacts
from portal.schedules.service import ServiceFacts
from tests.closures.closing_site import SESSIONS

ZONE = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
VAN, COUNTER, EVENT, OLD = (
    f"{key}/facts.yaml" for key in ("schedules/mobil", "schedules/loket", "events/baru", "events/pindahan")
)
TEXTS = {
    VAN: SESSIONS,
    COUNTER: """\
status: published
hours:
  weekly: {mon-fri: ["08:00-15:00"]}
  closures:
    - {from: 2026-12-05T08:00+08:00, until: 2026-12-05T12:00+08:00, reason: {id: Listrik padam, en: Power cut}}
sequence: 2
modified: "2026-11-20T08:00"
""",
    EVENT: """\
status: published
starts: 2026-12-10T13:00+08:00
ends: 2026-12-10T15:00+08:00
venue: {name: {id: Balai}}
registration: {capacity: 20, closes: 2026-12-10T12:00+08:00}
""",
    OLD: """\
status: published
starts: 2026-12-10T09:00+08:00
ends: 2026-12-10T10:00+08:00
was: {starts: 2026-12-08T09:00+08:00, ends: 2026-12-08T10:00+08:00, venue: {name: {id: Aula}}}
reason: {id: Hujan, en: Rain}
venue: {name: {id: Balai}}
sequence: 3
""",
}
ALERT = AlertPlan("closed-1", "site", {"id": {"title": "Tutup"}, "en": {"title": "Closed"}})
DAY = date(2026, 12, 10)


def plan(sessions: tuple[str, ...], events: tuple[str, ...], *, alert: bool = True) -> Plan:
    """A closing of the whole day with these actions."""
    later = datetime(2026, 12, 14, 10, 0, tzinfo=ZONE)
    return Plan(
        starts=datetime(2026, 12, 10, tzinfo=ZONE),
        ends=datetime(2026, 12, 11, tzinfo=ZONE),
        services=("mobil", "loket"),
        reason={"id": "Rapat", "en": "Meeting"},
        sessions=tuple(
            SessionPlan("mobil", series, DAY, action, date(2026, 12, 11) if action == "move" else None)  # type: ignore[arg-type]
            for series, action in zip(("pagi", "siang", "sore"), sessions, strict=True)
        ),
        events=tuple(
            EventPlan(slug, action, later if action == "move" else None)  # type: ignore[arg-type]
            for slug, action in zip(("baru", "pindahan"), events, strict=True)
        ),
        alert=ALERT if alert else None,
    )


def facts(path: str, text: str) -> ServiceFacts | EventFacts:
    type_ = EventFacts if path.startswith("events/") else ServiceFacts
    result: ServiceFacts | EventFacts = typed(yaml_of(text, path), type_, path=path, zone=ZONE)
    return result


def bare(path: str, text: str) -> ServiceFacts | EventFacts:
    """The facts without the number that only grows."""
    return msgspec.structs.replace(facts(path, text), sequence=1, modified=None)


actions = st.sampled_from(ACTIONS)


@settings(deadline=None, max_examples=40)
@given(st.tuples(actions, actions, actions), st.tuples(actions, actions), st.booleans())
def test_whatever_is_chosen_comes_back(sessions: tuple[str, ...], events: tuple[str, ...], alert: bool) -> None:
    chosen = plan(sessions, events, alert=alert)
    before = {path: TEXTS[path] for path in chosen.facts_paths}
    after = files_when_closed(before, chosen, now=NOW, zone=ZONE)
    for path, text in before.items():
        assert facts(path, after[path]).sequence == facts(path, text).sequence + 1
    assert {path for path in after if path.startswith("alerts/")} == (
        {f"alerts/closed-1/{name}" for name in ("facts.yaml", "id.md", "en.md")} if alert else set()
    )
    back = files_when_undone(
        {**before, **after}, chosen, before=before, after=after, now=NOW + timedelta(hours=1), zone=ZONE
    )
    for path, text in before.items():
        opened = back[path]
        assert opened is not None
        assert bare(path, opened) == bare(path, text), path
        assert facts(path, opened).sequence == facts(path, text).sequence + 2
    assert all(back[path] is None for path in after if path.startswith("alerts/"))


def test_what_others_wrote_since_stays() -> None:
    chosen = plan(("cancel", "cancel", "keep"), ("move", "keep"))
    before = {path: TEXTS[path] for path in chosen.facts_paths}
    after = files_when_closed(before, chosen, now=NOW, zone=ZONE)
    now = {
        **after,
        EVENT: after[EVENT].replace("2026-12-14T", "2026-12-15T"),
        COUNTER: after[COUNTER].replace("mon-fri", "mon-thu"),
        VAN: after[VAN].replace("taken: 4", "taken: 9"),
    }
    assert all(now[path] != after[path] for path in (EVENT, COUNTER, VAN))
    back = files_when_undone(now, chosen, before=before, after=after, now=NOW, zone=ZONE)
    assert "2026-12-15T10:00+08:00" in str(back[EVENT])
    counter, van = facts(COUNTER, str(back[COUNTER])), facts(VAN, str(back[VAN]))
    assert isinstance(counter, ServiceFacts)
    assert isinstance(van, ServiceFacts)
    assert counter.hours.weekly == {"mon-thu": ("08:00-15:00",)}
    assert len(counter.hours.closures) == 1
    change = van.sessions[1].changes[0]
    assert (change.cancelled, change.quota and change.quota.taken) == (False, 9)
    assert "# What staff noted here stays." in str(back[VAN])
