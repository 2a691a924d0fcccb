"""One searcher shared by many threads gives each the answers that it gives alone."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.search.engine.query.searcher import Searcher
from tests.conftest import FULL
from tests.search.corpus import NOW, by_chance, queries_by_chance, searcher_of

THREADS = 8
SEARCHES = 1000 if FULL else 100


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns ten thousand times a second, so that what is shared collides."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


def answer(searcher: Searcher, text: str) -> tuple[object, ...]:
    result = searcher.find(text, now=NOW)
    entries = searcher.entries(result.documents[:5])
    return result.tier, [(parts.document, parts.final) for parts in result.documents], [one.key for one in entries]


@pytest.mark.usefixtures("impatient")
def test_no_thread_is_given_another_ones_answer(tmp_path: Path) -> None:
    searcher = searcher_of(tmp_path, by_chance(120, seed=11))
    texts = queries_by_chance(SEARCHES, seed=12)
    expected = {text: answer(searcher, text) for text in texts}
    wrong: list[str] = []

    def search(offset: int) -> None:
        for at in range(SEARCHES):
            text = texts[(at + offset) % len(texts)]
            try:
                if answer(searcher, text) != expected[text]:
                    wrong.append(text)
            except Exception as error:
                wrong.append(f"{text}: {error!r}")

    threads = [threading.Thread(target=search, args=(number * 7,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
