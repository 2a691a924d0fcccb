"""Versions of a page that take over at a later time: what is written to schedule, apply and cancel a change.

A version lies whole in `<kind>/<slug>/next/<local time>/` and names in `based_on` the digest of the texts that it was
made from. The reader picks it from that time on by itself; the next change of the page makes its texts the page's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from merge3 import Merge3

from portal.content.document import DocumentFacts
from portal.content.yaml_editing import rewritten

Texts = Mapping[str, str]
FACTS = "facts.yaml"
# Folders of the content that hold no pages.
NO_PAGES = ("reference/", "media/")
TIME_FORMAT = "%Y-%m-%dT%H%M"
_NEXT = re.compile(r"^next/(\d{4}-\d{2}-\d{2}T\d{4})/([^/]+)$")
_DOCUMENT = re.compile(r"^([a-z0-9-]+/[a-z0-9-]+)/([^/]+)$")


class PastTime(ValueError):
    """The chosen time has gone by; a change can wait only for one that is still to come."""


class ScheduleConflict(Exception):
    """A waiting version touches the same lines; carries the folder in which it waits."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"{folder} changes the same lines")
        self.folder = folder


def own_files(files: Texts) -> dict[str, str]:
    """The files of a folder's page itself, without the versions that wait."""
    return {name: text for name, text in files.items() if "/" not in name}


def waiting_versions(files: Texts) -> dict[str, dict[str, str]]:
    """The versions that wait below a folder: their files by the name of their folder, the earliest first."""
    versions: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        matched = _NEXT.match(path)
        if matched:
            versions.setdefault(matched[1], {})[matched[2]] = files[path]
    return versions


def waiting_folder(key: str, at: datetime, zone: ZoneInfo) -> str:
    """The folder of the version of a page (`kind/slug`) that takes over at that time."""
    return f"{key}/next/{at.astimezone(zone).strftime(TIME_FORMAT)}"


def start_of(written: str, zone: ZoneInfo) -> datetime:
    """When the waiting version in a folder of that name takes over."""
    return datetime.strptime(written, TIME_FORMAT).replace(tzinfo=zone)


def visible_texts(files: Texts, facts: type[DocumentFacts], *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The texts that readers see at `now`: the page's own, or those of the last waiting version that has begun."""
    begun = [version for written, version in waiting_versions(files).items() if start_of(written, zone) <= now]
    return without_basis(begun[-1], facts, zone=zone) if begun else own_files(files)


def without_basis(texts: Texts, facts: type[DocumentFacts], *, zone: ZoneInfo) -> dict[str, str]:
    """The texts of a waiting version as those of a page."""
    text = texts.get(FACTS, "")
    if "based_on" not in text:
        return dict(texts)

    def edit(values: MutableMapping[str, object], _facts: DocumentFacts) -> None:
        values.pop("based_on", None)

    return {**texts, FACTS: rewritten(text, facts, edit, zone=zone, path=FACTS)}


def digest_of(texts: Texts) -> str:
    """The digest of the texts that a waiting version was made from, 24 hexadecimal digits."""
    joined = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return blake2b(joined.encode(), digest_size=12).hexdigest()


def as_waiting(texts: Texts, facts: type[DocumentFacts], *, basis: str, zone: ZoneInfo) -> dict[str, str]:
    """The texts of a page as those of a waiting version made from the page with the digest `basis`."""

    def edit(values: MutableMapping[str, object], _facts: DocumentFacts) -> None:
        values["based_on"] = basis

    return {**texts, FACTS: rewritten(texts[FACTS], facts, edit, zone=zone, path=FACTS)}


def pages_of(paths: Iterable[str]) -> dict[str, list[str]]:
    """The pages (`kind/slug`) whose own files are among these paths, with the names of those files."""
    pages: dict[str, list[str]] = {}
    for path in paths:
        matched = _DOCUMENT.match(path)
        if matched and not path.startswith(NO_PAGES):
            pages.setdefault(matched[1], []).append(matched[2])
    return pages


@dataclass(frozen=True)
class StoredPage:
    """A page as the repository holds it: every file below its folder, the waiting versions included."""

    key: str
    files: Texts
    facts: type[DocumentFacts]
    zone: ZoneInfo

    def visible_texts(self, at: datetime) -> dict[str, str]:
        """The texts that readers see at that time."""
        return visible_texts(self.files, self.facts, now=at, zone=self.zone)

    def waiting(self) -> Iterator[tuple[str, datetime, dict[str, str]]]:
        """The waiting versions, the earliest first: their folder, their time and their texts."""
        for written, version in waiting_versions(self.files).items():
            folder = f"{self.key}/next/{written}"
            yield folder, start_of(written, self.zone), without_basis(version, self.facts, zone=self.zone)

    def apply(self, changes: Mapping[str, str | None], *, now: datetime) -> dict[str, str | None]:
        """The files by which the page gets this change now.

        A version that has begun becomes the page's own texts, and its folder goes. A version that still waits
        receives the change too, so that it will not undo it; raises ScheduleConflict when both change the same lines.
        """
        before = self.visible_texts(now)
        after = _with(before, changes)
        own = own_files(self.files)
        files: dict[str, str | None] = {f"{self.key}/{name}": changes[name] for name in changes}
        files |= {f"{self.key}/{name}": text for name, text in after.items() if own.get(name) != text}
        files |= {f"{self.key}/{name}": None for name in own if name not in after}
        for folder, begins, texts in self.waiting():
            if begins <= now:
                files |= {f"{folder}/{name}": None for name in texts}
        return files | self._carried(before, after, since=now)

    def schedule(self, changes: Mapping[str, str | None], *, at: datetime, now: datetime) -> dict[str, str | None]:
        """The files by which the page gets this change at `at`; raises PastTime and ScheduleConflict.

        A public page keeps its own texts until then. A new one is written at once and shows itself from then on.
        """
        if at <= now:
            raise PastTime(at.isoformat())
        local = at.astimezone(self.zone)
        base = self.visible_texts(now)
        mine = _with(base, changes)
        if not base:
            mine[FACTS] = rewritten(mine[FACTS], self.facts, _from(local), zone=self.zone, path=FACTS)
            return {f"{self.key}/{name}": text for name, text in mine.items()}
        folder = waiting_folder(self.key, at, self.zone)
        before = self.visible_texts(at)
        after = _merged_all(base, mine, before, folder=folder)
        files = self._written(folder, after, basis=before)
        return files | self._carried(before, after, since=at)

    def cancel(self, written: str) -> dict[str, str | None]:
        """The files by which a waiting version goes; later ones give up what they took from it."""
        files: dict[str, str | None] = {}
        at = start_of(written, self.zone)
        earlier = replace(self, files={p: t for p, t in self.files.items() if not p.startswith(f"next/{written}/")})
        for path in self.files:
            if path not in earlier.files:
                files[f"{self.key}/{path}"] = None
        return files | self._carried(self.visible_texts(at), earlier.visible_texts(at), since=at)

    def _carried(self, before: Texts, after: Texts, *, since: datetime) -> dict[str, str | None]:
        files: dict[str, str | None] = {}
        for folder, begins, texts in self.waiting():
            if begins > since and after and before != after:
                files |= self._written(folder, _merged_all(before, after, texts, folder=folder), basis=after)
        return files

    def _written(self, folder: str, texts: Texts, *, basis: Texts) -> dict[str, str | None]:
        version = as_waiting(texts, self.facts, basis=digest_of(basis), zone=self.zone)
        prefix = folder.removeprefix(f"{self.key}/") + "/"
        removed = [path for path in self.files if path.startswith(prefix) and path.removeprefix(prefix) not in version]
        return {f"{folder}/{name}": text for name, text in version.items()} | {f"{self.key}/{p}": None for p in removed}


def _with(texts: Texts, changes: Mapping[str, str | None]) -> dict[str, str]:
    after = {name: text for name, text in texts.items() if name not in changes}
    return after | {name: text for name, text in changes.items() if text is not None}


def _from(at: datetime) -> Callable[[MutableMapping[str, object], DocumentFacts], None]:
    def edit(values: MutableMapping[str, object], _facts: DocumentFacts) -> None:
        values["publish_from"] = at.strftime("%Y-%m-%dT%H:%M")

    return edit


def _merged_all(before: Texts, after: Texts, version: Texts, *, folder: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in sorted({*before, *after, *version}):
        old, new, waiting = before.get(name), after.get(name), version.get(name)
        merged = _merged(old, new, waiting, folder=folder)
        if merged is not None:
            texts[name] = merged
    return texts


def _merged(old: str | None, new: str | None, waiting: str | None, *, folder: str) -> str | None:
    if old == new or new == waiting:
        return waiting
    if old == waiting:
        return new
    if old is None or new is None or waiting is None:
        raise ScheduleConflict(folder)
    merge = Merge3(old.splitlines(True), new.splitlines(True), waiting.splitlines(True))
    if any(group[0] == "conflict" for group in merge.merge_groups()):
        raise ScheduleConflict(folder)
    return "".join(merge.merge_lines())


def days_until(at: datetime, now: datetime) -> int:
    """The whole days of the calendar from now to then, in the zone of `at`."""
    return (at.date() - now.astimezone(at.tzinfo).date()) // timedelta(days=1)
