"""The uploaded files of the content: adding, replacing, removing them as changes of files, and where they are used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from portal.content.catalogue import Catalogue
from portal.content.document import PRIMARY_LANGUAGE, Document, LocalText
from portal.content.yaml_editing import yaml_text
from portal.media.documents import clean_pdf
from portal.media.pictures import remade
from portal.media.record import FOLDER, MediaRecord, paths_of, record_path
from portal.media.sniffing import PDF, Refused, kind_of

# The files of a change by path: bytes and text to write, None to delete.
Changes = dict[str, str | bytes | None]
Files = Mapping[str, bytes]
RESERVED = frozenset({"records"})


@dataclass(frozen=True)
class Use:
    """A document that shows or offers a file, and the language of its words."""

    document: Document
    language: str


def new_id(words: str, taken: Mapping[str, object], media: Mapping[str, str]) -> str:
    """A name in addresses made of the first words that describe a file, different from every other.

    The name of the uploaded file has no part in it.
    """
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    base = "-".join(re.findall(r"[a-z0-9]+", plain)[:6])[:60].strip("-") or "berkas"
    folders = {path.split("/")[1].removesuffix(".pdf") for path in media} | set(taken) | RESERVED
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(folders) + 3))]
    return next(one for one in candidates if one not in folders)


def made(
    data: bytes,
    id_: str,
    *,
    words: LocalText,
    credit: str,
    added_on: date,
    changed_on: date | None = None,
    suffix: str = "",
) -> tuple[MediaRecord, Files]:
    """The record and the files of an upload, made anew; raises Refused."""
    kind = kind_of(data)
    if kind == PDF:
        data = clean_pdf(data)
        record = MediaRecord(
            kind="document",
            words=words,
            suffix="pdf",
            added_on=added_on,
            changed_on=changed_on,
            credit=credit,
            bytes=len(data),
        )
        return record, {f"{FOLDER}/{id_}.pdf": data}
    picture = remade(data, kind, suffix=suffix)
    record = MediaRecord(
        kind="picture",
        words=words,
        suffix="png" if picture.suffix == "png" else "jpg",
        added_on=added_on,
        changed_on=changed_on,
        credit=credit,
        sizes=picture.sizes,
    )
    return record, {f"{FOLDER}/{id_}/{name}": content for name, content in picture.files.items()}


def replacement(data: bytes, id_: str, before: MediaRecord, *, today: date) -> tuple[MediaRecord, Files]:
    """What puts an upload in the place of a file; addresses and words stay. Raises Refused."""
    if (kind_of(data) == PDF) != (before.kind == "document"):
        raise Refused("other-kind")
    return made(
        data,
        id_,
        words=before.words,
        credit=before.credit,
        added_on=before.added_on,
        changed_on=today,
        suffix=before.suffix,
    )


def changes_of(id_: str, record: MediaRecord, files: Files) -> Changes:
    """The change that publishes a record with these files."""
    return {**files, record_path(id_): record_text(id_, record)}


def described(record: MediaRecord, *, words: LocalText, credit: str) -> MediaRecord:
    """The record with other words."""
    return msgspec.structs.replace(record, words=words, credit=credit)


def removed(id_: str, record: MediaRecord, media: Mapping[str, str]) -> Changes:
    """The change that removes a file with all its sizes."""
    return {path: None for path in (*paths_of(id_, record), record_path(id_)) if path in media}


def record_text(id_: str, record: MediaRecord) -> str:
    """The record as its file holds it."""
    plain = msgspec.to_builtins(record)
    kept = {key: value for key, value in plain.items() if value not in (None, "", 0, (), [])}
    return yaml_text({id_: kept})


def uses(catalogue: Catalogue, id_: str) -> list[Use]:
    """Where a file is shown or offered: in words, waiting versions included, and in facts."""
    uses_found: dict[tuple[str, str], Use] = {}
    for document in _documents(catalogue):
        for language, names in _named(document):
            if id_ in names:
                uses_found.setdefault((document.key, language), Use(document, language))
    return list(uses_found.values())


def use_counts(catalogue: Catalogue) -> dict[str, int]:
    """How many documents use each file that any of them uses."""
    keys: dict[str, set[str]] = {}
    for document in _documents(catalogue):
        for _language, names in _named(document):
            for name in names:
                keys.setdefault(name, set()).add(document.key)
    return {name: len(documents) for name, documents in keys.items()}


def _documents(catalogue: Catalogue) -> Iterator[Document]:
    for kind in catalogue.kinds():
        for document in catalogue.all(kind):
            yield document
            yield from (version.document for version in document.scheduled)


def _named(document: Document) -> Iterator[tuple[str, set[str]]]:
    for language, body in document.bodies.items():
        names = {embed.id.split()[0] for embed in body.embeds if embed.kind == "picture-card" and embed.id}
        names |= {_id_of(embed.id.split()[0]) for embed in body.embeds if embed.kind == "download-card" and embed.id}
        names |= {_id_of(link.removeprefix("media/")) for link in body.links if link.startswith("media/")}
        yield language, names
    # Photos and materials of events stand in their facts.
    holders = (document.facts, getattr(document.facts, "afterwards", None))
    items = [one for holder in holders for key in ("photos", "materials") for one in getattr(holder, key, ()) or ()]
    yield PRIMARY_LANGUAGE, {_id_of(str(getattr(item, "file", ""))) for item in items}


def _id_of(path: str) -> str:
    """The id of the file to which a path below media/ belongs."""
    return path.partition("/")[0].removesuffix(".pdf")
