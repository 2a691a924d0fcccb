"""What the content knows of an uploaded file: its words in every language, its sizes, when it came."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from portal.content.document import PRIMARY_LANGUAGE, LocalText
from portal.content.reference import ReferenceType

FOLDER = "media"
RECORDS = f"{FOLDER}/records"
Kind = Literal["picture", "document"]
LONGEST_WORDS = 250


class Size(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One size of a picture in pixels, and its bytes as WebP and as the other format."""

    name: str
    width: int
    height: int
    webp: int
    other: int


class MediaRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture (`words` say what it shows) or a document (`words` are its title); `suffix` ends its addresses.

    The addresses `media/<id>/<size>.<suffix>` and `media/<id>.pdf` stay the same when the file is replaced.
    """

    kind: Kind
    words: LocalText
    suffix: Literal["jpg", "png", "pdf"]
    added_on: date
    changed_on: date | None = None
    credit: str = ""
    sizes: tuple[Size, ...] = ()
    bytes: int = 0

    def __post_init__(self) -> None:
        if not self.words.get(PRIMARY_LANGUAGE, "").strip():
            raise ValueError(f"words: '{PRIMARY_LANGUAGE}' is missing; say what the file shows or is")
        if (self.kind == "picture") != bool(self.sizes) or (self.kind == "document") != (self.suffix == "pdf"):
            raise ValueError(f"a {self.kind} with the suffix '{self.suffix}' and {len(self.sizes)} sizes cannot be")

    @property
    def total(self) -> int:
        """Bytes of all its files together."""
        return self.bytes + sum(size.webp + size.other for size in self.sizes)


MEDIA = ReferenceType("media", MediaRecord, path=RECORDS)


def record_path(id_: str) -> str:
    """Where the record of a file is kept."""
    return f"{RECORDS}/{id_}.yaml"


def paths_of(id_: str, record: MediaRecord) -> tuple[str, ...]:
    """Every file of a record, below the content root, without the record itself."""
    if record.kind == "document":
        return (f"{FOLDER}/{id_}.pdf",)
    return tuple(f"{FOLDER}/{id_}/{size.name}.{end}" for size in record.sizes for end in ("webp", record.suffix))
