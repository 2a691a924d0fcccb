"""What the form of a document type holds: its fields, found by reading the type's facts and words with their labels.

A form is a tree of parts. A `Leaf` is one field of the page, a `Box` holds the fields below one key, `Rows` is a list
of equal boxes. Parts are made once per record and languages, and kept for the life of the process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
from msgspec import inspect

from portal.content.document import BODY_LABEL, DocumentType, Instant, LocalText
from portal.content.fields import FieldAnnotations, Label, Marker, annotations_of

LINE, TEXT, BODY, CHOICE, FLAG = "line", "text", "body", "choice", "flag"
NUMBER, NUMBERS, DAY, MOMENT = "number", "numbers", "day", "moment"
PICK, PICKS, LINES, SCOPE, YAML = "pick", "picks", "lines", "scope", "yaml"

FACTS = "facts"
WORDS_FIRST = ("title", "summary", "box", "body")
WORDS_LAST = ("keywords", "changes")


@dataclass(frozen=True)
class Leaf:
    """One field: the key under which its value stands, and how it is typed in.

    `choices` are the messages of a fixed set of values; `reference` is the source of ids to choose from.
    """

    key: str
    widget: str
    label: Label
    is_required: bool = False
    default: object = None
    choices: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    is_one_line: bool = False


@dataclass(frozen=True)
class Box:
    """Fields that stand together below one key; an optional box can be left out as a whole.

    The keys of a local box are languages.
    """

    key: str
    label: Label
    parts: tuple[Part, ...]
    is_optional: bool = False
    is_local: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of equal boxes."""

    key: str
    label: Label
    parts: tuple[Part, ...]


Part = Leaf | Box | Rows


def facts_parts(type_: DocumentType, languages: Sequence[str]) -> tuple[Part, ...]:
    """The fields of a kind's facts in the order of their definition."""
    return _parts(type_.facts, tuple(languages))


def words_parts(type_: DocumentType) -> tuple[Part, ...]:
    """The fields of the words in one language, in the order in which a page is read; what nobody reads comes last."""
    parts = [*_parts(type_.words, ()), Leaf("body", BODY, BODY_LABEL)]
    first, last = {key: at for at, key in enumerate(WORDS_FIRST)}, {key: at for at, key in enumerate(WORDS_LAST)}
    return tuple(
        sorted(parts, key=lambda part: (part.key in last, first.get(part.key, last.get(part.key, len(first)))))
    )


def kept_by_desk(type_: DocumentType) -> list[str]:
    """The facts that stand on no form, since actions such as publishing change them."""
    annotations = annotations_of(type_.facts)
    return sorted(name for name, notes in annotations.items() if Marker.KEPT_BY_DESK in notes.markers)


def leaves(parts: Sequence[Part], *, below: str = "") -> Mapping[str, Leaf]:
    """Every field by its dotted name; in lists, a star stands for the number of the row."""
    named: dict[str, Leaf] = {}
    for part in parts:
        name = f"{below}.{part.key}" if below else part.key
        if isinstance(part, Leaf):
            named[name] = part
        else:
            named |= leaves(part.parts, below=f"{name}.*" if isinstance(part, Rows) else name)
    return named


@lru_cache(maxsize=256)
def _parts(record: type, languages: tuple[str, ...]) -> tuple[Part, ...]:
    info, annotations = inspect.type_info(record), annotations_of(record)
    assert isinstance(info, inspect.StructType)
    return tuple(
        _part(item, annotations[item.name], languages)
        for item in info.fields
        if Marker.KEPT_BY_DESK not in annotations[item.name].markers
    )


def _part(item: inspect.Field, notes: FieldAnnotations, languages: tuple[str, ...]) -> Part:
    key, label = item.encode_name, notes.label or Label(item.encode_name.replace("_", " "))
    type_, is_optional = _without_none(item.type)
    if Marker.AS_YAML in notes.markers:
        return Leaf(key, YAML, label, item.required)
    if isinstance(type_, inspect.StructType):
        return Box(key, label, _parts(type_.cls, languages), is_optional=is_optional)
    if isinstance(type_, inspect.CustomType) and type_.cls is LocalText:
        return Box(key, label, tuple(Leaf(code, LINE, Label(code)) for code in languages), is_local=True)
    if isinstance(type_, inspect.DictType) and notes.subfields:
        return Box(key, label, tuple(Leaf(name, TEXT, sublabel) for name, sublabel in notes.subfields.items()))
    if isinstance(type_, inspect.VarTupleType):
        if isinstance(type_.item_type, inspect.StructType):
            return Rows(key, label, _parts(type_.item_type.cls, languages))
        return _list(key, label, type_.item_type, notes)
    return _leaf(item, label, type_, notes)


def _without_none(type_: inspect.Type) -> tuple[inspect.Type, bool]:
    if isinstance(type_, inspect.UnionType):
        rest = [member for member in type_.types if not isinstance(member, inspect.NoneType)]
        if len(rest) == 1:
            return rest[0], len(rest) < len(type_.types)
    return type_, False


def _list(key: str, label: Label, item: inspect.Type, notes: FieldAnnotations) -> Leaf:
    is_one_line = Marker.ONE_LINE in notes.markers
    if isinstance(item, inspect.StrType):
        widget = PICKS if notes.source else LINES
        return Leaf(key, widget, label, reference=notes.source, is_one_line=is_one_line)
    if isinstance(item, inspect.LiteralType):
        return Leaf(key, PICKS, label, choices=_choices(item, notes), is_one_line=is_one_line)
    if isinstance(item, inspect.IntType):
        return Leaf(key, NUMBERS, label, is_one_line=True)
    return Leaf(key, YAML, label)


def _leaf(item: inspect.Field, label: Label, type_: inspect.Type, notes: FieldAnnotations) -> Leaf:
    key, is_required = item.encode_name, item.required
    default = None if item.default is msgspec.NODEFAULT else item.default
    if isinstance(type_, inspect.LiteralType):
        return Leaf(key, CHOICE, label, is_required, default, _choices(type_, notes))
    if isinstance(type_, inspect.BoolType):
        return Leaf(key, FLAG, label, default=default)
    if isinstance(type_, inspect.IntType):
        return Leaf(key, NUMBER, label, is_required, default)
    if isinstance(type_, inspect.DateType):
        return Leaf(key, DAY, label, is_required)
    if isinstance(type_, inspect.CustomType) and type_.cls is Instant:
        return Leaf(key, MOMENT, label, is_required)
    if isinstance(type_, inspect.StrType):
        widget = PICK if notes.source else TEXT if Marker.LONG_TEXT in notes.markers else LINE
        return Leaf(key, widget, label, is_required, default, reference=notes.source)
    if isinstance(type_, inspect.UnionType) and isinstance(type_.types[0], inspect.LiteralType):
        # One word, or a list of keys: such as the pages on which an alert stands.
        return Leaf(key, SCOPE, label, is_required, default, is_one_line=True)
    return Leaf(key, YAML, label, is_required, default)


def _choices(literal: inspect.LiteralType, notes: FieldAnnotations) -> Mapping[str, str]:
    return {str(value): notes.choices.get(str(value), str(value)) for value in literal.values}
