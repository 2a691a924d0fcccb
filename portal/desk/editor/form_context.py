"""What the templates of a generated form ask for: labels, pick lists, types of inputs, errors at their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from portal.content.catalogue import Catalogue
from portal.content.fields import KEYS
from portal.content_forms import choices, schema
from portal.content_forms.binding import Field
from portal.content_forms.choices import Choice
from portal.content_forms.schema import Leaf
from portal.web.languages import gettext as _

# What the buttons above a text insert; these lists are on every form.
INSERTED = ("fees", "laws", "contacts", "places", "glossary", KEYS)
_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})?$")
_MOMENT = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?)?$")


@dataclass(frozen=True)
class FormContext:
    """Everything that `desk/editor/fields.html` asks for besides the fields; `errors` by dotted name."""

    catalogue: Catalogue
    language: str
    fields: Sequence[Field]
    errors: Mapping[str, str]

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """The names of the site's languages by their codes."""
        return {entry.code: entry.name for entry in self.catalogue.site.languages}

    @cached_property
    def lists(self) -> Mapping[str, list[Choice]]:
        """The lists that fields are searched in, and those from which the buttons insert, by reference."""
        parts = [field.part for field in _with_inner(self.fields)]
        used = {part.reference for part in parts if isinstance(part, Leaf) and part.reference}
        return {name: self._choices(name) for name in sorted({*used, *INSERTED})}

    def label(self, field: Field) -> str:
        """What a field is called."""
        return _(field.part.label.text)

    def hint(self, field: Field) -> str:
        """What a field is for, or nothing where its label says it."""
        return _(field.part.label.help) if field.part.label.help else ""

    def list_id(self, reference: str) -> str:
        """The id of the element that holds a list."""
        return "list-" + reference.replace(":", "-")

    def is_searched(self, field: Field) -> bool:
        """Whether there are too many choices to tick."""
        part = field.part
        return isinstance(part, Leaf) and bool(part.reference) and len(self.lists[part.reference]) > choices.TICKED

    def options(self, field: Field) -> list[Choice]:
        """The boxes to tick: all choices, or those that are chosen where there are too many; unknown ids stay."""
        part = field.part
        if not isinstance(part, Leaf):
            return []
        if part.choices:
            return [Choice(value, _(message)) for value, message in part.choices.items()]
        known = self.lists.get(part.reference, [])
        names = choices.labels_of(known)
        chosen = [Choice(id_, names.get(id_, id_)) for id_ in field.values]
        if self.is_searched(field):
            return chosen
        return [*known, *(choice for choice in chosen if choice.id not in names)]

    def type_of(self, field: Field) -> str:
        """The type of an input; what is no date is shown as the text that it is, or a browser would hide it."""
        if field.widget == schema.DAY and _DAY.match(field.value):
            return "date"
        if field.widget == schema.MOMENT and _MOMENT.match(field.value):
            return "datetime-local"
        return "text"

    def _choices(self, reference: str) -> list[Choice]:
        return choices.choices_of(self.catalogue, reference, self.language)


def field_labels(fields: Iterable[Field]) -> dict[str, str]:
    """The label of every field, those within others too, by dotted name."""
    return {field.name: _(field.part.label.text) for field in _with_inner(fields)}


def _with_inner(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _with_inner(field.below)
        for row in field.rows:
            yield from _with_inner(row)
