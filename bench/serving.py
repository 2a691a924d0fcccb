"""`make bench`: measures serving and writes its section of docs/performance.md.

Without arguments everything is measured and written; with names of sections (`python -m bench.serving cached memory`)
only those are measured and printed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import freshness, peers, pressure
from bench.measure import WRK, machine, table, versions
from bench.report import write_section
from bench.servers import granian

GUIDE = "/id/guidance/panduan-hilang-rusak"
SCHEDULES = "/id/schedules/"
PAGES = (GUIDE, "/en/faq/paspor-hilang", "/id/")
WEIGHED = ("/id/", "/en/", GUIDE, "/id/faq/paspor-hilang", "/id/guidance/", "/id/faq/", "/id/news/")
DOCUMENTS = 2500
PACKAGES = ("granian", "Flask", "Jinja2", "Babel", "flask-babel", "Flask-Compress", "Django", "brotli")


def environ_in(folder: Path) -> dict[str, str]:
    """A production environment on an instance of its own."""
    return {
        "PORTAL_ENV": "production",
        "PORTAL_SECRET_KEY": "b" * 48,
        "PORTAL_BASE_URL": "http://127.0.0.1",
        "PORTAL_CONTENT": str(folder / "content.git"),
        "PORTAL_INSTANCE": str(folder / "instance"),
    }


def weights(folder: Path) -> str:
    """What the first view of a page weighs; styles and scripts are inside it."""
    rows = []
    with granian("bench.apps:ours_app", environ=environ_in(folder)) as server:
        for path in WEIGHED:
            for _ in range(2):
                status, headers, body = server.get(path, {"Accept-Encoding": "br"})
            if status == 200:
                plain = len(server.get(path, {"Accept-Encoding": "identity"})[2])
                gzip = len(server.get(path, {"Accept-Encoding": "gzip"})[2])
                rows.append([f"`{path}`", f"{plain:,}", f"{gzip:,}", f"{len(body):,}", headers["content-encoding"]])
    head = ["page", "bytes of HTML, styles and scripts", "gzip", "brotli", "sent as"]
    return f"{table(head, rows)}\n\nOne request to the first view; goal: at most 10,000 bytes."


SECTIONS: dict[str, tuple[str, Callable[[Path], str]]] = {
    "cached": ("A page from the cache", lambda folder: peers.cached_hit(environ_in(folder), page=GUIDE, folder=folder)),
    "uncached": ("A page that is rendered", lambda folder: peers.uncached(environ_in(folder), pages=list(PAGES))),
    "visible": (
        "Saved until visible",
        lambda folder: freshness.save_to_visible(environ_in(folder), folder=folder, sizes=(250, DOCUMENTS)),
    ),
    "stalled": ("Stalled senders", lambda folder: pressure.stalled_senders(environ_in(folder), page=GUIDE)),
    "storm": (
        "Expiry storm",
        lambda folder: pressure.expiry_storm(environ_in(folder), pages=(SCHEDULES, GUIDE), folder=folder),
    ),
    "killed": (
        "Application down",
        lambda folder: pressure.application_killed(environ_in(folder), page=GUIDE, folder=folder),
    ),
    "restart": ("Restart", lambda folder: freshness.restart(environ_in(folder), folder=folder, documents=DOCUMENTS)),
    "memory": ("Memory", lambda folder: freshness.memory(environ_in(folder), folder=folder, documents=DOCUMENTS)),
    "weights": ("Page weights", weights),
}
NEED_WRK = frozenset({"cached", "uncached", "storm", "killed"})
NEED_LINUX = frozenset({"cached", "uncached", "killed", "memory"})


def main(names: list[str]) -> int:
    """Measure the named sections, or all of them."""
    unknown = set(names) - set(SECTIONS)
    if unknown:
        print(f"No section named {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    head = f"{machine()}. {versions(PACKAGES)}. {datetime.now(UTC):%d %B %Y}."
    parts = ["## Serving", head]
    print(head, flush=True)
    for name in names or SECTIONS:
        title, measure = SECTIONS[name]
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            Path(folder).chmod(0o755)
            text = _missing(name) or measure(Path(folder))
        print(f"\n### {title}\n\n{text}", flush=True)
        parts += [f"### {title}", text]
        if not names:
            # After each part, so that a measurement that fails late loses nothing.
            write_section("serving", "\n\n".join(parts))
    return 0


def _missing(name: str) -> str:
    if name in NEED_LINUX and sys.platform != "linux":
        return "Not measured: CPU and memory are read from /proc, which only Linux has."
    if name in NEED_WRK and WRK is None:
        return "Not measured: wrk is missing."
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
