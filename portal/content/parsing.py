"""Bytes of facts.yaml and of front matter become typed values; every error says what, where and how to mend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import msgspec
import yaml

from portal.content.document import Instant, LocalText

T = TypeVar("T")

MAXIMUM_BYTES = 512 * 1024
MAXIMUM_NODES = 20_000
FENCE = "---"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the content: the file, the key, what is wrong and how to mend it."""

    path: str
    key: str
    message: str
    is_warning: bool = False
    rule: str = "schema"

    def __str__(self) -> str:
        where = f"{self.path}: {self.key}" if self.key else self.path
        return f"{where}: {self.message}"


class ContentError(Exception):
    """A file cannot be read as content; carries the problems, one per key."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class _Loader(yaml.CSafeLoader):  # type: ignore[misc, unused-ignore]
    """The safe loader that leaves dates as text, since the typed conversion reads them with better errors."""


_LEFT_AS_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _LEFT_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
# Only true and false are truth values: the key `on`, the country NO and the answer `yes` stay words.
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def text_of(raw: bytes, path: str) -> str:
    """The file's text; raises ContentError when it is too large, not UTF-8 or holds control characters."""
    if len(raw) > MAXIMUM_BYTES:
        raise ContentError(Problem(path, "", f"holds {len(raw)} bytes; at most {MAXIMUM_BYTES} are read, so split it"))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 at byte {error.start}; save the file with the encoding UTF-8"
        raise ContentError(Problem(path, "", message)) from None
    if "\x00" in text:
        raise ContentError(Problem(path, "", "holds a NUL character; remove it"))
    return text.replace("\r\n", "\n")


def yaml_of(text: str, path: str) -> Any:
    """The YAML value without aliases; raises ContentError with line and column."""
    try:
        for nodes, event in enumerate(yaml.parse(text, Loader=_Loader)):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise ContentError(Problem(path, f"line {line}", "uses a YAML alias (*name); write the value out"))
            if nodes > MAXIMUM_NODES and not path.startswith("reference/"):
                raise ContentError(Problem(path, "", f"holds over {MAXIMUM_NODES} values; split it"))
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - the loader inherits from CSafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        what = getattr(error, "problem", None) or "cannot be read"
        raise ContentError(Problem(path, where, f"is not valid YAML: {what}")) from None


def split_front_matter(text: str, path: str) -> tuple[Any, str]:
    """The front matter's value and the Markdown after it."""
    if not text.startswith(FENCE + "\n"):
        raise ContentError(Problem(path, "line 1", "must begin with '---' and the title; see any other page"))
    head, found, body = text[len(FENCE) + 1 :].partition(f"\n{FENCE}\n")
    if not found:
        if not text.rstrip().endswith(f"\n{FENCE}"):
            raise ContentError(Problem(path, "", "has no second '---' after its front matter"))
        head, body = text[len(FENCE) + 1 :].rstrip()[: -len(FENCE)], ""
    return yaml_of(head, path), body


def typed(value: Any, type_: type[T], *, path: str, zone: ZoneInfo) -> T:
    """Convert plain YAML values to the type; raises ContentError naming the key and what is allowed."""
    if value is None:
        value = {}

    try:
        return msgspec.convert(value, type_, dec_hook=_hook(zone))
    except msgspec.ValidationError as error:
        raise ContentError(_explained(str(error), path)) from None


def typed_packed(raw: msgspec.Raw, type_: type[T], *, path: str, zone: ZoneInfo) -> T:
    """The same from plain values that are packed, without unpacking them first."""
    try:
        found: T = _decoder(cast(Any, type_), zone).decode(raw)
    except msgspec.ValidationError as error:
        raise ContentError(_explained(str(error), path)) from None
    return found


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


def instant_of(found: object, zone: ZoneInfo) -> Instant:
    """An aware instant from an ISO date or time; without an offset the office's zone counts."""
    if isinstance(found, str):
        try:
            if len(found) == len("2026-11-24"):
                day = date.fromisoformat(found)
                return Instant.combine(day, time(0), tzinfo=zone)
            moment = datetime.fromisoformat(found)
        except ValueError:
            moment = None
        if moment is not None:
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            return Instant.combine(moment.date(), moment.timetz())
    raise ValueError(f"is {found!r}; write a date such as 2026-12-24 or a time such as 2026-12-24T12:00+08:00")


def _explained(error: str, path: str) -> Problem:
    message, *places = error.split(" - at `")
    # An error inside a LocalText names the place in the text, then that of the text.
    key = ""
    for place in reversed(places):
        key = place.rstrip("`").replace("$", key or "$", 1)
    key = key.removeprefix("$").removeprefix(".")
    return Problem(path, key, message[:1].lower() + message[1:])
