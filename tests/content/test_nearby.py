"""The law of reading again: what a change makes of the catalogue is what a first reading would make of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.content.catalogue import Catalogue
from portal.content.sources.repository import ContentRepository, Person
from portal.content.sources.source import RepositorySource
from tests.conftest import FULL
from tests.content.tree import FILES, reader, write

WORDS = "faq/biaya/id.md"
# Each changes one thing: words, facts, a version that waits, a new document, one that goes, references, the site.
CHANGES: tuple[Mapping[str, str | None], ...] = (
    {WORDS: FILES[WORDS] + "\nKalimat baru.\n"},
    {WORDS: FILES[WORDS]},
    {"faq/biaya/en.md": None},
    {"faq/biaya/facts.yaml": "status: published\ntopics: [paspor]\naudience: []\n"},
    {"faq/biaya/facts.yaml": "status: [broken\n"},
    {
        "faq/biaya/next/2027-01-04T0800/facts.yaml": "status: published\nbased_on: x\n",
        "faq/biaya/next/2027-01-04T0800/id.md": "---\ntitle: Nanti\n---\nNanti.\n",
    },
    {"faq/baru/facts.yaml": "status: published\n", "faq/baru/id.md": "---\ntitle: Baru\n---\nBaru.\n"},
    {"guidance/panduan/facts.yaml": None, "guidance/panduan/id.md": None, "guidance/panduan/en.md": None},
    {"guidance/panduan/id.md": "---\ntitle: Panduan\n---\nLain.\n"},
    {"reference/topics.yaml": FILES["reference/topics.yaml"] + "lain: {name: {id: Lain, en: Other}}\n"},
    {"media/gambar.png": "x"},
    {"redirects.yaml": "faq/lama: faq/biaya\n"},
    {"site.yaml": FILES["site.yaml"].replace("stage: preview", "stage: preview\nzone_label: WITA")},
)


def seen(catalogue: Catalogue) -> dict[str, Any]:
    """Everything that readers could tell apart."""
    documents = {
        document.key: (
            document.facts,
            dict(document.words),
            dict(document.bodies),
            document.hash,
            [(version.at, version.document.hash) for version in document.scheduled],
        )
        for kind in catalogue.kinds()
        for document in catalogue.all(kind)
    }
    references = {name: dict(records) for name, records in catalogue.references.items()}
    return {
        "documents": {key: value for key, value in documents.items() if value},
        "references": references,
        "site": catalogue.site,
        "redirects": dict(catalogue.redirects),
        "media": dict(catalogue.media),
        "version": catalogue.version,
    }


@settings(max_examples=200 if FULL else 10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), min_size=1, max_size=5))
def test_reading_again_gives_what_a_first_reading_gives(
    tmp_path_factory: Any, steps: list[list[Mapping[str, str | None]]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("repository")
    files = write(folder / "files")
    repository = ContentRepository.create(folder / "content.git")
    start = {str(path.relative_to(files)): path.read_bytes() for path in files.rglob("*") if path.is_file()}
    _save(repository, dict(start))
    source, again = RepositorySource(repository.path), reader(folder / "store")
    catalogue = again.read(source)
    for changes in steps:
        merged = {path: text for change in changes for path, text in change.items()}
        _save(repository, {path: None if text is None else text.encode() for path, text in merged.items()})
        catalogue = again.read(source, catalogue)
        fresh_source = RepositorySource(repository.path)
        assert source.listing() == fresh_source.listing()
        first = reader().read(fresh_source)
        if not catalogue.problems:
            assert seen(catalogue) == seen(first)
        assert {problem.path for problem in first.problems} == {problem.path for problem in catalogue.problems}
    assert seen(reader(folder / "store").read(RepositorySource(repository.path))) == seen(first)


def _save(repository: ContentRepository, changes: dict[str, bytes | None]) -> None:
    head = repository.head()
    there = RepositorySource(repository.path).listing() if head else {}
    changes = {path: raw for path, raw in changes.items() if raw is not None or path in there}
    somebody = Person("Somebody", "somebody@example.org")
    repository.save(changes, author=somebody, message="Change", at=datetime(2026, 11, 24, tzinfo=UTC), expected=head)
