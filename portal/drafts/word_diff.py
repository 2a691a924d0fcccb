"""Two texts compared word by word: pieces that stayed, were removed or were added."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
# A longer text is compared by its lines: word by word would take seconds and nobody could read it.
MOST_WORDS = 3000
# Two texts that together have more words are shown whole, one after the other.
MOST_WORDS_OF_BOTH = 40_000
_WORDS = re.compile(r"(?:\w+|[^\s\w])\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, were removed or were added."""

    kind: str
    text: str


def compare(old: Sequence[str], new: Sequence[str], key: Callable[[str], str] = str) -> tuple[Piece, ...]:
    """The tokens of two texts as pieces; tokens with the same `key` count as the same, shown as in the new text."""
    pieces: list[Piece] = []
    keys = [key(token) for token in old], [key(token) for token in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, "".join(new[j1:j2])))
            continue
        pieces += [Piece(kind, text) for kind, text in _both("".join(old[i1:i2]), "".join(new[j1:j2])) if text]
    return tuple(pieces)


def _both(before: str, after: str) -> tuple[tuple[str, str], ...]:
    return (REMOVED, before), (ADDED, after)


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The words and signs of two texts; space after a word belongs to it and does not count."""
    return compare(_tokens(before), _tokens(after), str.strip)


def _tokens(text: str) -> list[str]:
    tokens = _WORDS.findall(text)
    return tokens if len(tokens) <= MOST_WORDS else text.splitlines(keepends=True)


def spaced_words(before: str, after: str) -> tuple[Piece, ...]:
    """The words of two texts as a person chooses between them: signs belong to their word, every space counts."""
    old, new = _spaced_tokens(before), _spaced_tokens(after)
    if len(old) + len(new) > MOST_WORDS_OF_BOTH:
        return tuple(Piece(kind, text) for kind, text in _both(before, after) if text)
    return compare(old, new)


def _spaced_tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for line in text.split("\n"):
        tokens += [f"{word} " for word in line.split(" ")]
        tokens.append("\n")
    return tokens[:-1]
