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
from bench.servers import BROTLI_MODULE, NGINX, Server, granian, nginx

ROUNDS = 5
SECONDS = 1
MANY = 32


def cached_hit(environ: Mapping[str, str], *, page: str, folder: Path) -> str:
    """A cached page against nginx with the same bytes as a file and against the stack without a page cache."""
    with ExitStack() as running:
        ours = running.enter_context(granian("bench.apps:ours_app", environ=environ))
        plain = running.enter_context(granian("bench.apps:plain_compressed_app", environ=environ))
        servers: dict[str, Server] = {"ours": ours, "plain": plain}
        _settle(ours, page)
        if NGINX and BROTLI_MODULE.exists():
            servers["nginx"] = running.enter_context(_static(ours, page, folder=folder))
        rows, ratios = [], []
        for connections in (MANY, 1):
            names = list(servers)
            values = alternating(ROUNDS, *(_cost(servers[name], page, connections) for name in names))
            cost = dict(zip(names, values, strict=True))
            rows.append(
                [str(connections), *(f"{cost[name]:.0f}" if name in cost else "not measured" for name in SHOWN)]
            )
            if "nginx" in cost:
                ratios.append(f"{cost['ours'] / cost['nginx']:.2f}×")
            else:
                ratios.append("not measured: nginx or its brotli module is missing")
            ratios.append(f"{cost['plain'] / cost['ours']:.0f}×")
    head = ["connections", "cached hit", "nginx, file.br", "plain Flask + Flask-Babel + Flask-Compress"]
    return (
        f"Microseconds of CPU per request for `{page}` in brotli "
        f"({ROUNDS} rounds of {SECONDS:g} s, one worker each):\n\n"
        f"{table(head, rows)}\n\n"
        f"- A cached hit costs {ratios[0]} what nginx costs at {MANY} connections (goal: at most 2×), "
        f"{ratios[2]} at one.\n"
        f"- It is {ratios[1]} cheaper than the plain stack at {MANY} connections (goal: at least 100×), "
        f"{ratios[3]} at one."
    )


SHOWN = ("ours", "nginx", "plain")


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
            if len(set(bodies)) > 1:
                raise RuntimeError(
                    f"{page} is not the same page on every stack: {[len(body) for body in bodies]} bytes"
                )
            own, plain, django = alternating(ROUNDS, *(_cost(server, page, MANY) for server in servers))
            django -= bridge
            costs = (f"{value:,.0f}" for value in (own, plain, django))
            ratios = (f"{value / own:.2f}×" for value in (plain, django))
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


def _cost(server: Server, page: str, connections: int) -> Callable[[], float]:
    return lambda: cpu_per_request(server.pid, server.url(page), connections=connections, seconds=SECONDS)


def _settle(server: Server, page: str) -> None:
    """Ask until the page is there in its best compression, which is made behind the first answer."""
    seen = 0
    for _ in range(100):
        size = len(server.get(page, {"Accept-Encoding": "br"})[2])
        if seen and size < seen:
            return
        seen = seen or size
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
