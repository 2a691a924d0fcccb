"""docs/performance.md: each measuring command owns one section of it and leaves the others alone."""

from __future__ import annotations

import re

from portal.settings import PROJECT

PAGE = PROJECT / "docs" / "performance.md"
HEAD = """# Performance

Written by `make bench`, `make bench-search` and `make bench-never-wrong`. How to read it: the machine is named above
each table; both sides of a ratio ran in the same minutes, in turn, and each figure is the median of its rounds. Ratios
travel to other machines, microseconds do not.
"""


def write_section(name: str, text: str) -> None:
    """Put the text in the place of the section of that name, or at the end of the page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else HEAD
    result = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page = result.sub(lambda _: section, page) if result.search(page) else f"{page.rstrip()}\n\n{section}\n"
    PAGE.write_text(page, encoding="utf-8")
