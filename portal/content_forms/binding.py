"""The fields of a form with what stands in them, and what was sent put back into the plain values of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from portal.content_forms import schema
from portal.content_forms.schema import Box, Leaf, Part, Rows
from portal.content_forms.widgets import MISSING, YES, displayed, is_unchanged, normalized, parsed

Submitted = Mapping[str, Sequence[str]]
# A box that may be left out has a tick of its own under this name.
OPTIONAL_TICK = "on!"
MOST_ROWS = 200
# Lists of short ids are written in one line, as the project does; sentences stand one a line.
IN_ONE_LINE = frozenset({"topics", "audience", "legal_basis", "fees", "keywords", "contacts", "next", "years"})


@dataclass(frozen=True)
class Field:
    """One part of a form as it is shown: its dotted name, its values, and the fields below it."""

    name: str
    part: Part
    values: tuple[str, ...] = ()
    below: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = field(default=())
    is_on: bool = True

    @property
    def key(self) -> str:
        """The key under which the value stands in its file."""
        return self.part.key

    @property
    def value(self) -> str:
        """What stands in a field of one text."""
        return self.values[0] if self.values else ""

    @property
    def widget(self) -> str:
        """How the field is typed in; `box` and `rows` are fields of fields."""
        if isinstance(self.part, Leaf):
            return self.part.widget
        return "rows" if isinstance(self.part, Rows) else "box"


def bind(parts: Sequence[Part], values: Any, *, name: str, zone: ZoneInfo) -> tuple[Field, ...]:
    """The fields with the values of a mapping; lists have one blank row at their end."""
    mapping = values if isinstance(values, Mapping) else {}
    return tuple(_field(part, mapping.get(part.key, MISSING), name=f"{name}.{part.key}", zone=zone) for part in parts)


def _field(part: Part, value: Any, *, name: str, zone: ZoneInfo) -> Field:
    if isinstance(part, Leaf):
        return Field(name, part, displayed(part, value, zone=zone))
    if isinstance(part, Box):
        is_there = isinstance(value, Mapping)
        return Field(name, part, below=bind(part.parts, value, name=name, zone=zone), is_on=is_there)
    rows = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    numbered = enumerate([*rows, {}])
    return Field(name, part, rows=tuple(bind(part.parts, row, name=f"{name}.{at}", zone=zone) for at, row in numbered))


def write_values(
    parts: Sequence[Part], holder: MutableMapping[str, Any], sent: Submitted, *, name: str, zone: ZoneInfo
) -> None:
    """Put what was sent into the plain values; a field that was not sent or not changed is left alone."""
    for part in parts:
        below = f"{name}.{part.key}"
        if isinstance(part, Leaf):
            _put(part, holder, sent, name=below, zone=zone)
        elif isinstance(part, Box):
            _put_box(part, holder, sent, name=below, zone=zone)
        else:
            _put_rows(part, holder, sent, name=below, zone=zone)


def _put(leaf: Leaf, holder: MutableMapping[str, Any], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    if name not in sent:
        return
    before = holder.get(leaf.key, MISSING)
    texts = normalized(leaf, sent[name])
    if is_unchanged(leaf, displayed(leaf, before, zone=zone), texts):
        return
    value = parsed(leaf, texts, zone=zone)
    if value is MISSING:
        holder.pop(leaf.key, None)
    elif isinstance(value, list):
        _put_list(leaf, holder, value)
    else:
        holder[leaf.key] = value


def _put_list(leaf: Leaf, holder: MutableMapping[str, Any], values: list[Any]) -> None:
    found = holder.get(leaf.key)
    if not isinstance(found, CommentedSeq):
        found = holder[leaf.key] = CommentedSeq()
        if leaf.key in IN_ONE_LINE or leaf.widget in (schema.NUMBERS, schema.SCOPE):
            found.fa.set_flow_style()
    # What stays keeps its place, so that a review shows nothing but what came and went.
    if leaf.widget == schema.PICKS:
        kept = [one for one in found if str(one) in values]
        values = [*kept, *(one for one in values if one not in {str(other) for other in kept})]
    for at, value in enumerate(values):
        if at >= len(found):
            found.append(value)
        elif found[at] != value:
            found[at] = value
    del found[len(values) :]


def _put_box(box: Box, holder: MutableMapping[str, Any], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    found = holder.get(box.key)
    was_there = isinstance(found, MutableMapping)
    if found is not None and not was_there:
        return
    tick = sent.get(f"{name}.{OPTIONAL_TICK}")
    if box.is_optional and was_there and tick is not None and YES not in tick:
        del holder[box.key]
        return
    inner: MutableMapping[str, Any] = found if isinstance(found, MutableMapping) else CommentedMap()
    write_values(box.parts, inner, sent, name=name, zone=zone)
    if inner or (box.is_optional and tick is not None and YES in tick):
        if not was_there:
            holder[box.key] = inner
    elif was_there and not box.is_optional:
        del holder[box.key]


def _put_rows(part: Rows, holder: MutableMapping[str, Any], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    """Put the rows that were sent in the place of all rows; blank ones are left out.

    A row is not known by its number: a form that saves by itself sends the blank row again after it was
    taken away, when the number already belongs to another one.
    """
    numbers = _row_numbers(sent, name)
    if not numbers:
        return
    found = holder.get(part.key)
    rows: MutableSequence[Any] = found if isinstance(found, MutableSequence) else CommentedSeq()
    count = 0
    for number in numbers:
        below = f"{name}.{number}"
        if _is_blank(part.parts, sent, name=below):
            continue
        if count == len(rows):
            rows.append(CommentedMap())
        if isinstance(rows[count], MutableMapping):
            write_values(part.parts, rows[count], sent, name=below, zone=zone)
        count += 1
    del rows[count:]
    if not rows:
        holder.pop(part.key, None)
    elif found is not rows:
        holder[part.key] = rows


def _row_numbers(sent: Submitted, name: str) -> list[int]:
    pattern = re.compile(rf"^{re.escape(name)}\.(\d{{1,4}})\.")
    return sorted({int(match[1]) for key in sent if (match := pattern.match(key))})[:MOST_ROWS]


def _is_blank(parts: Sequence[Part], sent: Submitted, *, name: str) -> bool:
    """Whether nothing was typed into a row; what has a value of its own, such as a choice, does not count."""
    for part in parts:
        below = f"{name}.{part.key}"
        if isinstance(part, Leaf):
            if part.widget in (schema.CHOICE, schema.FLAG):
                continue
            if any(text.strip() for text in sent.get(below, ())):
                return False
        elif not _is_blank(part.parts, sent, name=below):
            return False
    return True


def as_submitted(fields: Iterable[Field]) -> dict[str, list[str]]:
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
            yield f"{one.name}.{OPTIONAL_TICK}", [YES, ""] if one.is_on else [""]
        for below in one.below:
            yield from _sent(below)
    elif isinstance(one.part, Rows):
        for row in one.rows:
            for below in row:
                yield from _sent(below)
