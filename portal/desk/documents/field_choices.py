"""How a generated form is shown: the words of its fields, its pick lists, and the errors at their fields."""

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
class ShownForm:
    """Everything that the templates of fields ask for besides the fields."""

    catalogue: Catalogue
    language: str
    fields: Sequence[Field]
    errors: Mapping[str, str]

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """The names of the site's languages by their codes."""
        return {one.code: one.name for one in self.catalogue.site.languages}

    @cached_property
    def lists(self) -> Mapping[str, list[Choice]]:
        """The lists that fields are searched in, and those from which the buttons insert, by reference."""
        used = {part.reference for part in _leaves(self.fields) if part.reference}
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
        chosen = [Choice(one, names.get(one, one)) for one in field.values]
        if self.is_searched(field):
            return chosen
        return [*known, *(one for one in chosen if one.id not in names)]

    def type_of(self, field: Field) -> str:
        """The type of an input; what is no date is shown as the text that it is, or a browser would hide it."""
        if field.widget == schema.DAY and _DAY.match(field.value):
            return "date"
        if field.widget == schema.MOMENT and _MOMENT.match(field.value):
            return "datetime-local"
        return "text"

    def _choices(self, reference: str) -> list[Choice]:
        return choices.choices_of(self.catalogue, reference, self.language)


def labelled(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    """Every field's dotted name with what it is called."""
    for one in fields:
        yield one.name, _(one.part.label.text)
        yield from labelled(one.below)
        for row in one.rows:
            yield from labelled(row)


def _leaves(fields: Iterable[Field]) -> Iterator[Leaf]:
    for one in fields:
        if isinstance(one.part, Leaf):
            yield one.part
        yield from _leaves(one.below)
        for row in one.rows:
            yield from _leaves(row)
