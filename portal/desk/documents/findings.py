"""What a check found, as pages of the desk show it: field, words, and where to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.publishing.checks import Checked, field_of
from portal.web.pages import plain_catalogue
from portal.web.problems import plain_message


def findings(checked: Checked, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the check found, as the panel shows it: field, words, and where to mend it."""
    listed = []
    # Problems of one field that staff read in the same words stand once.
    for field, message, is_warning in dict.fromkeys(
        (field_of(problem), plain_message(problem), problem.is_warning) for problem in checked.problems
    ):
        name = nearest(field, names)
        part = name.partition(".")[0]
        where = names.get(name, "")
        if part in plain_catalogue().site.language_codes:
            where = f"{where} ({part})" if where else part
        listed.append({"message": message, "where": where, "href": "#" + id_of(name), "is_warning": is_warning})
    return listed


def id_of(name: str) -> str:
    """The id of the element that holds a field."""
    return "field-" + name.replace(".", "-").replace("_", "-").replace("!", "")


def nearest(name: str, names: Mapping[str, str]) -> str:
    """The field itself, or the one around it."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name or "form"


def by_field(checked: Checked, names: Mapping[str, str]) -> dict[str, str]:
    """The first error of each field."""
    messages: dict[str, str] = {}
    for problem in checked.errors:
        messages.setdefault(nearest(field_of(problem), names), plain_message(problem))
    return messages
