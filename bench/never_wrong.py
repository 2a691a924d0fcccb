"""`make bench-never-wrong`: the full count of the page cache's invariant, written into docs/performance.md.

The invariant is held by `tests/web/test_page_cache_is_never_wrong.py`, of which every test run does a smaller count.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime

from bench.measure import machine
from bench.report import write_section

TEST = "tests/web/test_page_cache_is_never_wrong.py"
COUNTED = re.compile(r"(\d+) checks, renders (\d+), with a TTL of 60 s (\d+)")


def main() -> int:
    """Run the full count; what it printed is written down only when no answer was wrong."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", TEST]
    ran = subprocess.run(command, env={**os.environ, "PORTAL_FULL": "1"}, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(ran.stdout[-4000:], file=sys.stderr)
        return 1
    write_section("never-wrong", section_of(ran.stdout))
    return 0


def section_of(output: str) -> str:
    """The section on what the test printed; ValueError when it printed no counts."""
    match = COUNTED.search(output)
    if match is None:
        raise ValueError(f"{TEST} printed no counts")
    checks, renders, with_ttl = map(int, match.groups())
    return (
        "## Never wrong\n\n"
        f"{machine()}. {datetime.now(UTC):%d %B %Y}.\n\n"
        f"Five pages asked at {checks // 5:,} instants of 30 days, every boundary of time and a millisecond on either "
        f"side of it among them, with 200 edits between: **{checks:,} answers of the page cache, 0 of them different "
        f"from a fresh render** (goal: 0 of 60,000), with {renders:,} renders. Kept for 60 seconds instead, the same "
        f"pages would have been rendered {with_ttl:,} times: **{with_ttl / renders:.0f}×** as often (goal: at least "
        "50×)."
    )


if __name__ == "__main__":
    sys.exit(main())
