"""Bytes of facts.yaml and of front matter become typed values; every error says what, where and how to mend."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import msgspec
import yaml

from portal.content.document import Instant, LocalText
from portal.content.problems import ContentError, InvalidValue, Problem, ProblemKind
from portal.messages import N_

T = TypeVar("T")

MAXIMUM_BYTES = 512 * 1024
MAXIMUM_NODES = 20_000
FENCE = "---"


TOO_LARGE = ProblemKind(
    "schema",
    "holds %(what)s bytes; at most %(most)s are read, so split it",
    N_("This text is too long (%(what)s bytes). Split it into two pages."),
)
NOT_UTF8 = ProblemKind("schema", "is not UTF-8 at byte %(byte)s; save the file with the encoding UTF-8")
NUL_CHARACTER = ProblemKind("schema", "holds a NUL character; remove it")
YAML_ALIAS = ProblemKind("schema", "uses a YAML alias (*name); write the value out")
TOO_MANY_VALUES = ProblemKind("schema", "holds over %(most)s values; split it")
INVALID_YAML = ProblemKind("schema", "is not valid YAML: %(what)s", N_("This cannot be read: %(what)s"))
NO_FRONT_MATTER = ProblemKind("schema", "must begin with '---' and the title; see any other page")
UNCLOSED_FRONT_MATTER = ProblemKind("schema", "has no second '---' after its front matter")
INVALID_INSTANT = ProblemKind(
    "schema",
    "is %(written)s; write a date such as 2026-12-24 or a time such as 2026-12-24T12:00+08:00",
    N_("Enter a date and time, for example 2026-12-24T12:00."),
)
# What the typed conversion says, with `error` in its own words.
INVALID_VALUE = ProblemKind("schema", "%(error)s")
MISSING_FIELD = ProblemKind("schema", "%(error)s", N_("This has to be filled in."))
_CONVERSION_KINDS = (
    (r"missing required field `(?P<what>\w+)`", MISSING_FIELD),
    (
        r"expected `int.*got `str`",
        ProblemKind("schema", "%(error)s", N_("Enter a whole number, for example 2.")),
    ),
    (
        r"expected `date.*|invalid RFC3339|invalid .*date",
        ProblemKind("schema", "%(error)s", N_("Enter a date such as 2026-12-24.")),
    ),
    (r"invalid enum value '", ProblemKind("schema", "%(error)s", N_("Choose one of the answers."))),
    (
        r"expected `(?:array|object)",
        ProblemKind("schema", "%(error)s", N_("This cannot be read as it is written. Compare with another page.")),
    ),
    (
        r"expected `str.*got `(?:null|array|object|int|bool)",
        ProblemKind("schema", "%(error)s", N_("Write this as plain text.")),
    ),
    (
        r"object contains unknown field `(?P<what>\w+)`",
        ProblemKind("schema", "%(error)s", N_("“%(what)s” is no field of this kind of page.")),
    ),
)


class _Loader(yaml.CSafeLoader):  # type: ignore[misc, unused-ignore]
    """The safe loader that leaves dates as text, since the typed conversion reads them with better errors."""


_LEFT_AS_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _LEFT_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# Only true and false are truth values: the key `on`, the country NO and the answer `yes` stay words.
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def decoded_text(raw: bytes, path: str) -> str:
    """The file's text; raises ContentError when it is too large, not UTF-8 or holds control characters."""
    if len(raw) > MAXIMUM_BYTES:
        raise ContentError(TOO_LARGE.at(path, what=len(raw), most=MAXIMUM_BYTES))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(NOT_UTF8.at(path, byte=error.start)) from None
    if "\x00" in text:
        raise ContentError(NUL_CHARACTER.at(path))
    return text.replace("\r\n", "\n")


def yaml_of(text: str, path: str) -> object:
    """The YAML value without aliases; raises ContentError with line and column."""
    try:
        for nodes, event in enumerate(yaml.parse(text, Loader=_Loader)):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise ContentError(YAML_ALIAS.at(path, f"line {line}"))
            if nodes > MAXIMUM_NODES and not path.startswith("reference/"):
                raise ContentError(TOO_MANY_VALUES.at(path, most=MAXIMUM_NODES))
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - the loader inherits from CSafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "cannot be read"
        raise ContentError(INVALID_YAML.at(path, where, what=what)) from None


def plain_mapping(text: str, path: str) -> Mapping[str, object]:
    """The YAML mapping of a text, empty where it holds none; raises ContentError as `yaml_of` does."""
    value = yaml_of(text, path)
    return value if isinstance(value, dict) else {}


def split_front_matter(text: str, path: str) -> tuple[object, str]:
    """The front matter's value and the Markdown after it."""
    if not text.startswith(FENCE + "\n"):
        raise ContentError(NO_FRONT_MATTER.at(path, "line 1"))
    head, closing, body = text[len(FENCE) + 1 :].partition(f"\n{FENCE}\n")
    if not closing:
        if not text.rstrip().endswith(f"\n{FENCE}"):
            raise ContentError(UNCLOSED_FRONT_MATTER.at(path))
        head, body = text[len(FENCE) + 1 :].rstrip()[: -len(FENCE)], ""
    return yaml_of(head, path), body


def typed(value: object, type_: type[T], *, path: str, zone: ZoneInfo) -> T:
    """Convert plain YAML values to the type; raises ContentError naming the key and what is allowed."""
    if value is None:
        value = {}

    try:
        return msgspec.convert(value, type_, dec_hook=_hook(zone))
    except msgspec.ValidationError as error:
        raise ContentError(_explained(error, path)) from None


def typed_packed(raw: msgspec.Raw, type_: type[T], *, path: str, zone: ZoneInfo) -> T:
    """The same from plain values that are packed, without unpacking them first."""
    try:
        value: T = _decoder(cast(Any, type_), zone).decode(raw)
    except msgspec.ValidationError as error:
        raise ContentError(_explained(error, path)) from None
    return value


@lru_cache(maxsize=64)
def _decoder(type_: Any, zone: ZoneInfo) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(type_, dec_hook=_hook(zone))


def _hook(zone: ZoneInfo) -> Callable[[type, object], object]:
    def hook(wanted: type, value: object) -> object:
        return instant_of(value, zone) if wanted is Instant else _local_text(wanted, value)

    return hook


def from_plain(value: object, type_: type[T]) -> T:
    """Typed values that the project wrote itself, without instants of content; raises msgspec.ValidationError."""
    return msgspec.convert(value, type_, dec_hook=_local_text)


def _local_text(wanted: type, value: object) -> object:
    if wanted is not LocalText:
        raise NotImplementedError(wanted)
    try:
        return LocalText(msgspec.convert(value, dict[str, str]))
    except msgspec.ValidationError as error:
        # msgspec adds the place of the text to other errors than its own.
        raise ValueError(str(error)) from None


def instant_of(written: object, zone: ZoneInfo) -> Instant:
    """An aware instant from an ISO date or time; without an offset the office's zone counts."""
    if isinstance(written, str):
        try:
            if len(written) == len("2026-11-24"):
                day = date.fromisoformat(written)
                return Instant.combine(day, time(0), tzinfo=zone)
            moment = datetime.fromisoformat(written)
        except ValueError:
            moment = None
        if moment is not None:
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            return Instant.combine(moment.date(), moment.timetz())
    raise InvalidValue(INVALID_INSTANT, written=repr(written))


def _explained(error: msgspec.ValidationError, path: str) -> Problem:
    """The problem behind an error of the conversion: one of our own checks, else what msgspec says."""
    message, *places = str(error).split(" - at `")
    # An error inside a LocalText names the place in the text, then that of the text.
    key = ""
    for place in reversed(places):
        key = place.rstrip("`").replace("$", key or "$", 1)
    key = key.removeprefix("$").removeprefix(".")
    message = message[:1].lower() + message[1:]
    if isinstance(error.__cause__, InvalidValue):
        return Problem(error.__cause__.kind, path, key, error.__cause__.params)
    for pattern, kind in _CONVERSION_KINDS:
        if match := re.search(pattern, message, re.DOTALL | re.IGNORECASE):
            return kind.at(path, key, error=message, **match.groupdict())
    return INVALID_VALUE.at(path, key, error=message)
