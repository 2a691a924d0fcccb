"""What stands in a field for a value of a file, and which value the text of a field becomes.

A value that cannot be understood becomes the typed text itself: it is kept in the draft, shown again as it
was, and the reader that every page goes through says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from ruamel.yaml.error import YAMLError

from portal.content.parsing import instant_of, yaml_of
from portal.content.problems import ContentError
from portal.content.yaml_editing import PlainScalar, loaded, yaml_text
from portal.content_forms import schema
from portal.content_forms.schema import Leaf

MISSING: Final = object()
YES = "yes"
# Every field but the text itself; longer ones are pasted there by mistake and would take minutes to write.
LONGEST, MOST_CHOSEN, DEEPEST = 20_000, 500, 40
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
WHOLE = re.compile(r"^-?\d{1,12}$")


def clean(text: str) -> str:
    """Typed text with plain line ends and without characters that no page may hold."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_too_long(name: str, sent: Sequence[str]) -> bool:
    """Whether more was sent for a field than it can hold; texts of pages are bounded by the request alone."""
    if name.endswith(f".{schema.BODY}"):
        return False
    return len(sent) > MOST_CHOSEN or sum(map(len, sent)) > LONGEST


def displayed(leaf: Leaf, value: object, *, zone: ZoneInfo) -> tuple[str, ...]:
    """What stands in the field: one text, or for picks each id that is chosen."""
    if value is MISSING or value is None:
        return _displayed_default(leaf)
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else None
    if leaf.widget == schema.PICKS:
        return tuple(map(str, (value,) if items is None else items))
    if leaf.widget == schema.FLAG:
        return (YES,) if value is True else ()
    if leaf.widget == schema.YAML:
        return (value if isinstance(value, str) else yaml_text(value).rstrip("\n").removesuffix("\n..."),)
    if leaf.widget == schema.MOMENT:
        return (_local_time(value, zone),)
    if items is not None:
        return ((", " if leaf.widget == schema.NUMBERS else "\n").join(map(str, items)),)
    return (str(value),)


def normalized(leaf: Leaf, sent: Sequence[str]) -> tuple[str, ...]:
    """What was sent for a field, cleaned in the way of its kind; blanks count as nothing."""
    texts = [clean(text) for text in sent]
    if leaf.widget in (schema.PICKS, schema.FLAG):
        # A hidden blank says that the field was on the page although no box was ticked.
        return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
    text = texts[-1] if texts else ""
    if leaf.widget == schema.BODY:
        return (text.strip("\n"),)
    if leaf.widget in (schema.TEXT, schema.YAML):
        return (text.strip(),)
    if leaf.widget in (schema.LINES, schema.SCOPE):
        return ("\n".join(line.strip() for line in text.split("\n") if line.strip()),)
    return (" ".join(text.split()),)


def is_unchanged(leaf: Leaf, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the field was left as it was."""
    if leaf.widget == schema.PICKS:
        return sorted(before) == sorted(after)
    return normalized(leaf, before) == tuple(after)


def parsed(leaf: Leaf, texts: Sequence[str], *, zone: ZoneInfo) -> object:
    """The value for the file, or MISSING when the field is blank."""
    if leaf.widget == schema.PICKS:
        return list(texts) or MISSING
    if leaf.widget == schema.FLAG:
        return bool(texts) if bool(texts) != bool(leaf.default) else MISSING
    text = texts[0] if texts else ""
    if not text:
        return MISSING
    if leaf.widget == schema.MOMENT:
        return _instant_text(text, zone)
    parser = _PARSERS.get(leaf.widget)
    return parser(text) if parser else text


def _displayed_default(leaf: Leaf) -> tuple[str, ...]:
    if leaf.widget == schema.PICKS:
        return ()
    if leaf.widget == schema.FLAG:
        return (YES,) if leaf.default is True else ()
    return ("" if leaf.default is None or isinstance(leaf.default, tuple | Mapping) else str(leaf.default),)


def _local_time(value: object, zone: ZoneInfo) -> str:
    """The moment as a field for date and time takes it, or the text itself where it is none."""
    try:
        moment = instant_of(str(value), zone).astimezone(zone)
    except ValueError:
        return str(value)
    return moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _instant_text(text: str, zone: ZoneInfo) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat(timespec="minutes")


def _whole_number(text: str) -> int | str:
    return int(text) if WHOLE.match(text) else text


def _scope(text: str) -> str | list[str]:
    lines = re.split(r"[,\n\s]+", text)
    return "site" if lines == ["site"] else lines


def _yaml(text: str) -> object:
    try:
        # The quick reader of the site reads first: the one that keeps comments takes its time over nonsense.
        if _depth(text) > DEEPEST:
            return text
        yaml_of(text, "")
        return loaded(text)
    except (ContentError, YAMLError, ValueError, RecursionError):
        return text


def _depth(text: str) -> int:
    """How many brackets are open at once, at most."""
    deepest = depth = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


_PARSERS: Mapping[str, Callable[[str], object]] = {
    schema.NUMBER: _whole_number,
    schema.NUMBERS: lambda text: [_whole_number(one) for one in re.split(r"[,;\s]+", text) if one],
    schema.DAY: lambda text: PlainScalar(text) if re.match(r"^\d{4}-\d{2}-\d{2}$", text) else text,
    schema.LINES: lambda text: text.split("\n"),
    schema.SCOPE: _scope,
    schema.YAML: _yaml,
}
