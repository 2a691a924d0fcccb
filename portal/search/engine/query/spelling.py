"""Spelling: a word that nobody writes becomes the word of the index that was meant; a real word is left alone."""

from __future__ import annotations

import gzip
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
    # One run of bytes instead of 45,000 objects: a search in it costs microseconds and is rare.
    return b"\n" + gzip.decompress(_REAL_WORDS.read_bytes()) + b"\n"


@lru_cache(maxsize=4096)
def is_real_word(word: str) -> bool:
    """Whether people commonly write this word in Indonesian or English, so that it must not be corrected."""
    return b"\n" + word.encode() + b"\n" in _real_words()


class Speller:
    """Corrects towards the words of one view and of the thesaurus."""

    def __init__(self, view: View, vocabulary: frozenset[str]) -> None:
        """Collect the words worth correcting to: letters only, four or more."""
        self._view = view
        numbers = {word: number for word, number in view.word_number.items() if _is_candidate(word)}
        extra = [word for word in vocabulary if _is_candidate(word) and word not in numbers]
        self._words = [*numbers, *sorted(extra)]
        self._numbers = np.array([*numbers.values(), *([-1] * len(extra))], dtype=np.int64)
        self._by_length: dict[int, list[int]] = {}
        self._by_bones: dict[str, list[int]] = {}
        for place, word in enumerate(self._words):
            self._by_length.setdefault(len(word), []).append(place)
            self._by_bones.setdefault(_bones(word), []).append(place)
        self._near = lru_cache(maxsize=2048)(self._nearest)

    def correction(self, word: str, counts: Array) -> str | None:
        """The word that was probably meant, or None. `counts` are the documents of each written word right now."""
        if len(word) < _SHORTEST or not word.isalpha() or len(word) > 30 or is_real_word(word):
            return None
        best = self._best(self._near(word), counts, floor=0)
        if best is None:
            best = self._best(self._same_bones(word), counts, floor=0)
        return best

    def completions(self, prefix: str, counts: Array, *, limit: int) -> list[str]:
        """The commonest words that begin with these letters."""
        from bisect import bisect_left

        words = self._view.words
        start = bisect_left(words, prefix)
        results = []
        while start < len(words) and words[start].startswith(prefix):
            if counts[start]:
                results.append((-int(counts[start]), words[start]))
            start += 1
        return [word for _, word in sorted(results)[:limit]]

    def _nearest(self, word: str) -> list[tuple[float, int]]:
        reach = 1 if len(word) < 7 else 2
        places = [
            place for n in range(len(word) - reach, len(word) + reach + 1) for place in self._by_length.get(n, ())
        ]
        choices = [self._words[place] for place in places]
        extract = process.extract(word, choices, scorer=OSA.distance, score_cutoff=reach, limit=24)
        listed = []
        for choice, distance, number in extract:
            if distance > 1 and choice[0] != word[0]:
                continue
            # A slip seldom touches the first letter, and often doubles or drops a vowel.
            cost = float(distance) + (0.4 if choice[0] != word[0] else 0.0)
            cost -= 0.3 if _bones(choice) == _bones(word) else 0.0
            listed.append((cost, places[number]))
        return listed

    def _same_bones(self, word: str) -> list[tuple[float, int]]:
        # Chat writing drops vowels: "prsyrtn". Only words with hardly a vowel are read that way.
        bones = _bones(word)
        if len(bones) < 4 or len(word) - len(bones) > len(word) // 3:
            return []
        return [(1.5 + abs(len(self._words[p]) - len(word)) * 0.05, p) for p in self._by_bones.get(bones, ())]

    def _best(self, near: Sequence[tuple[float, int]], counts: Array, *, floor: int) -> str | None:
        best: tuple[float, str] | None = None
        for cost, place in near:
            number = int(self._numbers[place])
            seen = 1 if number < 0 else int(counts[number])
            if seen <= floor:
                continue
            rank = (cost - 0.12 * float(np.log1p(seen)), self._words[place])
            if best is None or rank < best:
                best = rank
        return best[1] if best else None


def _is_candidate(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha()


def _bones(word: str) -> str:
    return word[0] + word[1:].translate(_VOWELS)


def split_in_two(word: str, is_known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Two known words written as one ("bikinpaspor"), or None."""
    if len(word) < 8 or not word.isalpha():
        return None
    for at in range(3, len(word) - 2):
        first, second = word[:at], word[at:]
        if is_known(first) and is_known(second) and max(len(first), len(second)) >= 4:
            return first, second
    return None
