"""What a page costs: from the cache against nginx and the plain stack, rendered against Flask-Babel and Django."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import brotli

from bench.measure import alternating, cpu_per_request, table
from bench.servers import Server, granian, nginx

ROUNDS = 5
SECONDS = 1
MANY = 32


def cached_hit(environ: Mapping[str, str], *, page: str, folder: Path) -> str:
    """A cached page against nginx with the same bytes as a file and against the stack without a page cache."""
    with ExitStack() as running:
        ours = running.enter_context(granian("bench.apps:ours_app", environ=environ))
        plain = running.enter_context(granian("bench.apps:plain_compressed_app", environ=environ))
        _await_best_compression(ours, page)
        static = running.enter_context(_static(ours, page, folder=folder))
        rows, against_nginx, against_plain = [], [], []
        for connections in (MANY, 1):
            hit, file, rendered = alternating(
                ROUNDS, *(_cost(server, page, connections) for server in (ours, static, plain))
            )
            rows.append([str(connections), f"{hit:.0f}", f"{file:.0f}", f"{rendered:.0f}"])
            against_nginx.append(f"{hit / file:.2f}×")
            against_plain.append(f"{rendered / hit:.0f}×")
    head = ["connections", "cached hit", "nginx, file.br", "plain Flask + Flask-Babel + Flask-Compress"]
    return (
        f"Microseconds of CPU per request for `{page}` in brotli "
        f"({ROUNDS} rounds of {SECONDS:g} s, one worker each):\n\n"
        f"{table(head, rows)}\n\n"
        f"- A cached hit costs {against_nginx[0]} what nginx costs at {MANY} connections (goal: at most 2×), "
        f"{against_nginx[1]} at one.\n"
        f"- It is {against_plain[0]} cheaper than the plain stack at {MANY} connections (goal: at least 100×), "
        f"{against_plain[1]} at one."
    )


def uncached(environ: Mapping[str, str], *, pages: list[str]) -> str:
    """The same pages rendered at every request by three stacks, without compression; their bytes must be equal."""
    rows = []
    with ExitStack() as running:
        servers = [
            running.enter_context(granian(f"bench.apps:{name}_app", environ=environ, path=pages[0]))
            for name in ("uncached", "plain", "django")
        ]
        bridge = _bridge_microseconds(environ, pages[0])
        for page in pages:
            bodies = [server.get(page, {"Accept-Encoding": "identity"})[2] for server in servers]
            _check_equal(page, bodies)
            ours, plain, django = alternating(ROUNDS, *(_cost(server, page, MANY) for server in servers))
            django -= bridge
            costs = (f"{value:,.0f}" for value in (ours, plain, django))
            ratios = (f"{value / ours:.2f}×" for value in (plain, django))
            rows.append([f"`{page}`", f"{len(bodies[0]):,}", *costs, *ratios])
    head = ["page", "bytes", "ours", "Flask-Babel", "Django + Jinja", "Flask-Babel / ours", "Django / ours"]
    return (
        f"Microseconds of CPU per request, {MANY} connections, {ROUNDS} rounds of {SECONDS:g} s, "
        "granian with one worker for all, no page cache, no compression, "
        "byte-identical pages from the same views and templates:\n\n"
        f"{table(head, rows)}\n\n"
        "Goals: Flask-Babel at least 2.5×, Django + Jinja at least 2×. Django's views call the portal's own; the Flask "
        f"context that this needs ({bridge:.0f} µs, measured empty) is taken off its figure."
    )


def _check_equal(page: str, bodies: list[bytes]) -> None:
    """RuntimeError with the first differing place unless every stack gave the same bytes."""
    for body in bodies[1:]:
        if body != bodies[0]:
            pairs = enumerate(zip(body, bodies[0], strict=False))
            at = next((index for index, (one, other) in pairs if one != other), min(len(body), len(bodies[0])))
            excerpts = [each[max(at - 40, 0) : at + 40].decode(errors="replace") for each in (bodies[0], body)]
            raise RuntimeError(f"{page} is not the same page on every stack, from byte {at} on: {excerpts}")


def _cost(server: Server, page: str, connections: int) -> Callable[[], float]:
    return lambda: cpu_per_request(server.pid, server.url(page), connections=connections, seconds=SECONDS)


def _await_best_compression(server: Server, page: str) -> None:
    """Ask until the page is there in its best compression, which is made behind the first answer."""
    first = len(server.get(page, {"Accept-Encoding": "br"})[2])
    deadline = time.monotonic() + 10
    while len(server.get(page, {"Accept-Encoding": "br"})[2]) >= first and time.monotonic() < deadline:
        time.sleep(0.1)


def _static(ours: Server, page: str, *, folder: Path) -> AbstractContextManager[Server]:
    root = folder / "static"
    root.mkdir()
    body = ours.get(page, {"Accept-Encoding": "br"})[2]
    (root / "page.html").write_bytes(brotli.decompress(body))
    (root / "page.html.br").write_bytes(body)
    config = f"""
    server {{
        listen 127.0.0.1:@PORT@ reuseport;
        root {root};
        default_type text/html;
        location / {{ brotli_static on; try_files /page.html =404; }}
    }}
    """
    return nginx(folder, config, path="/")


def _bridge_microseconds(environ: Mapping[str, str], page: str) -> float:
    """CPU of one Flask request context with the portal's steps before a view and no view."""
    script = f"""
import time
from bench import apps
from werkzeug.test import EnvironBuilder
app = apps.uncached()
environ = EnvironBuilder(path={page!r}).get_environ()
def once():
    with app.request_context(dict(environ)):
        app.preprocess_request()
for _ in range(200): once()
rounds = []
for _ in range(7):
    began = time.process_time()
    for _ in range(300): once()
    rounds.append((time.process_time() - began) / 300 * 1e6)
print(sorted(rounds)[3])
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environ}, capture_output=True, text=True, check=True
    )
    return float(ran.stdout.split()[-1])
