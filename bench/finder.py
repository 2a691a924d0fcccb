"""`python -m bench.finder`: an answer in the domain, the proof of the table, and an uncached page.

Writes its section of docs/performance.md.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import cycle, product
from pathlib import Path

from flask import Flask

from bench.measure import machine, table
from bench.report import write_section
from portal import create_app
from portal.permits.countries import iso_codes
from portal.permits.finder.evaluation import Situation, answer
from portal.permits.finder.loading import table_of
from portal.permits.finder.proving.proof import prove
from portal.settings import PROJECT, Settings
from portal.web.operations.commands import prepare
from portal.web.state import portal

DAY = date(2026, 11, 24)
ANSWERS, PAGES, PROOFS = 5000, 300, 5
LABELS = {
    "answer": "answer in the domain, neighbours in time included",
    "proof": "proof of the whole table",
    "page": "page of an answer, made anew each time",
}
GOALS = {"answer": 2.0, "page": 30.0, "proof": 10_000.0}


def main() -> None:
    """Measure, print the table and keep it in the page of figures."""
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        with app.app_context():
            rules = table_of(portal().live.current())
        situations = cycle(_situations(rules.questions["purpose"].values))
        rows = [_row("answer", _times(lambda: answer(rules, next(situations), DAY), ANSWERS))]
        rows.append(_row("proof", _times(lambda: prove(rules), PROOFS)))
        client = app.test_client()
        paths = cycle(_paths(rules.questions["purpose"].values))
        for _ in range(20):
            client.get(next(paths))
        rows.append(_row("page", _times(lambda: client.get(next(paths)), PAGES)))
    lines = table(["what", "median ms", "95th percentile ms", "goal ms"], rows)
    print(lines)
    write_section("finder", f"## Permit finder\n\n{machine()}\n\n{lines}")


def _app(folder: Path) -> Flask:
    settings = Settings(
        instance=folder,
        content=str(PROJECT / "content"),
        database_url=f"sqlite:///{folder / 'portal.sqlite3'}",
        environment="test",
        secret_key="k" * 40,
        mail="memory",
        base_url="http://localhost",
    )
    app = create_app(settings)
    prepare(app)
    return app


def _situations(purposes: tuple[str, ...]) -> Iterator[Situation]:
    for code, purpose, stay in product(iso_codes(), purposes[::7], (10, 45, 400)):
        yield Situation(location="abroad", nationality=code, purpose=purpose, stay=stay)


def _paths(purposes: tuple[str, ...]) -> Iterator[str]:
    for language, code, purpose in product(("en", "id"), iso_codes(), purposes[::5]):
        yield f"/{language}/permits/finder?nationality={code}&location=abroad&purpose={purpose}&stay=20"


def _times(run: Callable[[], object], times: int) -> list[float]:
    results = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        results.append((time.perf_counter() - started) * 1000)
    return sorted(results)


def _row(name: str, times: list[float]) -> list[str]:
    high = times[min(len(times) - 1, int(len(times) * 0.95))]
    return [LABELS[name], f"{statistics.median(times):.2f}", f"{high:.2f}", f"{GOALS[name]:.0f}"]


if __name__ == "__main__":
    main()
