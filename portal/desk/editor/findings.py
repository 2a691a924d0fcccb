"""What a check found, at the fields of a form: the message, the field, and the element that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.publishing.checks import Checked, field_of
from portal.web.pages import plain_catalogue
from portal.web.problems import plain_message


@dataclass(frozen=True)
class FindingRow:
    """One finding: `where` is the label of its field, `href` leads to it; a warning is advice only."""

    message: str
    where: str
    href: str
    is_warning: bool


def finding_rows(checked: Checked, labels: Mapping[str, str]) -> list[FindingRow]:
    """The findings of a check; `labels` holds the label of every field by its dotted name."""
    rows = []
    # Problems of one field that staff read in the same words stand once.
    for field, message, is_warning in dict.fromkeys(
        (field_of(problem), plain_message(problem), problem.is_warning) for problem in checked.problems
    ):
        name = nearest_field(field, labels)
        language = name.partition(".")[0]
        where = labels.get(name, "")
        if language in plain_catalogue().site.language_codes:
            where = f"{where} ({language})" if where else language
        rows.append(FindingRow(message, where, "#" + field_id(name), is_warning))
    return rows


def field_id(name: str) -> str:
    """The id of the element that holds a field."""
    return "field-" + name.replace(".", "-").replace("_", "-").replace("!", "")


def nearest_field(name: str, names: Mapping[str, str]) -> str:
    """The field itself, the one around it, or `form` where there is none."""
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name or "form"


def first_errors(checked: Checked, labels: Mapping[str, str]) -> dict[str, str]:
    """The first error of each field."""
    errors: dict[str, str] = {}
    for problem in checked.errors:
        errors.setdefault(nearest_field(field_of(problem), labels), plain_message(problem))
    return errors
