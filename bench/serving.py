"""`make bench`: measures serving and writes its section of docs/performance.md.

Without arguments everything is measured and, once all of it is, written; with names of parts
(`python -m bench.serving cached memory`) only those are measured and printed. Takes about ten minutes and wants a
machine that does nothing else.
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import freshness, peers, pressure
from bench.measure import machine, table, versions
from bench.programs import missing_programs
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
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
        "PORTAL_BASE_URL": "http://127.0.0.1",
        "PORTAL_ALLOW_HTTP": "1",
        "PORTAL_MAIL": "smtp",
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


PARTS: dict[str, tuple[str, Callable[[Path], str]]] = {
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


def main(names: list[str]) -> int:
    """Measure the named parts, or all of them."""
    unknown = set(names) - set(PARTS)
    if unknown:
        print(f"No part named {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    if missing := missing_programs():
        print(missing, file=sys.stderr)
        return 2
    introduction = f"{machine()}. {versions(PACKAGES)}. {datetime.now(UTC):%d %B %Y}."
    paragraphs = ["## Serving", introduction]
    print(introduction, flush=True)
    for name in names or PARTS:
        title, measure = PARTS[name]
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            Path(folder).chmod(0o755)
            text = measure(Path(folder))
        print(f"\n### {title}\n\n{text}", flush=True)
        paragraphs += [f"### {title}", text]
    if not names:
        write_section("serving", "\n\n".join(paragraphs))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
