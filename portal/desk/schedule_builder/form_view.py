"""The builder's form as its templates ask for it: values, rows and errors by field name; rows are added and removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from portal.content_forms.choices import Choice, choices_of
from portal.content_forms.widgets import LONGEST, clean
from portal.desk.editor.findings import field_id
from portal.desk.schedule_builder.values import MOST_ROWS, FormReader, Values
from portal.schedules.views.presentation.hours_presenters import weekday_names
from portal.timetable.hours import DAYS
from portal.web.clock import office_zone
from portal.web.languages import language
from portal.web.pages import plain_catalogue

WORKDAYS = DAYS[1:5]


@dataclass(frozen=True)
class FormView:
    """What the templates ask for; `errors` are messages by field name."""

    values: Values
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        """The value of a field."""
        values = self.values.get(name)
        return values[-1] if values else default

    def has(self, name: str, value: str) -> bool:
        """Whether a field of several values holds this one."""
        return value in self.values.get(name, ())

    def error(self, name: str) -> str:
        """The error at a field."""
        return self.errors.get(name, "")

    def id(self, name: str) -> str:
        """The id of the control of a field."""
        return field_id(name)

    def rows(self, name: str) -> list[int]:
        """The numbers of the rows of a list."""
        return reader_of(self.values).rows(name)

    def slots(self, name: str) -> list[int]:
        """The numbers of the slots of a day, at least one."""
        return self.rows(name) or [0]

    @property
    def days(self) -> list[tuple[str, str]]:
        """The weekdays with their names."""
        return list(zip(DAYS, weekday_names(), strict=True))

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages of the site with their names."""
        return [(entry.code, entry.name) for entry in plain_catalogue().site.languages]

    def choices(self, source: str) -> list[Choice]:
        """The entries of a list to choose from."""
        return choices_of(plain_catalogue(), source, language())

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors as links to their fields."""
        return [{"message": message, "href": f"#{field_id(name)}"} for name, message in self.errors.items()]


def submitted_values() -> Values:
    """Every field of the submitted form."""
    return {
        name: [clean(text)[:LONGEST] for text in request.form.getlist(name)]
        for name in request.form
        if name not in ("csrf_token", "do")
    }


def reader_of(values: Values) -> FormReader:
    """A reader of these values in the languages and the zone of the office."""
    return FormReader(values, plain_catalogue().site.language_codes, office_zone())


def with_row_action(values: Values, do: str) -> Values | None:
    """The values after a button that adds, removes or copies rows; None for another button."""
    verb, _colon, name = do.partition(":")
    if verb == "add":
        following = max(reader_of(values).rows(name), default=-1) + 1
        return {**values, f"{name}.{following}.from": [""]} if following < MOST_ROWS else values
    if verb == "remove":
        return {key: value for key, value in values.items() if key != name and not key.startswith(f"{name}.")}
    if verb == "copy":
        kept = {key: value for key, value in values.items() if not _is_workday(key, name)}
        monday = {key: value for key, value in values.items() if key.startswith(f"{name}.mon.")}
        for day in WORKDAYS:
            kept |= {f"{name}.{day}.{key.removeprefix(f'{name}.mon.')}": list(value) for key, value in monday.items()}
        return kept
    return None


def _is_workday(key: str, name: str) -> bool:
    return re.match(rf"{re.escape(name)}\.({'|'.join(WORKDAYS)})\.", key) is not None
