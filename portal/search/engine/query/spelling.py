"""Spelling: an unknown word is corrected to a similar word of the index; a real word is left as it is."""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from portal.search.engine.index.arrays import Array
from portal.search.engine.index.view import View

_REAL_WORDS = Path(__file__).with_name("real_words.txt.gz")
_SHORTEST = 4
_VOWELS = str.maketrans("", "", "aiueo")


@lru_cache(maxsize=1)
def _real_words() -> bytes:
    # One bytes object instead of 45,000 strings: searching in it takes microseconds and is rare.
    return b"\n" + gzip.decompress(_REAL_WORDS.read_bytes()) + b"\n"


@lru_cache(maxsize=4096)
def is_real_word(word: str) -> bool:
    """Whether people commonly write this word in Indonesian or English, so that it must not be corrected."""
    return b"\n" + word.encode() + b"\n" in _real_words()


class Speller:
    """Corrects to words of one view and of the thesaurus.

    Cache: the words nearest to the last 2,048 misspelled ones, for the lifetime of the view.
    """

    def __init__(self, view: View, vocabulary: frozenset[str]) -> None:
        """Collect the words worth correcting to: letters only, four or more."""
        self._view = view
        numbers = {word: number for word, number in view.word_number.items() if _is_candidate(word)}
        extra = [word for word in vocabulary if _is_candidate(word) and word not in numbers]
        self._words = [*numbers, *sorted(extra)]
        self._numbers = np.array([*numbers.values(), *([-1] * len(extra))], dtype=np.int64)
        self._by_length: dict[int, list[int]] = {}
        self._by_skeleton: dict[str, list[int]] = {}
        for index, word in enumerate(self._words):
            self._by_length.setdefault(len(word), []).append(index)
            self._by_skeleton.setdefault(_skeleton(word), []).append(index)
        self._near = lru_cache(maxsize=2048)(self._nearest)

    def correction(self, word: str, counts: Array) -> str | None:
        """The word that was probably meant, or None. `counts` are the documents of each written word right now."""
        if len(word) < _SHORTEST or not word.isalpha() or len(word) > 30 or is_real_word(word):
            return None
        return self._best(self._near(word), counts) or self._best(self._same_skeleton(word), counts)

    def completions(self, prefix: str, counts: Array, *, limit: int) -> list[str]:
        """The commonest words that begin with these letters."""
        words = self._view.words
        number = bisect_left(words, prefix)
        completions = []
        while number < len(words) and words[number].startswith(prefix):
            if counts[number]:
                completions.append((-int(counts[number]), words[number]))
            number += 1
        return [word for _, word in sorted(completions)[:limit]]

    def _nearest(self, word: str) -> list[tuple[float, int]]:
        """Pairs of cost and index in `_words` of the words within a distance of 1, for long words of 2."""
        reach = 1 if len(word) < 7 else 2
        lengths = range(len(word) - reach, len(word) + reach + 1)
        indices = [index for length in lengths for index in self._by_length.get(length, ())]
        choices = [self._words[index] for index in indices]
        nearest = []
        for choice, distance, position in process.extract(
            word, choices, scorer=OSA.distance, score_cutoff=reach, limit=24
        ):
            if distance > 1 and choice[0] != word[0]:
                continue
            # Typing errors seldom affect the first letter, and often double or drop a vowel.
            cost = float(distance) + (0.4 if choice[0] != word[0] else 0.0)
            cost -= 0.3 if _skeleton(choice) == _skeleton(word) else 0.0
            nearest.append((cost, indices[position]))
        return nearest

    def _same_skeleton(self, word: str) -> list[tuple[float, int]]:
        """The same for words with the same consonants, as chats drop vowels ("prsyrtn"); none for words with vowels."""
        skeleton = _skeleton(word)
        if len(skeleton) < 4 or len(word) - len(skeleton) > len(word) // 3:
            return []
        return [(1.5 + abs(len(self._words[i]) - len(word)) * 0.05, i) for i in self._by_skeleton.get(skeleton, ())]

    def _best(self, candidates: Sequence[tuple[float, int]], counts: Array) -> str | None:
        """The candidate of least cost, less for frequent words; words without a visible document do not count."""
        ranks: list[tuple[float, str]] = []
        for cost, index in candidates:
            number = int(self._numbers[index])
            count = 1 if number < 0 else int(counts[number])
            if count:
                ranks.append((cost - 0.12 * float(np.log1p(count)), self._words[index]))
        return min(ranks)[1] if ranks else None


def _is_candidate(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()


def _skeleton(word: str) -> str:
    """The word without vowels after its first letter."""
    return word[0] + word[1:].translate(_VOWELS)


def split_in_two(word: str, is_known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Two known words written as one ("bikinpaspor"), or None."""
    if len(word) < 8 or not word.isalpha():
        return None
    for middle in range(3, len(word) - 2):
        first, second = word[:middle], word[middle:]
        if is_known(first) and is_known(second) and max(len(first), len(second)) >= 4:
            return first, second
    return None
