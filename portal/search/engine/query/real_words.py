"""Makes `real_words.txt.gz`, the words that are never corrected: `python -m portal.search.engine.query.real_words`.

Needs the development package wordfreq, whose data is shared under CC BY-SA 4.0; see `real_words.LICENCE.md`.
"""

from __future__ import annotations

import gzip
from pathlib import Path

_LEAST_FREQUENCY = {"id": 3.0, "en": 3.0}
"""On wordfreq's Zipf scale; below it, typing errors outnumber words."""


def real_words() -> list[str]:
    """The words of both languages that people commonly write, in order."""
    from wordfreq import top_n_list, zipf_frequency

    words: set[str] = set()
    for language, least in _LEAST_FREQUENCY.items():
        for word in top_n_list(language, 60_000):
            if zipf_frequency(word, language) < least:
                break
            if len(word) >= 4 and word.isascii() and word.isalpha():
                words.add(word)
    return sorted(words)


if __name__ == "__main__":
    packed = gzip.compress("\n".join(real_words()).encode(), 9, mtime=0)
    Path(__file__).with_name("real_words.txt.gz").write_bytes(packed)
