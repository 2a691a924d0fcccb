"""`python -m bench.one_network`: what one client at 200 requests a second does to everybody else, without nginx.

For each family of dear pages a server of two workers answers a steady mix of readers, first alone, then beside one
client that asks for 200 different pages of the family a second from one network. Printed are the median and the 99th
percentile of the others, what became of the client's requests and the memory of the workers. Takes three minutes.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from bench.measure import table
from bench.servers import Server, granian
from bench.serving import environ_in
from portal.settings import PROJECT

ATTACKER, RATE = "203.0.113.9", 200
SECONDS, WARM_SECONDS, READERS_RATE = 15.0, 4.0, 40
# Every eighth page of the others is one that nobody has opened before.
FRESH_EVERY = 8
READ = ("/id/", "/en/", "/id/faq/", "/id/guidance/", "/id/schedules/", "/id/news/", "/en/permits/")
FIRST = date(2024, 1, 1)
GROUPS = ("", "?group=paspor", "?group=izin-tinggal", "?group=perbatasan", "?group=keliling", "?group=informasi")
PERMITS = sorted(path.name for path in (PROJECT / "content" / "permits").iterdir() if path.is_dir())


def day(number: int) -> date:
    """One of 1,200 days from FIRST on, in no order."""
    return FIRST + timedelta(days=number * 17 % 1200)


def month(number: int) -> str:
    """A month within reach, in a language and a group."""
    near = date.today() + timedelta(days=(number % 24 - 12) * 30)
    return f"/{'id' if number % 2 else 'en'}/schedules/month/{near:%Y-%m}{GROUPS[number // 48 % len(GROUPS)]}"


FAMILIES: dict[str, Callable[[int], str]] = {
    "one page from the cache, for comparison": lambda _number: "/id/faq/",
    "month views": month,
    "amounts of another day": lambda n: f"/id/permits/{PERMITS[n % len(PERMITS)]}?as_of={day(n)}",
    "search": lambda n: f"/id/search?q=paspor+{n}+hilang+{n * 7}",
    "calendar files": lambda n: f"/en/permits/stay.ics?permit=b1&arrival={date.today() + timedelta(days=n % 400)}",
    "finder": lambda n: f"/id/permits/finder?purpose=p{n}",
}


class Load:
    """Requests at a steady rate, each on a connection of its own, whatever the server does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.seconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    async def run(
        self, path_of: Callable[[int], str], address_of: Callable[[int], str], *, rate: float, seconds: float
    ) -> None:
        """Ask `rate` times a second for so long, and wait for the answers."""
        pending, begins = [], time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begins + number / rate - time.perf_counter()))
            pending.append(asyncio.create_task(self._ask(path_of(number), address_of(number))))
        await asyncio.wait(pending, timeout=30)

    async def _ask(self, path: str, address: str) -> None:
        began = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {address}\r\n"
            head += "Accept-Encoding: br\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            line = await reader.readline()
            await reader.read()
            writer.close()
            self.statuses[int(line.split()[1])] += 1
        except (OSError, IndexError, ValueError):
            self.statuses[0] += 1
        self.seconds.append(time.perf_counter() - began)

    def percentile(self, hundredth: int) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.seconds, n=100)[hundredth - 1] * 1000


def reader_page(number: int) -> str:
    """What the others open: pages that many open, and now and then a search of their own."""
    if number % FRESH_EVERY:
        return READ[number % len(READ)]
    return f"/id/search?q=syarat+{number}+anak"


def memory(server: Server) -> float:
    """Resident MiB of the largest worker."""
    sizes = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError):
            continue
        if int(fields["PPid"]) == server.pid and "VmRSS" in fields:
            sizes.append(int(fields["VmRSS"].split()[0]) / 1024)
    return max(sizes, default=0.0)


def attack(port: int, name: str) -> Counter[int]:
    """The client, in a process of its own, so that its work does not slow down how the others are measured."""
    client = Load(port)
    asyncio.run(client.run(FAMILIES[name], lambda _number: ATTACKER, rate=RATE, seconds=SECONDS))
    return client.statuses


def others(port: int, *, seconds: float = SECONDS) -> Load:
    """Everybody else, from 250 networks."""
    load = Load(port)
    asyncio.run(load.run(reader_page, lambda number: f"198.51.{number % 250}.7", rate=READERS_RATE, seconds=seconds))
    return load


def main(names: list[str]) -> int:
    """Measure the named families, or all of them, each on a server of its own."""
    rows = []
    for name in names or FAMILIES:
        with ProcessPoolExecutor(1) as processes, tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            environ = {**environ_in(Path(folder)), "PORTAL_TRUSTED_PROXIES": "1"}
            with granian("wsgi:app", environ=environ, workers=2, pinned=False) as server:
                others(server.port, seconds=WARM_SECONDS)
                alone, before = others(server.port), memory(server)
                client = processes.submit(attack, server.port, name)
                beside, statuses = others(server.port), client.result()
                factor = beside.percentile(99) / alone.percentile(99)
                answers = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
                rows.append(
                    [
                        name,
                        f"{alone.percentile(50):.1f} / {alone.percentile(99):.1f}",
                        f"{beside.percentile(50):.1f} / {beside.percentile(99):.1f}",
                        f"{factor:.1f}",
                        answers,
                        f"{before:.0f} to {memory(server):.0f} MiB",
                    ]
                )
                print(rows[-1], dict(beside.statuses), flush=True)
    head = [
        "family",
        "others alone, p50 / p99 ms",
        "beside the client",
        "p99 times",
        "the client got",
        "largest worker",
    ]
    print(table(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
