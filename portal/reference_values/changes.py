"""Changes of reference values in the text of their files: only the record's own lines are written anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, cast

import msgspec

from portal.content.document import LocalText
from portal.content.parsing import from_plain, plain_mapping, yaml_of
from portal.content.problems import ContentError, ProblemKind
from portal.content.reference import DatedValue
from portal.content.yaml_editing import loaded_mapping, yaml_text
from portal.timetable.holidays import HolidayKind

Texts = Mapping[str, str]
ONE_DAY = timedelta(days=1)
DATED = ("fees", "contacts")
REFERENCES = ("fees", "laws", "contacts", "holidays")


class DatedChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="dated"):
    """Another value of a fee or contact from a day on; `unknown` is one that nobody confirmed."""

    value: int | str
    starts: date
    legal_basis: tuple[str, ...] = ()
    source: str = ""


class LawChange(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="law", rename={"action": "deed"}
):
    """A rule that another one (`by`) amends or replaces from a day on, or a new rule; words belong to a new one.

    `action` is stored as `deed`.
    """

    action: Literal["new", "amended", "replaced"]
    by: str
    starts: date
    number: str = ""
    year: int | None = None
    title: LocalText = LocalText()
    url: str = ""


class HolidayChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="holiday"):
    """A holiday as it shall stand; `removed` takes it away."""

    starts: date
    name: LocalText
    kind: HolidayKind
    estimated: bool = False
    source: str = ""
    removed: bool = False


Change = DatedChange | LawChange | HolidayChange


RECORD_GONE = ProblemKind("schema", "is not in the list any more")


class NoValueThen(ValueError):
    """No value holds on the chosen day, so none can end before it."""


class SameValue(ValueError):
    """What was typed is what holds already."""


def to_stored(change: Change) -> dict[str, Any]:
    """The change as the table keeps it."""
    stored: dict[str, Any] = msgspec.to_builtins(change)
    return stored


def from_stored(stored: Mapping[str, Any]) -> Change:
    """The change that the table keeps."""
    return from_plain(dict(stored), cast("type[Change]", Change))


def changed(texts: Texts, record: str, change: Change, *, stem: str) -> dict[str, str]:
    """The files of a reference that differ with the change; `texts` are all of them, by path.

    Raises NoValueThen, SameValue, and ContentError when the record is gone.
    """
    if isinstance(change, DatedChange):
        path = _holder(texts, record)
        return {path: _spliced(texts[path], record, lambda plain: _dated(plain, change))}
    if isinstance(change, LawChange):
        return _with_law(texts, record, change, stem=stem)
    return _with_holiday(texts, record, change, stem=stem)


def with_value(values: Sequence[DatedValue], change: DatedChange) -> tuple[int, bool]:
    """Which of the values holds on the first day of the change, and whether the change takes its whole place."""
    for index, value in enumerate(values):
        if value.holds_on(change.starts):
            if value.value == change.value and set(value.legal_basis) == set(change.legal_basis):
                raise SameValue(str(change.value))
            return index, value.valid_from == change.starts
    raise NoValueThen(change.starts.isoformat())


def _dated(plain: Any, change: DatedChange) -> None:
    typed = [msgspec.convert(yaml_of(yaml_text(one), ""), DatedValue) for one in plain["values"]]
    index, is_whole = with_value(typed, change)
    entry: dict[str, Any] = {"value": change.value}
    if typed[index].valid_from is not None or not is_whole:
        entry["valid_from"] = change.starts
    if typed[index].valid_to is not None:
        entry["valid_to"] = typed[index].valid_to
    if change.legal_basis:
        entry["legal_basis"] = list(change.legal_basis)
    if change.source:
        entry["source"] = change.source
    if is_whole:
        plain["values"][index] = entry
        return
    before = plain["values"][index]
    before.pop("valid_to", None)
    position = 1 + max(list(before).index(key) for key in ("value", "valid_from") if key in before)
    before.insert(position, "valid_to", change.starts - ONE_DAY)
    plain["values"].insert(index + 1, entry)


def _with_law(texts: Texts, record: str, change: LawChange, *, stem: str) -> dict[str, str]:
    after = dict(texts)
    known_ids = {id_ for text in texts.values() for id_ in plain_mapping(text, stem)}
    if change.by not in known_ids:
        entry: dict[str, Any] = {"number": change.number}
        entry |= {"year": change.year} if change.year else {}
        entry |= {"title": dict(change.title), "since": change.starts}
        entry |= {"url": change.url} if change.url else {}
        path = _holder(texts, record) if record in known_ids else next(iter(texts), f"{stem}.yaml")
        after[path] = _appended(after.get(path, ""), change.by, entry)
    elif change.action == "new":
        raise SameValue(change.by)
    if change.action == "amended":
        path = _holder(after, record)
        after[path] = _spliced(after[path], record, lambda plain: _named(plain, "amended_by", change.by))
    elif change.action == "replaced":
        path = _holder(after, record)
        after[path] = _spliced(after[path], record, lambda plain: plain.update(until=change.starts - ONE_DAY))
        path = _holder(after, change.by)
        after[path] = _spliced(after[path], change.by, lambda plain: _named(plain, "replaces", record))
    return _differing(texts, after)


def _named(plain: Any, key: str, id_: str) -> None:
    if id_ in plain.get(key, ()):
        raise SameValue(id_)
    plain.setdefault(key, []).append(id_)


def _with_holiday(texts: Texts, record: str, change: HolidayChange, *, stem: str) -> dict[str, str]:
    after = dict(texts)
    if record:
        path = _holder(texts, record)
        stays = not change.removed and record == change.starts.isoformat()
        if stays:
            after[path] = _spliced(texts[path], record, lambda plain: plain.update(_holiday(change, plain)))
            return _checked_holiday(texts, after)
        after[path] = _without(texts[path], record)
    if not change.removed:
        id_ = change.starts.isoformat()
        if any(id_ in plain_mapping(text, path) for path, text in after.items()):
            raise SameValue(id_)
        in_folder = any(path.startswith(f"{stem}/") for path in texts) or not texts
        path = f"{stem}/{change.starts.year}.yaml" if in_folder else f"{stem}.yaml"
        after[path] = _appended(after.get(path, ""), id_, _holiday(change, {}))
    return _checked_holiday(texts, after)


def _holiday(change: HolidayChange, before: Mapping[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": dict(change.name), "kind": change.kind, "date": change.starts}
    if change.estimated or "estimated" in before:
        entry["estimated"] = change.estimated
    if change.source or "source" in before:
        entry["source"] = change.source
    return entry


def _checked_holiday(texts: Texts, after: dict[str, str]) -> dict[str, str]:
    files = _differing(texts, after)
    if all(yaml_of(text, path) == yaml_of(texts.get(path, ""), path) for path, text in files.items()):
        raise SameValue("holiday")
    return files


def _differing(before: Texts, after: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in after.items() if before.get(path) != text}


def _holder(texts: Texts, record: str) -> str:
    for path, text in texts.items():
        if record in plain_mapping(text, path):
            return path
    raise ContentError(RECORD_GONE.at(next(iter(texts), ""), record))


def _lines_of(text: str, record: str) -> tuple[list[str], int, int]:
    """The lines of a file and those of one record in it, without the comments and blank lines after it."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    plain = loaded_mapping(text)
    starts = sorted(plain.lc.key(key)[0] for key in plain)
    first = plain.lc.key(record)[0]
    last = next((line for line in starts if line > first), len(lines))
    while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
        last -= 1
    return lines, first, last


def _spliced(text: str, record: str, edit: Callable[[Any], None]) -> str:
    lines, first, last = _lines_of(text, record)
    plain = loaded_mapping("".join(lines[first:last]))
    edit(plain[record])
    return "".join([*lines[:first], yaml_text(plain), *lines[last:]])


def _without(text: str, record: str) -> str:
    lines, first, last = _lines_of(text, record)
    return "".join([*lines[:first], *lines[last:]])


def _appended(text: str, record: str, entry: Mapping[str, Any]) -> str:
    between = "" if not text or text.endswith("\n") else "\n"
    return f"{text}{between}{yaml_text({record: dict(entry)})}"
