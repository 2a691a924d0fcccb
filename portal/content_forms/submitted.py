"""What a browser sends for fields that nobody touched: how a form is compared, merged and tested without a browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.content_forms import schema
from portal.content_forms.binding import ON, Field
from portal.content_forms.schema import Box, Leaf, Rows
from portal.content_forms.widgets import YES


def as_sent(fields: Iterable[Field]) -> dict[str, list[str]]:
    """Names and texts of every field as a form sends them."""
    return {name: texts for one in fields for name, texts in _sent(one)}


def _sent(one: Field) -> Iterator[tuple[str, list[str]]]:
    if isinstance(one.part, Leaf):
        if one.widget in (schema.PICKS, schema.FLAG):
            yield one.name, [*one.values, ""]
        else:
            yield one.name, list(one.values) or [""]
    elif isinstance(one.part, Box):
        if one.part.is_optional:
            yield f"{one.name}.{ON}", [YES, ""] if one.is_on else [""]
        for below in one.below:
            yield from _sent(below)
    elif isinstance(one.part, Rows):
        for row in one.rows:
            for below in row:
                yield from _sent(below)
