"""The fields of a form with their values, and what a browser submitted put back into the plain values of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, MutableSequence, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from portal.content_forms import schema
from portal.content_forms.schema import Box, Leaf, Part, Rows
from portal.content_forms.widgets import MISSING, YES, displayed, is_unchanged, normalized, parsed

# Every value of each field by the field's name.
Submitted = Mapping[str, Sequence[str]]
# The tick of an optional box stands below the box under this name.
OPTIONAL_TICK = "on!"
MOST_ROWS = 200


@dataclass(frozen=True)
class Field:
    """One part of a form as it is shown: its dotted name, its values, and the fields below it."""

    name: str
    part: Part
    values: tuple[str, ...] = ()
    below: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    is_on: bool = True

    @property
    def key(self) -> str:
        """The key under which the value stands in its file."""
        return self.part.key

    @property
    def value(self) -> str:
        """The value of a field that has but one."""
        return self.values[0] if self.values else ""

    @property
    def widget(self) -> str:
        """How the field is typed in; `box` and `rows` are fields of fields."""
        if isinstance(self.part, Leaf):
            return self.part.widget
        return "rows" if isinstance(self.part, Rows) else "box"


def bind(parts: Sequence[Part], values: object, *, name: str, zone: ZoneInfo) -> tuple[Field, ...]:
    """The fields with the values of a mapping; lists have one blank row at their end."""
    mapping = values if isinstance(values, Mapping) else {}
    return tuple(_field(part, mapping.get(part.key, MISSING), name=f"{name}.{part.key}", zone=zone) for part in parts)


def _field(part: Part, value: object, *, name: str, zone: ZoneInfo) -> Field:
    if isinstance(part, Leaf):
        return Field(name, part, displayed(part, value, zone=zone))
    if isinstance(part, Box):
        return Field(name, part, below=bind(part.parts, value, name=name, zone=zone), is_on=isinstance(value, Mapping))
    rows = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
    numbered = enumerate([*rows, {}])
    return Field(
        name, part, rows=tuple(bind(part.parts, row, name=f"{name}.{number}", zone=zone) for number, row in numbered)
    )


def as_submitted(fields: Iterable[Field]) -> dict[str, list[str]]:
    """What a browser sends for these fields when nobody touches them."""
    return {name: texts for field in fields for name, texts in _submitted(field)}


def _submitted(field: Field) -> Iterator[tuple[str, list[str]]]:
    if field.widget in (schema.PICKS, schema.FLAG):
        yield field.name, [*field.values, ""]
    elif isinstance(field.part, Leaf):
        yield field.name, list(field.values) or [""]
    elif isinstance(field.part, Box) and field.part.is_optional:
        yield f"{field.name}.{OPTIONAL_TICK}", [YES, ""] if field.is_on else [""]
    for child in (*field.below, *(child for row in field.rows for child in row)):
        yield from _submitted(child)


def write_values(
    parts: Sequence[Part], target: MutableMapping[str, object], sent: Submitted, *, name: str, zone: ZoneInfo
) -> None:
    """Put what was submitted into `target`; a field that was not sent or did not change is left alone."""
    for part in parts:
        field_name = f"{name}.{part.key}"
        if isinstance(part, Leaf):
            _write_leaf(part, target, sent, name=field_name, zone=zone)
        elif isinstance(part, Box):
            _write_box(part, target, sent, name=field_name, zone=zone)
        else:
            _write_rows(part, target, sent, name=field_name, zone=zone)


def _write_leaf(leaf: Leaf, target: MutableMapping[str, object], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    if name not in sent:
        return
    texts = normalized(leaf, sent[name])
    if is_unchanged(leaf, displayed(leaf, target.get(leaf.key, MISSING), zone=zone), texts):
        return
    value = parsed(leaf, texts, zone=zone)
    if value is MISSING:
        target.pop(leaf.key, None)
    elif isinstance(value, list):
        _write_list(leaf, target, value)
    else:
        target[leaf.key] = value


def _write_list(leaf: Leaf, target: MutableMapping[str, object], values: list[object]) -> None:
    items = target.get(leaf.key)
    if not isinstance(items, CommentedSeq):
        items = target[leaf.key] = CommentedSeq()
        if leaf.is_one_line:
            items.fa.set_flow_style()
    # What stays keeps its position, so that a review shows nothing but what came and went.
    if leaf.widget == schema.PICKS:
        kept = [item for item in items if str(item) in values]
        values = [*kept, *(value for value in values if value not in {str(item) for item in kept})]
    for index, value in enumerate(values):
        if index >= len(items):
            items.append(value)
        elif items[index] != value:
            items[index] = value
    del items[len(values) :]


def _write_box(box: Box, target: MutableMapping[str, object], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    current = target.get(box.key)
    if current is not None and not isinstance(current, MutableMapping):
        return
    tick = sent.get(f"{name}.{OPTIONAL_TICK}")
    is_ticked = box.is_optional and tick is not None and YES in tick
    if box.is_optional and current is not None and tick is not None and not is_ticked:
        del target[box.key]
        return
    inner: MutableMapping[str, object] = CommentedMap() if current is None else current
    write_values(box.parts, inner, sent, name=name, zone=zone)
    if inner or is_ticked:
        if current is None:
            target[box.key] = inner
    elif current is not None and not box.is_optional:
        del target[box.key]


def _write_rows(part: Rows, target: MutableMapping[str, object], sent: Submitted, *, name: str, zone: ZoneInfo) -> None:
    """Put the submitted rows in the place of all rows; blank ones are left out.

    A row is not known by its number: a form that saves by itself sends the blank row again after it was
    taken away, when the number already belongs to another one.
    """
    numbers = _row_numbers(sent, name)
    if not numbers:
        return
    current = target.get(part.key)
    rows: MutableSequence[object] = current if isinstance(current, MutableSequence) else CommentedSeq()
    count = 0
    for number in numbers:
        row_name = f"{name}.{number}"
        if _is_blank(part.parts, sent, name=row_name):
            continue
        if count == len(rows):
            rows.append(CommentedMap())
        row = rows[count]
        if isinstance(row, MutableMapping):
            write_values(part.parts, row, sent, name=row_name, zone=zone)
        count += 1
    del rows[count:]
    if not rows:
        target.pop(part.key, None)
    elif current is not rows:
        target[part.key] = rows


def _row_numbers(sent: Submitted, name: str) -> list[int]:
    pattern = re.compile(rf"^{re.escape(name)}\.(\d{{1,4}})\.")
    return sorted({int(match[1]) for key in sent if (match := pattern.match(key))})[:MOST_ROWS]


def _is_blank(parts: Sequence[Part], sent: Submitted, *, name: str) -> bool:
    """Whether nothing was typed into a row; what has a value of its own, such as a choice, does not count."""
    for part in parts:
        field_name = f"{name}.{part.key}"
        if not isinstance(part, Leaf):
            if not _is_blank(part.parts, sent, name=field_name):
                return False
        elif part.widget not in (schema.CHOICE, schema.FLAG) and any(map(str.strip, sent.get(field_name, ()))):
            return False
    return True
