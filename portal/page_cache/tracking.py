"""What a page read while it was made, so that an edit drops exactly the pages that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal.content.catalogue import Catalogue, Site
from portal.content.document import Document


class TrackedRecords(Mapping[str, Any]):
    """The records of one reference; looking one up notes its id, walking through them notes them all."""

    def __init__(self, name: str, records: Mapping[str, Any], tags: set[str]) -> None:
        self._tag = f"reference/{name}"
        self._records = records
        self._tags = tags

    def __getitem__(self, id_: str) -> Any:
        self._tags.add(f"{self._tag}/{id_}")
        return self._records[id_]

    def __contains__(self, id_: object) -> bool:
        self._tags.add(f"{self._tag}/{id_}")
        return id_ in self._records

    def __iter__(self) -> Iterator[str]:
        self._tags.add(self._tag)
        return iter(self._records)

    def __len__(self) -> int:
        self._tags.add(self._tag)
        return len(self._records)


class TrackedCatalogue:
    """A catalogue that notes in `tags` what was asked of it; answers are those of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.plain = catalogue
        self.tags: set[str] = set()
        self._references: dict[str, TrackedRecords] = {}

    @property
    def site(self) -> Site:
        """The office itself."""
        self.tags.add("site")
        return self.plain.site

    @property
    def version(self) -> str:
        """The mark of the content's state."""
        return self.plain.version

    @property
    def media(self) -> Mapping[str, str]:
        """The media files with their marks."""
        self.tags.add("media")
        return self.plain.media

    @property
    def redirects(self) -> Mapping[str, str]:
        """Old keys with the keys that followed them."""
        self.tags.add("redirects")
        return self.plain.redirects

    def get(self, kind: str, slug: str) -> Document | None:
        """The document of that kind and slug, whatever its status."""
        self.tags.add(f"{kind}/{slug}")
        return self.plain.get(kind, slug)

    def find(self, key: str) -> Document | None:
        """The document named `kind/slug`."""
        kind, _, slug = key.partition("/")
        return self.get(kind, slug)

    def all(self, kind: str) -> tuple[Document, ...]:
        """Every document of that kind, by slug."""
        self.tags.add(kind)
        return self.plain.all(kind)

    def has_any(self, kind: str) -> bool:
        """Whether there is a document of that kind at all; cheaper to depend on than all of them."""
        self.tags.add(f"any/{kind}")
        return bool(self.plain.documents.get(kind))

    def kinds(self) -> tuple[str, ...]:
        """The kinds of which there are documents."""
        return self.plain.kinds()

    def reference(self, name: str) -> Mapping[str, Any]:
        """The records of that reference by id."""
        result = self._references.get(name)
        if result is None:
            result = self._references[name] = TrackedRecords(name, self.plain.reference(name), self.tags)
        return result
