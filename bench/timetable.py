"""`python -m bench.timetable`: 100 services with five years of rules; status at an instant, and a month's page.

Writes its section of docs/performance.md.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from bench.measure import machine, table
from bench.report import write_section
from portal import create_app
from portal.schedules.directory import Service
from portal.schedules.views.queries import service_directory
from portal.settings import PROJECT, Settings
from portal.web.operations.commands import prepare

SERVICES, YEARS, ROUNDS = 100, 5, 5
INSTANTS = 2000
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
CONTENT = PROJECT / "content"


def content_of(folder: Path) -> Path:
    """The project's content with 100 services instead of its own, each with five years of every layer."""
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns("schedules", "faq", "news", "guidance", "events"))
    mix = random.Random(20261124)
    for number in range(SERVICES):
        target = folder / "schedules" / f"layanan-{number:03d}"
        target.mkdir(parents=True)
        (target / "facts.yaml").write_text(yaml.safe_dump(_facts(number, mix), sort_keys=False), encoding="utf-8")
        for language in ("id", "en"):
            words = f"---\ntitle: Layanan {number}\nsummary: Uji.\n---\nIsi.\n"
            (target / f"{language}.md").write_text(words, encoding="utf-8")
    return folder


def _facts(number: int, mix: random.Random) -> dict[str, Any]:
    days = sorted(mix.sample(range(YEARS * 365), 5 * 20))
    exceptions = [
        {"date": _day(day), "closed": True} if day % 2 else {"date": _day(day), "hours": ["09:00-11:00"]}
        for day in days
    ]
    seasons = [
        {
            "name": {"id": "Musim"},
            "from": _day(365 * n + 40),
            "to": _day(365 * n + 70),
            "weekly": {"mon-fri": ["08:00-14:00"]},
        }
        for n in range(YEARS)
    ]
    sessions = [
        {
            "id": f"seri-{n}",
            "place": "kantor-kupang",
            "hours": "15:30-17:00",
            "rule": {
                "every": "week",
                "weekdays": [("mon", "tue", "wed")[n]],
                "from": _day(0),
                "until": _day(YEARS * 365),
            },
            "state": "confirmed",
        }
        for n in range(number % 3)
    ]
    weekly = {"mon-thu": ["08:00-12:00", "13:00-15:00 last 14:30"], "fri": ["08:00-11:30", "13:00-15:00"]}
    return {
        "status": "published",
        "group": "paspor",
        "place": "kantor-kupang",
        "hours": {"weekly": weekly, "seasons": seasons, "exceptions": exceptions},
        "sessions": sessions,
    }


def _day(number: int) -> str:
    return f"{FIRST + timedelta(days=number):%Y-%m-%d}"


def application(folder: Path) -> Flask:
    """The site on that content, its clock on a day in the middle of the five years."""
    settings = Settings(
        environment="test",
        instance=folder / "instance",
        content=str(content_of(folder / "content")),
        secret_key="b" * 48,
        database_url=f"sqlite:///{folder / 'bench.sqlite3'}",
        base_url="http://localhost",
        mail="memory",
        clock=datetime(2026, 12, 10, 2, 0, tzinfo=UTC),
    )
    app = create_app(settings)
    prepare(app)
    return app


def statuses(services: tuple[Service, ...]) -> list[list[str]]:
    """Microseconds per answer at random instants of the five years: all days new, then all days seen."""
    mix = random.Random(7)
    asked = [
        (mix.choice(services).timetable, FIRST + timedelta(seconds=mix.randrange(YEARS * 365 * 86400)))
        for _ in range(INSTANTS)
    ]
    rows = []
    questions: dict[str, Callable[..., Any]] = {
        "status_at": lambda timetable, at: timetable.status_at(at),
        "next_change": lambda timetable, at: timetable.next_change(at),
        "next_opening": lambda timetable, at: timetable.next_opening(at),
    }
    for name, ask in questions.items():
        new, seen = [], []
        for _ in range(ROUNDS):
            for service in services:
                service.timetable._days.clear()
            new.append(_each(ask, asked))
            seen.append(_each(ask, asked))
        typical = [statistics.median(statistics.median(times) for times in kind) for kind in (new, seen)]
        worst = [statistics.median(_percentile(times) for times in kind) for kind in (new, seen)]
        rows.append([f"`{name}`", *(f"{value * 1e6:,.0f}" for value in (typical[0], worst[0], typical[1], worst[1]))])
    return rows


def _each(ask: Callable[..., Any], asked: list[tuple[Any, datetime]]) -> list[float]:
    times = []
    for timetable, at in asked:
        start = time.thread_time()
        ask(timetable, at)
        times.append(time.thread_time() - start)
    return times


def _percentile(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def pages(app: Flask) -> list[list[str]]:
    """Milliseconds to make a page that is in no cache, the median of rounds after one that compiles templates."""
    rows = []
    client = app.test_client()
    for path in ("month/2026-12", "week/2026-W50", "calendar.ics"):
        times = []
        for _ in range(ROUNDS + 1):
            app.extensions["portal"].page_cache.pages.clear()
            start = time.thread_time()
            response = client.get(f"/id/schedules/{path}")
            times.append(time.thread_time() - start)
            assert response.status_code == 200, path
        rows.append([f"`{path}`", f"{times[0] * 1e3:,.0f}", f"{statistics.median(times[1:]) * 1e3:,.1f}"])
    return rows


def report() -> str:
    """The section as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder))
        with app.test_request_context("/id/schedules/"):
            services = service_directory().services
        assert len(services) == SERVICES
        answers = table(["µs of CPU", "new day, p50", "p99", "seen day, p50", "p99"], statuses(services))
        page_times = table(["ms of CPU of the request, uncached", "first", "median"], pages(app))
    message = (
        f"{SERVICES} services, each with {YEARS} years of weekly hours, seasons, 100 exceptions, holidays and up to "
        f"two weekly series; {INSTANTS:,} random instants. Goals: `status_at` below 1,000 µs, a month's page "
        "below 50 ms."
    )
    return f"## Schedules\n\n{message}\n\n{machine()}\n\n{answers}\n\n{page_times}"


if __name__ == "__main__":
    text = report()
    sys.stdout.write(text + "\n")
    if "--write" in sys.argv:
        write_section("schedules", text)
