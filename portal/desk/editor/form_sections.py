"""The sections of a form in which the facts stand: those of the kind, where the page stands, its basis, its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.content_forms.binding import Field
from portal.desk.kinds import singular
from portal.web.languages import gettext as _

PLACEMENT = ("topics", "audience", "related")
BASIS = ("legal_basis", "facts", "sources", "certainty", "checked_on", "review_by", "owner")
TIME = ("publish_from", "publish_until", "sample")


@dataclass(frozen=True)
class FormSection:
    """Fields under a heading."""

    id: str
    title: str
    fields: list[Field]


def form_sections(kind: str, fields: Sequence[Field]) -> list[FormSection]:
    """The sections that have a field; fields of the kind itself come first, in their own order."""
    by_key = {field.key: field for field in fields}
    common = {*PLACEMENT, *BASIS, *TIME}

    def section(id_: str, title: str, keys: Sequence[str]) -> FormSection:
        return FormSection(id_, title, [by_key[key] for key in keys if key in by_key])

    sections = [
        section("own", singular(kind), [key for key in by_key if key not in common]),
        section("place", _("Where the page stands"), PLACEMENT),
        section("basis", _("On what it rests"), BASIS),
        section("time", _("When it is public"), TIME),
    ]
    return [entry for entry in sections if entry.fields]
