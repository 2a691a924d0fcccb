"""What happens under pressure: stalled senders, a page that expires under load, an application that is killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.measure import Load, table, tree, wrk
from bench.servers import Server, granian, nginx
from portal.settings import PROJECT

STALLED = 64
CROWD = 64
ROUNDS = 5
ASKED = 200
STORM_SECONDS = 10
HALF_A_REQUEST = {
    "headers that stop half way": b"GET /id/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "a form that stops half way": (
        b"POST /id/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 1000\r\n\r\nname="
    ),
}


def stalled_senders(environ: Mapping[str, str], *, page: str) -> str:
    """Ordinary readers beside clients that send half a request and then nothing."""
    rows = []
    with granian("bench.apps:ours_app", environ=environ) as server:
        server.get(page)
        for what, half in HALF_A_REQUEST.items():
            alone, beside, failed = [], [], 0
            for _ in range(ROUNDS):
                alone.append(_p50(server, page)[0])
                with _stalled(server, half):
                    median, missed = _p50(server, page)
                beside.append(median)
                failed += missed
            before, during = statistics.median(alone), statistics.median(beside)
            rows.append([what, f"{before:.2f}", f"{during:.2f}", f"**{during / before:.2f}×**", str(failed)])
    head = [f"{STALLED} clients send", "p50 without, ms", "p50 beside them, ms", "ratio", "failed"]
    return (
        f"Granian with one worker and nothing before it, {ASKED} requests for a cached page per round, "
        f"{ROUNDS} rounds:\n\n"
        f"{table(head, rows)}\n\nGoal: at most 1.2× and none fails."
    )


@contextmanager
def _stalled(server: Server, half: bytes) -> Iterator[None]:
    """Keep clients connected that have sent half a request."""
    with ExitStack() as open_sockets:
        for _ in range(STALLED):
            client = open_sockets.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            client.sendall(half)
        time.sleep(0.3)
        yield


def _p50(server: Server, page: str) -> tuple[float, int]:
    """The median of connections that are opened, asked and closed, in ms, and how many got no answer in 2 s."""
    times, failed = [], 0
    for _ in range(ASKED):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=2)
        began = time.perf_counter()
        try:
            connection.request("GET", page)
            failed += connection.getresponse().status != 200
        except (OSError, HTTPException):
            failed += 1
        times.append((time.perf_counter() - began) * 1000)
        connection.close()
    return statistics.median(times), failed


def expiry_storm(environ: Mapping[str, str], *, pages: Sequence[str], folder: Path) -> str:
    """Pages that expire once a second while a crowd asks for them: renders with and without the lock."""
    rows = []
    for page in pages:
        rows.append(["the page cache", f"`{page}`", *_fewer(*(_storm(environ, page, app) for app in LOCKS))])
        with granian("bench.apps:uncached_app", environ=environ) as server:
            loads = [_storm_behind(server, page, folder=folder, locks=locks) for locks in (True, False)]
        rows.append(["nginx, as in `deploy/`", f"`{page}`", *_fewer(*loads)])
    head = ["lock of", "page", "renders with it", "without", "fewer", "slowest hundredth, ms", "without, ms", "errors"]
    return (
        f"{CROWD} connections on one worker for {STORM_SECONDS} s. For the lock of the page cache the page is dropped "
        "every second; for nginx's the application keeps nothing and nginx keeps the page for one second:\n\n"
        f"{table(head, rows)}\n\n"
        "Goal: at least 30× fewer. The longer a page takes to make, the more readers stand before it at once; "
        "a page of a millisecond is there before they have gathered."
    )


LOCKS = ("ours_app", "without_lock_app")


def _storm(environ: Mapping[str, str], page: str, app: str) -> tuple[int, Load]:
    with granian(f"bench.apps:{app}", environ=environ) as server:
        server.get(page)
        start = _renders(server)
        stop = threading.Event()
        expiring = threading.Thread(target=_expire_each_second, args=(server, stop))
        expiring.start()
        load = _crowd(server, page)
        stop.set()
        expiring.join()
        return _renders(server) - start, load


def _storm_behind(server: Server, page: str, *, folder: Path, locks: bool) -> tuple[int, Load]:
    at = folder / f"{page.strip('/').replace('/', '-')}-{locks}"
    at.mkdir()
    # What the application says of time is left out, so that every second is a boundary.
    more = "proxy_ignore_headers Cache-Control X-Accel-Expires Vary; proxy_cache_valid 200 1s;"
    with _front(server, folder=at, page=page, more=more, locks=locks) as front:
        start = _renders(server)
        load = _crowd(front, page)
        return _renders(server) - start, load


def _crowd(server: Server, page: str) -> Load:
    return wrk(server.url(page), connections=CROWD, seconds=STORM_SECONDS, headers={"Accept-Encoding": "br"})


def _fewer(locked: tuple[int, Load], free: tuple[int, Load]) -> list[str]:
    return [
        str(locked[0]),
        str(free[0]),
        f"**{free[0] / max(locked[0], 1):.0f}×**",
        f"{locked[1].p99:.0f}",
        f"{free[1].p99:.0f}",
        f"{locked[1].errors} and {free[1].errors}",
    ]


def _renders(server: Server) -> int:
    item: int = json.loads(server.get("/bench/state")[2])["renders"]
    return item


def _expire_each_second(server: Server, stop: threading.Event) -> None:
    while not stop.wait(1):
        server.get("/bench/expire")


def application_killed(environ: Mapping[str, str], *, page: str, folder: Path) -> str:
    """A crowd on a page behind nginx, as deploy/ sets it up, while the application is killed and stays away."""
    with ExitStack() as running:
        server = running.enter_context(granian("bench.apps:ours_app", environ=environ))
        front = running.enter_context(_front(server, folder=folder, page=page))
        front.get(page, {"Accept-Encoding": "br"})
        family = tree(server.pid)
        threading.Timer(2, _kill, args=(family,)).start()
        load = wrk(front.url(page), connections=CROWD, seconds=STORM_SECONDS, headers={"Accept-Encoding": "br"})
        fresh = front.get("/id/never-asked-for-before")[0]
    return (
        f"Application killed after 2 of {STORM_SECONDS} s behind nginx as in `deploy/`, {CROWD} connections on a "
        f"cached page: **{load.errors} errors** in {load.requests:,} requests (goal: 0); a page that nobody had asked "
        f"for answers {fresh}."
    )


def _kill(family: list[int]) -> None:
    for pid in family:
        os.kill(pid, signal.SIGKILL)


def _front(
    server: Server, *, folder: Path, page: str, more: str = "", locks: bool = True
) -> AbstractContextManager[Server]:
    """nginx with the cache of deploy/nginx; limits per network, TLS and the socket file are left out."""
    deployed = (PROJECT / "deploy" / "nginx" / "portal.conf").read_text(encoding="utf-8")
    maps = "\n".join(part + "}" for part in deployed.split("}") if "map $http_" in part)
    maps = maps[maps.index("map $http_") :]
    cache = (PROJECT / "deploy" / "nginx" / "portal-cache.conf").read_text(encoding="utf-8")
    if more:
        cache = "\n".join(line for line in cache.splitlines() if not line.startswith("proxy_ignore_headers"))
    if not locks:
        together = ("proxy_cache_lock", "proxy_cache_background_update", "proxy_cache_use_stale")
        cache = "\n".join(line for line in cache.splitlines() if not line.startswith(together))
    config = f"""
    upstream portal {{ server 127.0.0.1:{server.port}; keepalive 32; }}
    proxy_cache_path {folder}/cache keys_zone=portal:16m max_size=512m inactive=7d use_temp_path=off;
    {maps}
    server {{
        listen 127.0.0.1:@PORT@;
        location / {{
            proxy_pass http://portal;
            {cache}
            {more}
        }}
    }}
    """
    return nginx(folder, config, path=page)
