"""docs/performance.md: each measuring command owns one section of it and leaves the others alone."""

from __future__ import annotations

import re

from portal.settings import PROJECT

PAGE = PROJECT / "docs" / "performance.md"


def write_section(name: str, text: str) -> None:
    """Replace the section of that name, or append it; the page is never seen half written.

    Called once per command, with the whole section: a measurement that fails leaves the page as it was.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    section = f"{begin}\n\n{text.strip()}\n\n{end}"
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    page = pattern.sub(lambda _: section, page) if pattern.search(page) else f"{page.rstrip()}\n\n{section}\n"
    unfinished = PAGE.with_suffix(".new")
    unfinished.write_text(page, encoding="utf-8")
    unfinished.replace(PAGE)
