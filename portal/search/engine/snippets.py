"""Snippets: the passage of a text that says most about the query, with the words of the query marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from portal.search.engine.entry import CLOSE, OPEN, filled

LENGTH = 170
_READ = 6_000
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")


class Highlighter:
    """Finds and marks a set of written words; matches whole words only, in any case."""

    def __init__(self, written: Iterable[str]) -> None:
        """Compile the words; without any, nothing is marked."""
        listed = sorted({word for word in written if len(word) > 1}, key=lambda word: (-len(word), word))[:400]
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)", re.I) if listed else None

    def marked(self, text: str) -> Markup:
        """The text escaped, with what was looked for in <mark>."""
        if self._pattern is None:
            return escape(text)
        parts: list[Markup] = []
        at = 0
        for match in self._pattern.finditer(text):
            parts += [escape(text[at : match.start()]), Markup("<mark>"), escape(match.group()), Markup("</mark>")]
            at = match.end()
        parts.append(escape(text[at:]))
        return Markup("").join(parts)

    def snippet(self, summary: str, text: str, *, fill: Callable[[str, str], str]) -> Markup:
        """The best passage of about 170 characters: the summary if it has the words, else from the text.

        `fill(kind, id)` gives the words of a dated value in it.
        """
        return self.marked(_cut(filled(_whole_markers(self._best_passage(summary, text)), fill)))

    def _best_passage(self, summary: str, text: str) -> str:
        if self._pattern is None:
            return summary or text[: LENGTH * 2]
        if summary and self._pattern.search(summary):
            return summary
        body = text[:_READ]
        best, best_count = 0, 0
        starts = [0, *(match.end() for match in _SENTENCE.finditer(body))]
        hits = [(match.start(), match.group().lower()) for match in self._pattern.finditer(body)]
        for start in starts:
            inside = {word for at, word in hits if start <= at < start + LENGTH}
            if len(inside) > best_count:
                best, best_count = start, len(inside)
        if best_count == 0:
            return summary or body[: LENGTH * 2]
        return body[best : best + LENGTH * 2]


def _whole_markers(passage: str) -> str:
    # A passage may end within a marker.
    return passage[: passage.rfind(OPEN)] if passage.rfind(OPEN) > passage.rfind(CLOSE) else passage


def _cut(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LENGTH:
        return text
    shortened = text[:LENGTH].rsplit(" ", 1)[0].rstrip(",;:–-")
    return f"{shortened} …"
