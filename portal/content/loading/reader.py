"""A source becomes a catalogue: every file validated, a broken one leaving its last good version up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.content.catalogue import Catalogue, Site
from portal.content.document import PRIMARY_LANGUAGE, Document, DocumentType, Scheduled
from portal.content.loading.compiled import Compiled, CompiledStore, CompiledWords, PackedBodies, packed
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import decoded_text, split_front_matter, typed, typed_packed, yaml_of
from portal.content.problems import ContentError, Problem, ProblemKind
from portal.content.reference import REFERENCES, ReferenceType
from portal.content.sources.source import Source
from portal.messages import N_

SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
WORDS_FILE = re.compile(r"^([a-z]{2,3})\.md$")
NEXT = re.compile(r"^next/(\d{4}-\d{2}-\d{2}T\d{4})/(.+)$")
LISTING = "listing"
SITE, REDIRECTS, REFERENCE, MEDIA = "site.yaml", "redirects.yaml", "reference/", "media/"

UNKNOWN_KIND = ProblemKind("schema", "is of the unknown kind '%(kind)s'; allowed: %(allowed)s")
INVALID_NAME = ProblemKind(
    "schema",
    "may be named with a-z, 0-9 and single hyphens only",
    N_("The name in the address may hold a-z, 0-9 and single hyphens only."),
)
UNKNOWN_STAGE = ProblemKind("schema", "is '%(stage)s'; allowed: preview, official")
NO_CONTROLLER = ProblemKind(
    "schema", "official needs 'controller' with name and contact, who answers for personal data"
)
UNKNOWN_ZONE = ProblemKind("schema", "is no known time zone; write one such as Asia/Makassar")
STRAY_FILE = ProblemKind("schema", "stands outside a document; move it to %(kind)s/<name>/")
NO_FACTS = ProblemKind("schema", "has no facts.yaml; add one with at least 'status: draft'")
NO_PRIMARY_WORDS = ProblemKind(
    "schema",
    "is missing; every page has Indonesian words",
    N_("The Indonesian text is missing. Start with its title."),
)
NO_KEYS = ProblemKind("schema", "has front matter without keys; begin with 'title: …'")
INVALID_TIME = ProblemKind("schema", "is no date and time; write next/2026-12-24T0800")
NO_RECORDS = ProblemKind("schema", "must be a mapping from ids to records")


@dataclass(frozen=True)
class _Files:
    """The files of one document folder, by name, with their digests."""

    folder: str
    digests: Mapping[str, str]

    @cached_property
    def hash(self) -> str:
        listed = ";".join(f"{name}={digest}" for name, digest in sorted(self.digests.items()))
        return blake2b(f"{self.folder};{listed}".encode(), digest_size=16).hexdigest()


class Reader:
    """Reads sources with the document and reference types of the features."""

    def __init__(
        self,
        types: Sequence[DocumentType],
        references: Sequence[ReferenceType] = REFERENCES,
        *,
        store: CompiledStore | None = None,
    ) -> None:
        self.types = {type_.kind: type_ for type_ in types}
        self.references = {reference.name: reference for reference in references}
        self.store = store or CompiledStore(None)

    def read(self, source: Source, previous: Catalogue | None = None) -> Catalogue:
        """The catalogue of the source; raises ContentError only when site.yaml was never readable."""
        version = source.version()
        listing = self._listing(source) if previous is None else source.listing()
        incremental = self._incremental(source, listing, version, previous) if previous else None
        return incremental or self._full(source, listing, version, previous)

    def _incremental(
        self, source: Source, listing: Mapping[str, str], version: str, previous: Catalogue
    ) -> Catalogue | None:
        """The previous catalogue with the documents whose files changed; nothing where more than documents did."""
        before = previous.listing
        changed = {path for path, digest in listing.items() if before.get(path) != digest} | (
            before.keys() - listing.keys()
        )
        folders = {"/".join(path.split("/")[:2]) for path in changed if self._is_of_document(path)}
        stays = all(f"{folder}/facts.yaml" in files for folder in folders for files in (listing, previous.listing))
        if previous.problems or not stays or not all(map(self._is_of_document, changed)):
            return None
        zone, catalogue = ZoneInfo(previous.site.timezone), previous
        try:
            for folder in sorted(folders):
                start = f"{folder}/"
                digests = {path[len(start) :]: digest for path, digest in listing.items() if path.startswith(start)}
                catalogue = catalogue.replacing(self.document(source, folder, digests, zone=zone))
        except ContentError:
            return None
        self.store.append()
        return replace(catalogue, version=version, listing=listing)

    def _is_of_document(self, path: str) -> bool:
        kind, _, rest = path.partition("/")
        return kind in self.types and "/" in rest and not any(one.holds(path) for one in self.references.values())

    def _full(self, source: Source, listing: Mapping[str, str], version: str, previous: Catalogue | None) -> Catalogue:
        wanted = {LISTING}
        problems: list[Problem] = []
        site = self._site(source, previous, problems)
        zone = ZoneInfo(site.timezone)
        references = self._references(source, listing, previous, problems=problems, wanted=wanted, zone=zone)
        documents = self._documents(source, listing, previous, problems=problems, wanted=wanted, zone=zone)
        self._save_listing(version, listing, wanted)
        media = {path: digest for path, digest in listing.items() if path.startswith(MEDIA)}
        return Catalogue(
            site=site,
            documents=documents,
            references=references,
            redirects=self._redirects(source, listing, previous, problems),
            problems=tuple(problems),
            version=version,
            media=previous.media if previous and previous.media == media else MappingProxyType(media),
            listing=listing,
        )

    def document(self, source: Source, folder: str, digests: Mapping[str, str], *, zone: ZoneInfo) -> Document:
        """One document from its folder (`kind/slug`); raises ContentError with every problem found."""
        kind, slug = folder.split("/")
        files = _Files(folder, digests)
        type_ = self.types.get(kind)
        if type_ is None:
            known = ", ".join(sorted(self.types))
            raise ContentError(UNKNOWN_KIND.at(folder, kind=kind, allowed=known))
        if not SLUG.match(slug):
            raise ContentError(INVALID_NAME.at(folder))
        document = self._version(source, files=_current_files(files), type_=type_, zone=zone)
        waiting = self._scheduled_versions(source, files=files, type_=type_, zone=zone)
        return replace(document, hash=files.hash, source_hashes=dict(digests), scheduled=waiting)

    def _listing(self, source: Source) -> Mapping[str, str]:
        """The files at a start, beginning with the listing that an earlier process kept."""
        kept = self.store.values(LISTING)
        if isinstance(kept, list):
            source.recall(*kept)
        return source.listing()

    def _save_listing(self, version: str, listing: Mapping[str, str], wanted: set[str]) -> None:
        if self.store.values(LISTING) != [version, listing]:
            self.store.put_values(LISTING, [version, listing])
        self.store.save(wanted)

    def _site(self, source: Source, previous: Catalogue | None, problems: list[Problem]) -> Site:
        try:
            value = yaml_of(decoded_text(source.read(SITE), SITE), SITE)
            site = typed(value, Site, path=SITE, zone=ZoneInfo("UTC"))
            ZoneInfo(site.timezone)
            if site.stage not in ("preview", "official"):
                raise ContentError(UNKNOWN_STAGE.at(SITE, "stage", stage=site.stage))
            if site.stage == "official" and site.controller is None:
                raise ContentError(NO_CONTROLLER.at(SITE, "stage"))
        except ZoneInfoNotFoundError:
            error = ContentError(UNKNOWN_ZONE.at(SITE, "timezone"))
        except ContentError as invalid:
            error = invalid
        else:
            return previous.site if previous and previous.site == site else site
        if previous is None:
            raise error
        problems.extend(error.problems)
        return previous.site

    def _references(
        self,
        source: Source,
        listing: Mapping[str, str],
        previous: Catalogue | None,
        *,
        problems: list[Problem],
        wanted: set[str],
        zone: ZoneInfo,
    ) -> Mapping[str, Mapping[str, Any]]:
        by_name: dict[str, Mapping[str, Any]] = {}
        # Documents are most of a listing: only the few folders that hold references are looked through for each.
        roots = {_root(reference.stem) for reference in self.references.values()}
        candidates = [path for path in listing if _root(path) in roots]
        for name, reference in self.references.items():
            paths = [path for path in candidates if reference.holds(path)]
            before = previous.reference(name) if previous else {}
            records: dict[str, Any] = {}
            for path in sorted(p for p in paths if p.endswith(".yaml")):
                try:
                    values = self._values(source, path, listing[path], wanted)
                    fresh = _records(values, reference, path=path, zone=zone)
                    records |= {id_: _unchanged(before.get(id_), record) for id_, record in fresh.items()}
                except ContentError as error:
                    problems.extend(error.problems)
                    records |= {id_: record for id_, record in before.items() if id_ not in records}
            by_name[name] = before if dict(before) == records else MappingProxyType(records)
        return MappingProxyType(by_name)

    def _values(self, source: Source, path: str, digest: str, wanted: set[str]) -> Any:
        key = f"{path}:{digest}"
        wanted.add(key)
        values = self.store.values(key)
        if values is None:
            values = yaml_of(decoded_text(source.read(path), path), path) or {}
            self.store.put_values(key, values)
        return values

    def _documents(
        self,
        source: Source,
        listing: Mapping[str, str],
        previous: Catalogue | None,
        *,
        problems: list[Problem],
        wanted: set[str],
        zone: ZoneInfo,
    ) -> Mapping[str, Mapping[str, Document]]:
        by_kind: dict[str, dict[str, Document]] = defaultdict(dict)
        for files in self._folders(listing, problems):
            kind, slug = files.folder.split("/")
            before = previous.get(kind, slug) if previous else None
            wanted.add(files.hash)
            for name in files.digests:
                waiting = NEXT.match(name)
                if waiting:
                    wanted.add(_scheduled_files(files, waiting[1]).hash)
            wanted.add(_current_files(files).hash)
            if before is not None and before.hash == files.hash:
                by_kind[kind][slug] = before
                continue
            try:
                by_kind[kind][slug] = self.document(source, files.folder, files.digests, zone=zone)
            except ContentError as error:
                problems.extend(error.problems)
                if before is not None:
                    by_kind[kind][slug] = before
        return MappingProxyType({kind: MappingProxyType(dict(sorted(of.items()))) for kind, of in by_kind.items()})

    def _folders(self, listing: Mapping[str, str], problems: list[Problem]) -> Iterable[_Files]:
        folders: dict[str, dict[str, str]] = defaultdict(dict)
        placed = [reference for reference in self.references.values() if reference.path]
        roots = {_root(reference.stem) for reference in placed}
        for path, digest in listing.items():
            kind, _, rest = path.partition("/")
            if not rest or path.startswith((REFERENCE, MEDIA)) or path in (SITE, REDIRECTS):
                continue
            if kind in roots and any(reference.holds(path) for reference in placed):
                continue
            slug, _, name = rest.partition("/")
            if not name:
                if kind in self.types and not slug.startswith("README"):
                    problems.append(STRAY_FILE.at(path, kind=kind))
                continue
            folders[f"{kind}/{slug}"][name] = digest
        for folder, digests in sorted(folders.items()):
            if "facts.yaml" in digests:
                yield _Files(folder, digests)
            elif folder.split("/")[0] in self.types:
                problems.append(NO_FACTS.at(folder))

    def _version(self, source: Source, *, files: _Files, type_: DocumentType, zone: ZoneInfo) -> Document:
        compiled = self.store.get(files.hash)
        if compiled is None:
            compiled = self._compile(source, files)
            self.store.put(files.hash, compiled)
        errors: list[Problem] = []
        facts = words = None
        try:
            facts = typed_packed(compiled.facts, type_.facts, path=f"{files.folder}/facts.yaml", zone=zone)
        except ContentError as error:
            errors.extend(error.problems)
        words = {}
        for language, made in compiled.words.items():
            try:
                path = f"{files.folder}/{language}.md"
                words[language] = typed_packed(made.words, type_.words, path=path, zone=zone)
            except ContentError as error:
                errors.extend(error.problems)
        if PRIMARY_LANGUAGE not in compiled.words:
            errors.append(NO_PRIMARY_WORDS.at(f"{files.folder}/id.md"))
        if errors:
            raise ContentError(*errors)
        kind, slug = files.folder.split("/")[:2]
        return Document(kind, slug, facts, words, PackedBodies(compiled.words), files.hash)

    def _compile(self, source: Source, files: _Files) -> Compiled:
        prefix = files.folder + "/"
        facts = yaml_of(_text(source, prefix + "facts.yaml"), prefix + "facts.yaml")
        words: dict[str, CompiledWords] = {}
        for name in files.digests:
            language = WORDS_FILE.match(name)
            if language is None:
                continue
            front, markdown = split_front_matter(_text(source, prefix + name), prefix + name)
            if not isinstance(front, dict):
                raise ContentError(NO_KEYS.at(prefix + name))
            words[language[1]] = CompiledWords(packed(front), packed(compile_body(markdown, words=front)))
        return Compiled(packed(facts or {}), words)

    def _scheduled_versions(
        self, source: Source, *, files: _Files, type_: DocumentType, zone: ZoneInfo
    ) -> tuple[Scheduled, ...]:
        times = sorted({match[1] for name in files.digests if (match := NEXT.match(name))})
        versions = []
        for time_name in times:
            version_files = _scheduled_files(files, time_name)
            try:
                at = datetime.strptime(time_name, "%Y-%m-%dT%H%M").replace(tzinfo=zone)
            except ValueError:
                raise ContentError(INVALID_TIME.at(version_files.folder)) from None
            versions.append(Scheduled(at, self._version(source, files=version_files, type_=type_, zone=zone)))
        return tuple(versions)

    def _redirects(
        self, source: Source, listing: Mapping[str, str], previous: Catalogue | None, problems: list[Problem]
    ) -> Mapping[str, str]:
        if REDIRECTS not in listing:
            return {}
        try:
            value = yaml_of(decoded_text(source.read(REDIRECTS), REDIRECTS), REDIRECTS)
            return typed(value, dict[str, str], path=REDIRECTS, zone=ZoneInfo("UTC"))
        except ContentError as error:
            problems.extend(error.problems)
            return previous.redirects if previous else {}


def _root(path: str) -> str:
    return path.partition("/")[0]


def _current_files(files: _Files) -> _Files:
    """The files of the version that is shown, without those of versions that wait."""
    if not any(name.startswith("next/") for name in files.digests):
        return files
    return _Files(
        files.folder, {name: digest for name, digest in files.digests.items() if not name.startswith("next/")}
    )


def _scheduled_files(files: _Files, time_name: str) -> _Files:
    prefix = f"next/{time_name}/"
    digests = {name.removeprefix(prefix): digest for name, digest in files.digests.items() if name.startswith(prefix)}
    return _Files(f"{files.folder}/next/{time_name}", digests)


def _text(source: Source, path: str) -> str:
    return decoded_text(source.read(path), path)


def _records(values: Any, reference: ReferenceType, *, path: str, zone: ZoneInfo) -> dict[str, Any]:
    if not isinstance(values, dict):
        raise ContentError(NO_RECORDS.at(path))
    errors: list[Problem] = []
    records: dict[str, Any] = {}
    for id_, value in values.items():
        try:
            records[str(id_)] = typed(value, reference.record, path=path, zone=zone)
        except ContentError as error:
            errors += [replace(p, key=f"{id_}.{p.key}" if p.key else str(id_)) for p in error.problems]
    if errors:
        raise ContentError(*errors)
    return records


def _unchanged(before: Any, record: Any) -> Any:
    """The record itself where nothing differs, so that unchanged records stay identical objects."""
    return before if before == record else record
