"""Which translations are behind, found by the words themselves: never by a date, never by a value that both share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import split_front_matter
from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository
from portal.drafts.diff import CHANGED, GONE, NEW, Paragraph, paragraphs
from portal.drafts.models import REVIEW, Draft

MISSING, DRAFT, IN_REVIEW, CURRENT, OUTDATED = "missing", "draft", "review", "current", "outdated"
TO_DO = frozenset({MISSING, DRAFT, OUTDATED})
# How far back the text is looked for from which a translation was made.
MOST_REVISIONS = 400


@dataclass(frozen=True)
class Difference:
    """A paragraph of the original that changed since it was translated, beside what stands in the translation."""

    paragraph: Paragraph
    translation: str


def state_of(document: Document, draft: Draft | None, language: str) -> str:
    """How far the translation of a page is; a draft counts where it changes the words of that language."""
    name = f"{language}.md"
    if draft is not None and draft.files.get(name) != draft.base_files.get(name):
        return IN_REVIEW if draft.state == REVIEW else DRAFT
    if language not in document.words:
        return MISSING
    return OUTDATED if document.is_outdated(language) else CURRENT


def translated_from(repository: ContentRepository, key: str, digest: str) -> tuple[str, ...] | None:
    """The paragraphs of the Indonesian text with that mark, from the page's history; nothing when it is not there."""
    if not digest:
        return None
    path = f"{key}/{PRIMARY_LANGUAGE}.md"
    for revision in repository.history(path, limit=MOST_REVISIONS):
        data = repository.read(revision.id, path)
        compiled = _compiled(data.decode("utf-8", "replace")) if data is not None else None
        if compiled is not None and compiled[0] == digest:
            return compiled[1]
    return None


def differences(before: Sequence[str], now: Sequence[str], translation: Sequence[str]) -> list[Difference]:
    """Exactly the paragraphs that changed between two states of the original, with those of the translation."""
    start = _common(before, now)
    end = _common(before[start:][::-1], now[start:][::-1])
    old, new = ("\n\n".join(texts[start : len(texts) - end]) for texts in (before, now))
    changed = [replace(paragraph, number=paragraph.number + start) for paragraph in paragraphs(old, new)]
    fits = len(translation) == len(before)
    return [Difference(one, _counterpart(one, changed, translation) if fits else "") for one in changed]


def _common(texts: Sequence[str], others: Sequence[str]) -> int:
    """How many paragraphs both begin with."""
    pairs = enumerate(zip(texts, others, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(texts), len(others)))


def _counterpart(paragraph: Paragraph, differing: Sequence[Paragraph], translation: Sequence[str]) -> str:
    if paragraph.state == NEW:
        return ""
    number = paragraph.number
    if paragraph.state == CHANGED:
        # Numbers of paragraphs that stayed count in the new text; the translation still counts as the old one did.
        added = sum(1 for other in differing if other.state == NEW and other.number < number)
        number -= added
        number += sum(1 for other in differing if other.state == GONE and other.number <= number)
    return translation[number - 1] if 0 < number <= len(translation) else ""


def _compiled(text: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        front, markdown = split_front_matter(text.replace("\r\n", "\n"), "")
    except ContentError:
        return None
    body = compile_body(markdown, words=front if isinstance(front, dict) else {})
    return body.translatable, body.paragraphs
