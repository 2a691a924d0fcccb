"""What a check found, as pages of the desk show it: field, words, and where to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.publishing.checks import Checked
from portal.web.pages import plain_catalogue


def findings(checked: Checked, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the check found, as the panel shows it: field, words, and where to mend it."""
    found = []
    for one in checked.findings:
        name = nearest(one.name, names)
        part = name.partition(".")[0]
        where = names.get(name, "")
        if part in plain_catalogue().site.language_codes:
            where = f"{where} ({part})" if where else part
        found.append({"message": one.message, "where": where, "href": "#" + id_of(name), "is_warning": one.is_warning})
    return found


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
    found: dict[str, str] = {}
    for one in checked.errors:
        found.setdefault(nearest(one.name, names), one.message)
    return found
