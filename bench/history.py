"""How long the history of a page takes on a repository of many commits, for docs/performance.md."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.content.sources.repository import ContentRepository

COMMITS, PAGES, ASKED, SHOWN = 10_000, 200, 40, 20
START = datetime(2020, 1, 1, tzinfo=UTC)


def fill(path: Path, commits: int) -> ContentRepository:
    """A repository in which every page changes in turn, indexed as the site keeps it."""
    repository = ContentRepository.create(path)
    command = ["git", "-C", str(path), "fast-import", "--quiet"]
    subprocess.run(command, input="".join(_stream(commits)).encode(), check=True)
    repository.index_history()
    return repository


def _stream(commits: int) -> Iterator[str]:
    for number in range(commits):
        at = int((START + timedelta(hours=number)).timestamp())
        yield f"commit refs/heads/main\ncommitter Maria <m@example.org> {at} +0000\n{_data(f'change {number}')}"
        pages = range(PAGES) if number == 0 else [number % PAGES]
        for page in pages:
            yield f"M 100644 inline faq/halaman-{page:03d}/id.md\n{_data(f'text {number}')}"


def _data(text: str) -> str:
    return f"data {len(text)}\n{text}\n"


def measure(repository: ContentRepository) -> dict[str, float]:
    """Milliseconds for the newest revisions of one page: median and worst of many pages, processor time of each."""
    times = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for number in range(ASKED):
        began = time.perf_counter()
        history = repository.history(f"faq/halaman-{number * 5 % PAGES:03d}", limit=SHOWN)
        times.append(1000 * (time.perf_counter() - began))
        assert len(history) == SHOWN
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / ASKED
    return {"p50": statistics.median(times), "worst": max(times), "processor": processor}


def main() -> None:
    """Measure and print."""
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else COMMITS
    with tempfile.TemporaryDirectory() as folder:
        repository = fill(Path(folder) / "content.git", commits)
        for name, milliseconds in measure(repository).items():
            print(f"{SHOWN} revisions at {commits} commits, {name}: {milliseconds:.1f} ms")
        repository.close()


if __name__ == "__main__":
    main()
