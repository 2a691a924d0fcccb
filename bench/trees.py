"""Content of any size for measurements: the project's own site and reference, documents mixed from its paragraphs."""

from __future__ import annotations

import random
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from portal.content.sources.bundled import files_of
from portal.content.sources.repository import ContentRepository, Person
from portal.settings import PROJECT

CONTENT = PROJECT / "content"
LANGUAGES = ("id", "en")
# Paragraphs and headings per document: about 4.5 KB of Markdown, as the longer real ones have.
SECTIONS, PARAGRAPHS = 4, 3
SOMEBODY = Person("Bench", "bench@example.org")


def folder_of(folder: Path, documents: int) -> Path:
    """Write that many documents (one in five a guide, the others questions) in both languages; gives the folder."""
    folder.mkdir(parents=True)
    for name in ("site.yaml", "redirects.yaml"):
        shutil.copy(CONTENT / name, folder)
    shutil.copytree(CONTENT / "reference", folder / "reference")
    shutil.copytree(CONTENT / "pages", folder / "pages")
    mix = random.Random(20261124)
    paragraphs = {language: _paragraphs(language) for language in LANGUAGES}
    for number in range(documents):
        kind = "guidance" if number % 5 == 0 else "faq"
        target = folder / kind / slug_of(number)
        target.mkdir(parents=True)
        (target / "facts.yaml").write_text(
            "status: published\ntopics: [penggantian]\naudience: [warga]\nreview_by: 2027-05-24\nowner: bench\n",
            encoding="utf-8",
        )
        for language in LANGUAGES:
            (target / f"{language}.md").write_text(
                words(number, language, mix=mix, paragraphs=paragraphs[language]), encoding="utf-8"
            )
    return folder


def repository_of(path: Path, folder: Path) -> ContentRepository:
    """A bare repository whose main holds the folder's files."""
    repository = ContentRepository.create(path)
    files: dict[str, bytes | None] = dict(files_of(folder))
    repository.save(files, author=SOMEBODY, message="All", at=datetime.now(UTC), expected="")
    return repository


def slug_of(number: int) -> str:
    """The slug of a document by its number."""
    return f"dokumen-{number:05d}"


def path_of(number: int, language: str) -> str:
    """The public address of a document."""
    return f"/{language}/{'guidance' if number % 5 == 0 else 'faq'}/{slug_of(number)}"


def words(number: int, language: str, *, mix: random.Random, paragraphs: list[str]) -> str:
    """The words of a document: front matter and sections of paragraphs drawn from the real ones."""
    lines = [
        "---",
        f"title: {'Pertanyaan' if language == 'id' else 'Question'} {number}",
        f"summary: {'Jawaban nomor' if language == 'id' else 'Answer number'} {number}.",
        "keywords: [paspor, passport]",
        "---",
    ]
    for section in range(SECTIONS):
        lines += [f"## {'Bagian' if language == 'id' else 'Part'} {section + 1} {{#bagian-{section + 1}}}", ""]
        for paragraph in mix.choices(paragraphs, k=PARAGRAPHS):
            lines += [paragraph, ""]
    return "\n".join(lines)


def _paragraphs(language: str) -> list[str]:
    items: list[str] = []
    for path in sorted([*(CONTENT / "guidance").glob(f"*/{language}.md"), *(CONTENT / "faq").glob(f"*/{language}.md")]):
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        for block in body.split("\n\n"):
            text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", block.strip())
            if len(text) > 80 and text[0] not in ":#|-1":
                items.append(text)
    return items
