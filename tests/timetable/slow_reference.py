"""The obvious way to say whether a service is open: read every layer anew for a single instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Day:
    """Slots as text, what else is known of the day, and why it is closed outside of them."""

    slots: list[str]
    default_reason: str
    unknown: bool = False
    closed_slots: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()


class Slow:
    """Answers from the plain YAML values; sessions are (day, slot, certain), holidays are day -> kind."""

    def __init__(self, written: dict, holidays: dict[date, str], sessions: list, zone: ZoneInfo) -> None:
        self.written, self.holidays, self.sessions, self.zone = written, holidays, sessions, zone

    def answer(self, instant: datetime) -> tuple[str, str]:
        """State, and kind of reason ('' when open)."""
        for closure in self.written.get("closures", ()):
            if _moment(closure["from"]) <= instant < _moment(closure["until"]):
                return "closed", "emergency"
        today = instant.astimezone(self.zone).date()
        yesterday = today - timedelta(days=1)
        days = [(today, self.day(today)), (yesterday, self.day(yesterday))]
        if any(self._covers(slot, on, instant) for on, day in days for slot in day.closed_slots):
            return "closed", "exception"
        if any(self._covers(slot, on, instant) for on, day in days for slot in day.slots):
            return "open", ""
        if any(self._covers(slot, on, instant) for on, day in days for slot in day.planned):
            return "unknown", "planned"
        today_plan = days[0][1]
        if today_plan.unknown:
            return "unknown", today_plan.default_reason
        if today_plan.default_reason == "outside-hours" and self._is_break(instant, today_plan, today):
            return "closed", "break"
        return "closed", today_plan.default_reason

    def day(self, day: date) -> Day:
        """Emergency aside: exception over holiday over season over weekly, then what is added."""
        plan = self._excepted(day)
        for item in self.written.get("exceptions", ()):
            if item.get("moved_to") == day.isoformat() and not self._is_shut(day):
                origin = date.fromisoformat(item["date"])
                plan.slots += item.get("hours") or self._below(origin).slots
                plan.default_reason = plan.default_reason if plan.unknown else "outside-hours"
        if not self._is_shut(day):
            for on, slot, certain in self.sessions:
                if on == day and certain:
                    plan.slots.append(slot)
                    plan.default_reason = plan.default_reason if plan.unknown else "outside-hours"
                elif on == day:
                    plan.planned += (slot,)
        return plan

    def _exception(self, day: date) -> dict | None:
        for item in self.written.get("exceptions", ()):
            first = item.get("date") or item["from"]
            last = item.get("date") or item["to"]
            if first <= day.isoformat() <= last:
                return item
        return None

    def _is_shut(self, day: date) -> bool:
        item = self._exception(day)
        return bool(item and item.get("closed") and not item.get("between"))

    def _excepted(self, day: date) -> Day:
        item = self._exception(day)
        if item is None:
            return self._below(day)
        if item.get("unknown"):
            return Day([], "not-confirmed", unknown=True)
        if item.get("moved_to"):
            return Day([], "moved")
        if item.get("between"):
            below = self._below(day)
            return Day(below.slots, below.default_reason, below.unknown, closed_slots=tuple(item["between"]))
        if item.get("closed"):
            return Day([], "exception")
        if item.get("extra"):
            below = self._below(day)
            default_reason = below.default_reason if below.unknown else "outside-hours"
            return Day([*below.slots, *item["extra"]], default_reason, below.unknown)
        return Day(list(item["hours"]), "outside-hours")

    def _below(self, day: date) -> Day:
        kind = self.holidays.get(day)
        rule = (self.written.get("holidays") or {}).get(kind, "closed") if kind else "open"
        if rule == "unknown":
            return Day([], "not-confirmed", unknown=True)
        if rule == "closed":
            return Day([], "holiday")
        if rule != "open":
            return Day(list(rule), "outside-hours")
        weekly = self.written.get("weekly", {})
        for season in self.written.get("seasons", ()):
            if season["from"] <= day.isoformat() <= season["to"]:
                weekly = season["weekly"]
        hours = "unknown" if weekly == "unknown" else weekly.get(DAYS[day.weekday()], "closed")
        if hours == "unknown":
            return Day([], "not-confirmed", unknown=True)
        if hours == "closed":
            return Day([], "no-hours")
        return Day(list(hours), "outside-hours" if hours else "no-hours")

    def _covers(self, slot: str, on: date, instant: datetime) -> bool:
        start, end = self._span(slot, on)
        return start <= instant < end

    def _span(self, slot: str, on: date) -> tuple[datetime, datetime]:
        opens, closes = slot[:5], slot[6:11]
        next_day = closes <= opens or closes == "24:00"
        return (
            datetime.combine(on, time.fromisoformat(opens), self.zone).astimezone(UTC),
            datetime.combine(
                on + timedelta(days=1) if next_day else on,
                time.fromisoformat("00:00" if closes == "24:00" else closes),
                self.zone,
            ).astimezone(UTC),
        )

    def _is_break(self, instant: datetime, today_plan: Day, today: date) -> bool:
        if len(set(today_plan.slots)) < 2:
            return False
        first = min(self._span(slot, today)[0] for slot in today_plan.slots)
        midnight = datetime.combine(today + timedelta(days=1), time(0), self.zone).astimezone(UTC)
        minutes = [first + timedelta(minutes=m) for m in range(0, 24 * 60 + 61, 15)]
        opened = [at for at in minutes if at < midnight and self._is_open(at)]
        return bool(opened) and opened[0] < instant < opened[-1]

    def _is_open(self, instant: datetime) -> bool:
        for closure in self.written.get("closures", ()):
            if _moment(closure["from"]) <= instant < _moment(closure["until"]):
                return False
        today = instant.astimezone(self.zone).date()
        days = [(on, self.day(on)) for on in (today, today - timedelta(days=1))]
        if any(self._covers(slot, on, instant) for on, day in days for slot in day.closed_slots):
            return False
        return any(self._covers(slot, on, instant) for on, day in days for slot in day.slots)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
