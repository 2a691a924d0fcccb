"""Snippets: the passage of a text that says most about the query, with the words of the query marked."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable

from markupsafe import Markup

from portal.search.engine.index.entry import CLOSE, OPEN, filled

LENGTH = 170
"""The length of a snippet in characters."""
_LONGEST_READ = 1_800
_MOST_HITS = 12
# Characters of private use stand for the tags until the text is escaped.
_MARK, _UNMARK = "\ue002", "\ue003"


class Highlighter:
    """Finds and marks a set of written words; matches whole words only, in any case.

    Every query has other words, and to compile them into one pattern would cost more than to look for each.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Keep the longest 400 words."""
        self._words = sorted({word for word in words if len(word) > 1}, key=lambda word: (-len(word), word))[:400]

    def marked(self, text: str) -> Markup:
        """The text escaped, with the words in <mark>."""
        text = text.replace(_MARK, "").replace(_UNMARK, "")
        pieces: list[str] = []
        done = 0
        for start, word in self._hits(text):
            if start >= done:
                end = start + len(word)
                pieces += (text[done:start], _MARK, text[start:end], _UNMARK)
                done = end
        pieces.append(text[done:])
        html_ = html.escape("".join(pieces))
        return Markup(html_.replace(_MARK, "<mark>").replace(_UNMARK, "</mark>"))  # noqa: S704 - escaped just above

    def snippet(self, summary: str, text: str, *, fill: Callable[[str, str], str]) -> Markup:
        """The best passage of about 170 characters: the summary if it has the words, else from the text.

        `fill(kind, id)` gives the words of a dated value in it.
        """
        return self.marked(_shortened(filled(_without_cut_marker(self._best_passage(summary, text)), fill)))

    def _hits(self, text: str) -> list[tuple[int, str]]:
        """Pairs of position and word in the order of the text; of two at one position the longer comes first."""
        lowered = text.lower()
        if len(lowered) != len(text):
            # Some letters become longer in lower case and would shift every position after them.
            lowered = text
        hits: list[tuple[int, str]] = []
        for word in self._words:
            start = lowered.find(word)
            while start >= 0:
                if _is_whole_word(lowered, start, start + len(word)):
                    hits.append((start, word))
                start = lowered.find(word, start + len(word))
        hits.sort(key=lambda hit: (hit[0], -len(hit[1])))
        return hits

    def _best_passage(self, summary: str, text: str) -> str:
        if summary and self._hits(summary):
            return summary
        body = text[:_LONGEST_READ]
        hits = self._hits(body)
        best, most = -1, 0
        for position, _word in hits[:_MOST_HITS]:
            start = _passage_start(body, position)
            inside = len({word for other, word in hits if start <= other < start + LENGTH})
            if inside > most:
                best, most = start, inside
        if best < 0:
            return summary or body[: LENGTH * 2]
        return body[best : best + LENGTH * 2]


def _is_whole_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def _passage_start(text: str, position: int) -> int:
    """The start of the sentence or line around a position; not further back than half a snippet."""
    sentence = text.rfind(". ", 0, position) + 2 if ". " in text[:position] else 0
    start = max(sentence, text.rfind("\n", 0, position) + 1)
    if position - start > LENGTH - 40:
        start = text.find(" ", position - LENGTH // 2) + 1
    return start


def _without_cut_marker(passage: str) -> str:
    """The passage without a marker in which it ends."""
    return passage[: passage.rfind(OPEN)] if passage.rfind(OPEN) > passage.rfind(CLOSE) else passage


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= LENGTH:
        return text
    shortened = text[:LENGTH].rsplit(" ", 1)[0].rstrip(",;:–-")
    return f"{shortened} …"
