"""Values of the builder's forms: hours as clock times, days, numbers and local texts, with an error at each field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.content.document import LocalText
from portal.content.parsing import instant_of
from portal.content_forms.widgets import clean
from portal.timetable.hours import Slot, clock_time
from portal.web.forms.fields import whole_number
from portal.web.languages import gettext as _

Values = dict[str, list[str]]
DAY_MINUTES = 24 * 60
MOST_SLOTS, MOST_ROWS, LONGEST_LINE = 6, 200, 300
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?::\d{2})?")


class FormReader:
    """Reads submitted fields; what cannot be understood becomes an error under its name, and reading goes on."""

    def __init__(self, sent: Mapping[str, Sequence[str]], languages: Sequence[str], zone: ZoneInfo) -> None:
        self.sent, self.languages, self.zone = sent, languages, zone
        self.errors: dict[str, str] = {}

    def fail(self, name: str, message: str) -> None:
        """Note an error; the first one of a field stays."""
        self.errors.setdefault(name, message)

    def text(self, name: str) -> str:
        """The one line of a field."""
        texts = self.sent.get(name) or ("",)
        return " ".join(clean(texts[-1]).split())[:LONGEST_LINE]

    def all(self, name: str) -> list[str]:
        """Every value of a field of several, each once."""
        return list(dict.fromkeys(text.strip() for text in self.sent.get(name, ()) if text.strip()))[:MOST_ROWS]

    def rows(self, name: str) -> list[int]:
        """The numbers of the submitted rows of a list."""
        pattern = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})(?:\.|$)")
        return sorted({int(match[1]) for key in self.sent if (match := pattern.match(key))})[:MOST_ROWS]

    def day(self, name: str, *, required: bool = True) -> date | None:
        """The day of a field."""
        text = self.text(name)
        if not text:
            if required:
                self.fail(name, _("Choose a day."))
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(name, _("Enter a date such as 2026-12-24."))
            return None

    def instant(self, name: str) -> datetime | None:
        """The moment of a field, in the office's zone where it names none."""
        try:
            return instant_of(self.text(name), self.zone)
        except ValueError:
            self.fail(name, _("Enter a date and time, for example 2026-12-24T12:00."))
            return None

    def number(self, name: str, *, low: int, high: int, default: int | None = None) -> int | None:
        """The whole number of a field."""
        text = self.text(name)
        number = whole_number(text, low=low, high=high) if text else default
        if number is None:
            self.fail(name, _("Enter a number from %(low)d to %(high)d.", low=low, high=high))
        return number

    def local(self, name: str, *, required: bool = False) -> dict[str, str]:
        """A text in the languages of the site, without those left blank."""
        texts = {code: text for code in self.languages if (text := self.text(f"{name}.{code}"))}
        if required and not texts:
            self.fail(f"{name}.{self.languages[0]}", _("Write a few words; readers see them."))
        return texts

    def slot(self, name: str) -> Slot | None:
        """The hours of `from`, `to` and `last`; None where nothing is typed or it cannot be understood."""
        opens, closes, last = (self.text(f"{name}.{key}") for key in ("from", "to", "last"))
        if not (opens or closes or last):
            return None
        start, end = _minutes(opens), _minutes(closes, is_end=True)
        if start is None or end is None:
            self.fail(f"{name}.from" if start is None else f"{name}.to", _("Enter a time, for example 08:00."))
            return None
        if start == end:
            self.fail(f"{name}.to", _("It ends when it begins."))
            return None
        end += DAY_MINUTES if end < start else 0
        number = _minutes(last) if last else None
        if number is not None and number < start:
            number += DAY_MINUTES
        if last and (number is None or not start < number <= end):
            self.fail(f"{name}.last", _("The last number is given between the beginning and the end."))
            return None
        return Slot(start, end, number)

    def slots(self, name: str, *, required: bool = False) -> list[Slot]:
        """The hours of one day in order, without overlap."""
        slots = sorted(slot for row in self.rows(name)[:MOST_SLOTS] if (slot := self.slot(f"{name}.{row}")))
        if any(second.opens < first.closes for first, second in pairwise(slots)):
            self.fail(f"{name}.0.from", _("These hours overlap. Join them or change one."))
        if required and not slots:
            self.fail(f"{name}.0.from", _("Enter from when to when."))
        return slots


def slot_text(slot: Slot) -> str:
    """The slot as facts.yaml writes it; midnight at the end is 24:00."""
    closes = "24:00" if slot.closes == DAY_MINUTES else f"{slot.closes_at:%H:%M}"
    last = f" last {clock_time(slot.last):%H:%M}" if slot.last is not None else ""
    return f"{slot.opens_at:%H:%M}-{closes}{last}"


def slot_values(name: str, slot: Slot) -> Values:
    """The fields of a slot."""
    last = f"{clock_time(slot.last):%H:%M}" if slot.last is not None else ""
    return {
        f"{name}.from": [f"{slot.opens_at:%H:%M}"],
        f"{name}.to": [f"{slot.closes_at:%H:%M}"],
        f"{name}.last": [last],
    }


def slots_values(name: str, slots: Iterable[Slot]) -> Values:
    """The fields of the slots of a day."""
    values: Values = {}
    for number, slot in enumerate(slots):
        values |= slot_values(f"{name}.{number}", slot)
    return values


def local_values(name: str, texts: LocalText) -> Values:
    """The fields of a text in each language."""
    return {f"{name}.{code}": [text] for code, text in texts.items()}


def day_value(day: date | None) -> list[str]:
    """The value of a field of a day."""
    return [day.isoformat() if day else ""]


def _minutes(text: str, *, is_end: bool = False) -> int | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes = int(match[1]), int(match[2] or 0)
    if hours == 24 and minutes == 0 and is_end:
        return DAY_MINUTES
    if hours > 23 or minutes > 59:
        return None
    return DAY_MINUTES if is_end and hours == minutes == 0 else hours * 60 + minutes
