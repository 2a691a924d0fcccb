"""How soon a saved change is seen, how a restart goes, what memory holds, at the size of a grown site."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from bench.measure import resident_mib, table, tree
from bench.servers import Server, granian
from bench.trees import SOMEBODY, folder_of, path_of, repository_of, slug_of
from portal.content.generations import Generations

EDITS = 25
WATCHERS = 4
MIB = 1024 * 1024


def save_to_visible(environ: Mapping[str, str], *, folder: Path, sizes: tuple[int, ...]) -> str:
    """Commit one changed document and watch all workers until each shows it."""
    rows = []
    for size in sizes:
        files = folder_of(folder / f"files-{size}", size)
        repository = repository_of(folder / f"content-{size}.git", files)
        instance = folder / f"instance-{size}"
        settings = {**environ, "PORTAL_CONTENT": str(repository.path), "PORTAL_INSTANCE": str(instance)}
        with granian("bench.apps:ours_app", environ=settings, workers=2, pinned=False) as server:
            generations = Generations(instance / "generations")
            watchers = _watchers(server, workers=2)
            edits = [_edit(repository, generations, watchers, number=number) for number in range(EDITS + 3)][3:]
            for watcher in watchers:
                watcher.close()
        together_ms = [commit + visible for commit, visible in edits]
        rows.append(
            [
                f"{size:,}",
                f"{statistics.median(commit for commit, _ in edits):.1f}",
                f"{statistics.median(visible for _, visible in edits):.1f}",
                f"{statistics.median(together_ms):.1f}",
                f"{sorted(together_ms)[int(len(together_ms) * 0.95)]:.1f}",
            ]
        )
    head = ["documents", "commit", "then seen by all", "together, p50", "p95"]
    return (
        f"Milliseconds from the start of a commit until every worker (2) answers with the new text; {EDITS} edits, "
        f"each of another document, the page asked for by {WATCHERS} connections at once:\n\n{table(head, rows)}\n\n"
        "Goal: at most 50 ms in the median at 2,500 documents."
    )


def _edit(repository, generations: Generations, watchers: list[HTTPConnection], *, number: int):  # type: ignore[no-untyped-def]
    """Milliseconds of the commit, and from its end until every connection has seen it."""
    document = 5 * number + 1
    path, address = f"faq/{slug_of(document)}/id.md", path_of(document, "id")
    for watcher in watchers:
        _ask(watcher, address)
    head = repository.head()
    old = repository.read(head, path)
    mark = f"Kalimat nomor {time.monotonic_ns()}."
    began = time.perf_counter()
    repository.save(
        {path: old + f"\n\n{mark}\n".encode()}, author=SOMEBODY, message="Edit", at=datetime.now(UTC), expected=head
    )
    generations.bump_content()
    committed = time.perf_counter()
    # Each asks until it sees the change; the last one to see it counts.
    with ThreadPoolExecutor(len(watchers)) as together:
        list(together.map(lambda watcher: _until_seen(watcher, address, mark.encode()), watchers))
    return (committed - began) * 1000, (time.perf_counter() - committed) * 1000


def _until_seen(watcher: HTTPConnection, address: str, mark: bytes) -> None:
    while mark not in _ask(watcher, address):
        time.sleep(0.002)


def _watchers(server: Server, *, workers: int) -> list[HTTPConnection]:
    """Connections that reach every worker; a worker that starts more slowly than the first is waited for."""
    for _ in range(600):
        watchers = [HTTPConnection("127.0.0.1", server.port, timeout=60) for _ in range(WATCHERS)]
        if len({json.loads(_ask(watcher, "/bench/state"))["pid"] for watcher in watchers}) == workers:
            return watchers
        for watcher in watchers:
            watcher.close()
        time.sleep(0.1)
    raise RuntimeError(f"not every one of {workers} workers came up")


def _ask(connection: HTTPConnection, address: str) -> bytes:
    connection.request("GET", address, headers={"Accept-Encoding": "identity"})
    return connection.getresponse().read()


def restart(environ: Mapping[str, str], *, folder: Path, documents: int) -> str:
    """Read all content with nothing compiled, and again from what was compiled, each in a process of its own."""
    content = repository_of(folder / "content.git", folder_of(folder / "files", documents)).path
    settings = {**environ, "PORTAL_CONTENT": str(content), "PORTAL_INSTANCE": str(folder / "instance-restart")}
    cold = _read_seconds(settings)
    warm = statistics.median(_read_seconds(settings) for _ in range(5))
    return (
        f"Reading {documents:,} documents in two languages: {cold:.2f} s with nothing compiled, "
        f"{warm * 1000:.0f} ms from the compiled snapshot: **{cold / warm:.0f}×** (goal: at least 50×)."
    )


def _read_seconds(environ: Mapping[str, str]) -> float:
    script = """
import os, time
import portal
from portal.settings import from_environment
settings = from_environment(os.environ)
began = time.process_time()
live = portal.live_catalogue(settings)
print(time.process_time() - began, sum(len(live.current().all(kind)) for kind in live.current().kinds()))
"""
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
    return float(ran.stdout.split()[-2])


def memory(environ: Mapping[str, str], *, folder: Path, documents: int) -> str:
    """Ask one worker for every page of a grown site, then look at its cache and its memory."""
    content = repository_of(folder / "content.git", folder_of(folder / "files", documents)).path
    settings = {**environ, "PORTAL_CONTENT": str(content)}
    # As the supervisor and the units of deploy/ do: what a process needs to build is not what it needs to serve.
    init = [sys.executable, "-m", "flask", "--app", "wsgi", "init"]
    subprocess.run(init, env={**os.environ, **settings}, capture_output=True, check=True)
    with granian("bench.apps:ours_app", environ=settings) as server:
        before = resident_mib(_worker(server))
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        for number in range(documents):
            for language in ("id", "en"):
                _ask(connection, path_of(number, language))
        connection.close()
        # The best compression is made behind the answers.
        state = _state(server)
        while (later := _waited(server)) != state:
            state = later
        rss, pss = resident_mib(_worker(server))
    return (
        f"One worker with {documents:,} documents and {state['pages']:,} pages in its cache: cache "
        f"**{state['bytes'] / MIB:.1f} MiB** (goal: at most 80), worker **{rss:.0f} MiB** resident, {pss:.0f} MiB "
        f"proportional (goal: at most 220); before the first page {before[0]:.0f} MiB."
    )


def _worker(server: Server) -> int:
    return tree(server.pid)[-1]


def _state(server: Server) -> dict[str, int]:
    data: dict[str, int] = json.loads(server.get("/bench/state")[2])
    return data


def _waited(server: Server) -> dict[str, int]:
    time.sleep(5)
    return _state(server)
