"""Snippets: the passage of a text that says most about the query, with the words of the query marked."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

from markupsafe import Markup, escape

from portal.search.engine.entry import CLOSE, OPEN, filled

LENGTH = 170
_READ = 1_800
_MOST_HITS = 12


class Highlighter:
    """Finds and marks a set of written words; matches whole words only, in any case."""

    def __init__(self, written: Iterable[str]) -> None:
        """Compile the words; without any, nothing is marked."""
        listed = sorted({word for word in written if len(word) > 1}, key=lambda word: (-len(word), word))[:400]
        self._pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, listed))})(?!\w)", re.I) if listed else None

    def marked(self, text: str) -> Markup:
        """The text escaped, with what was looked for in <mark>."""
        if self._pattern is None:
            return escape(text)
        parts = self._pattern.split(text)
        # Every second part is a match.
        parts[1::2] = [f"<mark>{html.escape(part)}</mark>" for part in parts[1::2]]
        parts[::2] = [html.escape(part) for part in parts[::2]]
        return Markup("".join(parts))  # noqa: S704 - every part was escaped above

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
        hits = [(match.start(), match.group().lower()) for match in self._pattern.finditer(body)]
        best, most = -1, 0
        for at, _word in hits[:_MOST_HITS]:
            start = _beginning(body, at)
            inside = len({word for other, word in hits if start <= other < start + LENGTH})
            if inside > most:
                best, most = start, inside
        if best < 0:
            return summary or body[: LENGTH * 2]
        return body[best : best + LENGTH * 2]


def _beginning(text: str, at: int) -> int:
    """Where the sentence or line around a place begins; not further back than half a snippet."""
    start = max(text.rfind(". ", 0, at) + 2 if ". " in text[:at] else 0, text.rfind("\n", 0, at) + 1)
    if at - start > LENGTH - 40:
        start = text.find(" ", at - LENGTH // 2) + 1
    return start


def _whole_markers(passage: str) -> str:
    # A passage may end within a marker.
    return passage[: passage.rfind(OPEN)] if passage.rfind(OPEN) > passage.rfind(CLOSE) else passage


def _cut(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LENGTH:
        return text
    shortened = text[:LENGTH].rsplit(" ", 1)[0].rstrip(",;:–-")
    return f"{shortened} …"
