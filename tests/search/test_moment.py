"""What may not be seen yet, or any more, leaves no trace: not in results, counts, suggestions or corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.search.engine.query.searcher import Searcher
from tests.search.corpus import ENTRIES, NOW, entry, keys, searcher_of

LATER = NOW + 1000


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    coming = entry("coming", "Kuarantina zebra", "Quarantine of zebras", shows_from=LATER, topics=("secret",))
    going = entry("going", "Pengumuman jerapah", "Giraffe notice", shows_until=LATER)
    return searcher_of(tmp_path, (*ENTRIES, coming, going))


def test_results(searcher: Searcher) -> None:
    assert keys(searcher, "kuarantina zebra") == []
    assert keys(searcher, "kuarantina zebra", now=LATER) == ["faq/coming"]
    assert keys(searcher, "jerapah") == ["faq/going"]
    assert keys(searcher, "jerapah", now=LATER) == []


def test_the_very_moment_belongs_to_the_new_state(searcher: Searcher) -> None:
    assert keys(searcher, "zebra", now=LATER - 0.001) == []
    assert keys(searcher, "zebra", now=LATER) == ["faq/coming"]
    # And back again: one view serves every moment.
    assert keys(searcher, "zebra", now=NOW) == []


def test_counts_and_filters(searcher: Searcher) -> None:
    assert "topic:secret" not in searcher.find("zebra paspor", now=NOW).counts
    assert keys(searcher, "zebra paspor", tags=("topic:secret",)) == []
    assert searcher.find("zebra", now=LATER).counts["topic:secret"] == 1


def test_corrections(searcher: Searcher) -> None:
    assert not searcher.find("kuarantinna", now=NOW).is_corrected
    assert searcher.find("kuarantinna", now=LATER).plan.searched == "kuarantina"
    assert not searcher.find("jerapahh", now=LATER).is_corrected


def test_suggestions(searcher: Searcher) -> None:
    assert searcher.suggest("kuaran", now=NOW, most=5) == []
    assert len(searcher.suggest("kuaran", now=LATER, most=5)) == 1


def test_a_scheduled_version_takes_over(tmp_path: Path) -> None:
    old = entry("page", "Loket lama", "Old counter", shows_until=LATER)
    new = entry("page", "Loket anyar", "New counter", shows_from=LATER)
    searcher = searcher_of(tmp_path, (old, new))
    for now, title in ((NOW, "Loket lama"), (LATER, "Loket anyar")):
        (result,) = searcher.entries(searcher.find("loket", now=now).documents)
        assert result.title["id"] == title
