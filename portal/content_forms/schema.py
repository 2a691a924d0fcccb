"""What a form of a kind holds: its fields, found by reading the kind's typed facts and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect

from portal.content.document import DocumentType, Instant, LocalText
from portal.guidance.guide import BOX as GUIDE_BOX
from portal.schedules.service import BOX as SERVICE_BOX

LINE, TEXT, BODY, CHOICE, FLAG = "line", "text", "body", "choice", "flag"
NUMBER, NUMBERS, DAY, MOMENT = "number", "numbers", "day", "moment"
PICK, PICKS, LINES, SCOPE, YAML = "pick", "picks", "lines", "scope", "yaml"

FACTS = "facts"
# What the desk itself keeps: people change these by deeds such as publishing or withdrawing.
KEPT_BY_DESK = frozenset({"status", "withdrawn", "based_on", "sequence", "modified", "translates"})
# Lists of ids, and single ids, with the reference they come from; KEYS are names of pages such as faq/slug.
KEYS = "keys"
LISTS_OF = {
    "topics": "topics",
    "audience": "audiences",
    "legal_basis": "laws",
    "facts": "facts",
    "fees": "fees",
    "contacts": "contacts",
    "related": KEYS,
    "questions": KEYS,
    "next": "slugs:permits",
}
ONE_OF = {
    "place": "places",
    "district": "districts",
    "fee": "fees",
    "group": "service-groups",
    "corrects": "slugs:news",
    "variant_of": "slugs:permits",
    "procedure": "slugs:permits",
    "follows": "slugs:schedules",
}
LONG = frozenset({"summary", "report", "who", "where", "guarantor"})
WORDS_FIRST = ("title", "summary", "box", "body")
WORDS_LAST = ("keywords", "changes")
# Mappings in words whose keys a kind fixes.
WORD_BOXES = {("guidance", "box"): GUIDE_BOX, ("schedules", "box"): SERVICE_BOX}


@dataclass(frozen=True)
class Leaf:
    """One field: the key under which its value stands, and how it is typed in."""

    key: str
    widget: str
    is_required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Box:
    """Fields that stand together below one key; an optional box can be left out as a whole."""

    key: str
    parts: tuple[Part, ...]
    is_optional: bool = False
    is_local: bool = False


@dataclass(frozen=True)
class Rows:
    """A list of equal boxes."""

    key: str
    parts: tuple[Part, ...]


Part = Leaf | Box | Rows


def facts_parts(type_: DocumentType, languages: Sequence[str]) -> tuple[Part, ...]:
    """The fields of a kind's facts in the order of their definition."""
    return _parts(inspect.type_info(type_.facts), kind=type_.kind, languages=languages)


def words_parts(type_: DocumentType) -> tuple[Part, ...]:
    """The fields of the words in one language, in the order in which a page is read; what nobody reads comes last."""
    parts = [*_parts(inspect.type_info(type_.words), kind=type_.kind, languages=()), Leaf("body", BODY)]
    first, last = {key: at for at, key in enumerate(WORDS_FIRST)}, {key: at for at, key in enumerate(WORDS_LAST)}
    return tuple(
        sorted(parts, key=lambda part: (part.key in last, first.get(part.key, last.get(part.key, len(first)))))
    )


def _parts(info: Any, *, kind: str, languages: Sequence[str]) -> tuple[Part, ...]:
    shown = [field for field in info.fields if field.encode_name not in KEPT_BY_DESK]
    return tuple(_part(field, kind=kind, languages=languages) for field in shown)


def _part(field: Any, *, kind: str, languages: Sequence[str]) -> Part:
    key, type_ = field.encode_name, field.type
    default = None if field.default is msgspec.NODEFAULT else field.default
    type_, is_optional = _without_none(type_)
    if isinstance(type_, inspect.StructType):
        parts = _parts(type_, kind=kind, languages=languages)
        if not _is_simple(parts):
            return Leaf(key, YAML, field.required)
        return Box(key, parts, is_optional=is_optional)
    if isinstance(type_, inspect.DictType):
        names = WORD_BOXES.get((kind, key))
        return Box(key, tuple(Leaf(name, TEXT) for name in names)) if names else Leaf(key, YAML)
    if isinstance(type_, inspect.CustomType) and type_.cls is LocalText:
        return Box(key, tuple(Leaf(code, LINE) for code in languages), is_local=True)
    if isinstance(type_, inspect.VarTupleType):
        return _list(key, type_.item_type, kind=kind, languages=languages)
    return _leaf(key, type_, is_required=field.required, default=default)


def _without_none(type_: Any) -> tuple[Any, bool]:
    if isinstance(type_, inspect.UnionType):
        rest = [one for one in type_.types if not isinstance(one, inspect.NoneType)]
        if len(rest) == 1:
            return rest[0], len(rest) < len(type_.types)
    return type_, False


def _list(key: str, item: Any, *, kind: str, languages: Sequence[str]) -> Part:
    if isinstance(item, inspect.StrType):
        reference = LISTS_OF.get(key, "")
        return Leaf(key, PICKS, reference=reference) if reference else Leaf(key, LINES)
    if isinstance(item, inspect.LiteralType):
        return Leaf(key, PICKS, choices=tuple(str(value) for value in item.values))
    if isinstance(item, inspect.IntType):
        return Leaf(key, NUMBERS)
    if isinstance(item, inspect.StructType):
        parts = _parts(item, kind=kind, languages=languages)
        if _is_simple(parts):
            return Rows(key, parts)
    return Leaf(key, YAML)


def _leaf(key: str, type_: Any, *, is_required: bool, default: Any) -> Leaf:
    if isinstance(type_, inspect.LiteralType):
        return Leaf(key, CHOICE, is_required, default, tuple(str(value) for value in type_.values))
    if isinstance(type_, inspect.BoolType):
        return Leaf(key, FLAG, default=default)
    if isinstance(type_, inspect.IntType):
        return Leaf(key, NUMBER, is_required, default)
    if isinstance(type_, inspect.DateType):
        return Leaf(key, DAY, is_required)
    if isinstance(type_, inspect.CustomType) and type_.cls is Instant:
        return Leaf(key, MOMENT, is_required)
    if isinstance(type_, inspect.StrType):
        if key in ONE_OF:
            return Leaf(key, PICK, is_required, default, reference=ONE_OF[key])
        return Leaf(key, TEXT if key in LONG else LINE, is_required, default)
    if isinstance(type_, inspect.UnionType) and isinstance(type_.types[0], inspect.LiteralType):
        # One word, or a list of keys: such as the pages on which an alert stands.
        return Leaf(key, SCOPE, is_required, default)
    return Leaf(key, YAML, is_required, default)


def _is_simple(parts: Sequence[Part]) -> bool:
    """Whether every field below is one that people can type in plainly; else the whole is shown as it is written."""
    for part in parts:
        if isinstance(part, Leaf):
            if part.widget == YAML and part.key != "coordinates":
                return False
        elif not _is_simple(part.parts):
            return False
    return True


def leaves(parts: Sequence[Part], *, below: str = "") -> Mapping[str, Leaf]:
    """Every field by its dotted name; in lists, the place of the number is a star."""
    found: dict[str, Leaf] = {}
    for part in parts:
        name = f"{below}.{part.key}" if below else part.key
        if isinstance(part, Leaf):
            found[name] = part
        else:
            found |= leaves(part.parts, below=f"{name}.*" if isinstance(part, Rows) else name)
    return found
