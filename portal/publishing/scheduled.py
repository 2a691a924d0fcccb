"""Changes that wait for their moment: written beside the page, picked by the moment, folded in later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from merge3 import Merge3

from portal.content.document import DocumentFacts
from portal.content.yaml_editing import rewritten

Texts = Mapping[str, str]
FACTS = "facts.yaml"
# Folders of the content that hold no pages.
NO_PAGES = ("reference/", "media/")
WRITTEN = "%Y-%m-%dT%H%M"
_NEXT = re.compile(r"^next/(\d{4}-\d{2}-\d{2}T\d{4})/([^/]+)$")
_DOCUMENT = re.compile(r"^([a-z0-9-]+/[a-z0-9-]+)/([^/]+)$")


class PastMoment(ValueError):
    """The chosen moment has gone by; a change can wait only for one that is still to come."""


class WaitingConflict(Exception):
    """A change that waits for its moment touches the same lines; carries the folder in which it waits."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"{folder} changes the same lines")
        self.folder = folder


def own_of(files: Texts) -> dict[str, str]:
    """The files of a folder's page itself, without the versions that wait."""
    return {name: text for name, text in files.items() if "/" not in name}


def waiting_of(files: Texts) -> dict[str, dict[str, str]]:
    """The versions that wait below a folder: their files by the moment as it is written, the earliest first."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(files):
        matched = _NEXT.match(path)
        if matched:
            found.setdefault(matched[1], {})[matched[2]] = files[path]
    return found


def begins_at(written: str, zone: ZoneInfo) -> datetime:
    """The moment that the name of a waiting version tells."""
    return datetime.strptime(written, WRITTEN).replace(tzinfo=zone)


def texts_at(files: Texts, facts: type[DocumentFacts], *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The texts that readers see at `now`: the page's own, or those of the last waiting version that has begun."""
    begun = [version for written, version in waiting_of(files).items() if begins_at(written, zone) <= now]
    return without_basis(begun[-1], facts, zone=zone) if begun else own_of(files)


def without_basis(texts: Texts, facts: type[DocumentFacts], *, zone: ZoneInfo) -> dict[str, str]:
    """The texts of a waiting version as those of a page."""
    text = texts.get(FACTS, "")
    if "based_on" not in text:
        return dict(texts)

    def edit(values: Any, _facts: DocumentFacts) -> None:
        values.pop("based_on", None)

    return {**texts, FACTS: rewritten(text, facts, edit, zone=zone, path=FACTS)}


def basis_of(texts: Texts) -> str:
    """The mark of the texts that a waiting version was made from."""
    listed = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return blake2b(listed.encode(), digest_size=12).hexdigest()


def waiting_version(texts: Texts, facts: type[DocumentFacts], *, basis: str, zone: ZoneInfo) -> dict[str, str]:
    """The texts of a page as those of a waiting version made from the page with that mark."""

    def edit(values: Any, _facts: DocumentFacts) -> None:
        values["based_on"] = basis

    return {**texts, FACTS: rewritten(texts[FACTS], facts, edit, zone=zone, path=FACTS)}


def touched_pages(paths: Iterable[str]) -> dict[str, list[str]]:
    """The pages (`kind/slug`) whose own files are among these paths, with the names of those files."""
    found: dict[str, list[str]] = {}
    for path in paths:
        matched = _DOCUMENT.match(path)
        if matched and not path.startswith(NO_PAGES):
            found.setdefault(matched[1], []).append(matched[2])
    return found


@dataclass(frozen=True)
class Page:
    """A page as the repository holds it: every file below its folder, the waiting versions included."""

    key: str
    files: Texts
    facts: type[DocumentFacts]
    zone: ZoneInfo

    def texts_at(self, moment: datetime) -> dict[str, str]:
        """The texts that readers see at that moment."""
        return texts_at(self.files, self.facts, now=moment, zone=self.zone)

    def waiting(self) -> Iterator[tuple[str, datetime, dict[str, str]]]:
        """The waiting versions, the earliest first: their folder, their moment and their texts."""
        for written, version in waiting_of(self.files).items():
            folder = f"{self.key}/next/{written}"
            yield folder, begins_at(written, self.zone), without_basis(version, self.facts, zone=self.zone)

    def changed(self, changes: Mapping[str, str | None], *, now: datetime) -> dict[str, str | None]:
        """The files by which the page gets this change now.

        A version that has begun becomes the page's own texts, and its folder goes. A version that still waits
        receives the change too, so that it will not undo it; raises WaitingConflict when both change the same lines.
        """
        before = self.texts_at(now)
        after = _with(before, changes)
        own = own_of(self.files)
        found: dict[str, str | None] = {f"{self.key}/{name}": changes[name] for name in changes}
        found |= {f"{self.key}/{name}": text for name, text in after.items() if own.get(name) != text}
        found |= {f"{self.key}/{name}": None for name in own if name not in after}
        for folder, begins, texts in self.waiting():
            if begins <= now:
                found |= {f"{folder}/{name}": None for name in texts}
        return found | self._carried(before, after, since=now)

    def scheduled(self, changes: Mapping[str, str | None], *, at: datetime, now: datetime) -> dict[str, str | None]:
        """The files by which the page gets this change at `at`; raises PastMoment and WaitingConflict.

        A public page keeps its own texts until then. A new one is written at once and shows itself from then on.
        """
        if at <= now:
            raise PastMoment(at.isoformat())
        local = at.astimezone(self.zone)
        base = self.texts_at(now)
        mine = _with(base, changes)
        if not base:
            mine[FACTS] = rewritten(mine[FACTS], self.facts, _from(local), zone=self.zone, path=FACTS)
            return {f"{self.key}/{name}": text for name, text in mine.items()}
        folder = f"{self.key}/next/{local.strftime(WRITTEN)}"
        before = self.texts_at(at)
        after = _merged_all(base, mine, before, folder=folder)
        found = self._written(folder, after, basis=before)
        return found | self._carried(before, after, since=at)

    def cancelled(self, written: str) -> dict[str, str | None]:
        """The files by which a waiting version goes; later ones give up what they took from it."""
        found: dict[str, str | None] = {}
        at = begins_at(written, self.zone)
        earlier = replace(self, files={p: t for p, t in self.files.items() if not p.startswith(f"next/{written}/")})
        for path in self.files:
            if path not in earlier.files:
                found[f"{self.key}/{path}"] = None
        return found | self._carried(self.texts_at(at), earlier.texts_at(at), since=at)

    def _carried(self, before: Texts, after: Texts, *, since: datetime) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for folder, begins, texts in self.waiting():
            if begins > since and after and before != after:
                found |= self._written(folder, _merged_all(before, after, texts, folder=folder), basis=after)
        return found

    def _written(self, folder: str, texts: Texts, *, basis: Texts) -> dict[str, str | None]:
        made = waiting_version(texts, self.facts, basis=basis_of(basis), zone=self.zone)
        below = folder.removeprefix(f"{self.key}/") + "/"
        gone = [path for path in self.files if path.startswith(below) and path.removeprefix(below) not in made]
        return {f"{folder}/{name}": text for name, text in made.items()} | {f"{self.key}/{p}": None for p in gone}


def _with(texts: Texts, changes: Mapping[str, str | None]) -> dict[str, str]:
    after = {name: text for name, text in texts.items() if name not in changes}
    return after | {name: text for name, text in changes.items() if text is not None}


def _from(at: datetime) -> Callable[[Any, DocumentFacts], None]:
    def edit(values: Any, _facts: DocumentFacts) -> None:
        values["publish_from"] = at.strftime("%Y-%m-%dT%H:%M")

    return edit


def _merged_all(before: Texts, after: Texts, version: Texts, *, folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted({*before, *after, *version}):
        old, new, waiting = (texts.get(name) for texts in (before, after, version))
        merged = _merged(old, new, waiting, folder=folder)
        if merged is not None:
            found[name] = merged
    return found


def _merged(old: str | None, new: str | None, waiting: str | None, *, folder: str) -> str | None:
    if old == new or new == waiting:
        return waiting
    if old == waiting:
        return new
    if old is None or new is None or waiting is None:
        raise WaitingConflict(folder)
    merge = Merge3(old.splitlines(True), new.splitlines(True), waiting.splitlines(True))
    if any(group[0] == "conflict" for group in merge.merge_groups()):
        raise WaitingConflict(folder)
    return "".join(merge.merge_lines())


def days_until(at: datetime, now: datetime) -> int:
    """The whole days of the calendar from now to then, in the zone of `at`."""
    return (at.date() - now.astimezone(at.tzinfo).date()) // timedelta(days=1)
