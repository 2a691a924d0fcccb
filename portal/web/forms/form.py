"""The base of every form: the submitted text by field and one error message per field.

A form is built from the request, read field by field into clean values, and rendered again with what was typed when
a field has an error. Subclasses add readers for their own fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypedDict

from portal.web.languages import gettext as _

LONGEST_VALUE = 2000
# What no page can hold, and nobody types.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


class ErrorLink(TypedDict):
    """An entry of the error summary above a form: the message and the anchor of its field."""

    message: str
    href: str


@dataclass
class Form:
    """Submitted text and error messages, both by field name."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict, kw_only=True)

    @classmethod
    def of(cls, sent: Mapping[str, str], names: Iterable[str]) -> Self:
        """The named fields of a request, each cut at LONGEST_VALUE characters; "" for a field that was not sent."""
        return cls({name: sent.get(name, "")[:LONGEST_VALUE] for name in names})

    def without_control_characters(self) -> Self:
        """The same form without what no page can show again."""
        return replace(self, values={name: _CONTROL.sub("", value) for name, value in self.values.items()})

    def is_ticked(self, name: str) -> bool:
        """Whether the box of that name, whose value is `yes`, was ticked."""
        return self.values.get(name) == "yes"

    def line(self, name: str, *, longest: int) -> str:
        """A field as one line with single blanks, cut at `longest` characters; a longer one is an error."""
        words = " ".join(self.values.get(name, "").split())
        if len(words) > longest:
            self.errors[name] = too_long(longest)
        return words[:longest]

    def summary(self) -> list[ErrorLink]:
        """The errors as links to their fields, in the order in which they were found."""
        return error_links(self.errors)


def error_links(errors: Mapping[str, str]) -> list[ErrorLink]:
    """Error messages by field as links; the field `date_1` has the anchor `#field-date-1`."""
    return [{"message": message, "href": f"#field-{name.replace('_', '-')}"} for name, message in errors.items()]


def too_long(longest: int) -> str:
    """The error message for a text of more than `longest` characters."""
    return _("This is longer than %(num)d characters. Shorten it a little.", num=longest)
