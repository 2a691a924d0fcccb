"""Adds Tetum to a copy of the project: a record, a catalogue, words; then crawls the copy and prints what is wrong.

Run by test_third_language.py in a process of its own, with the copy as its working directory.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RECORD = '''"""Tetum."""

from __future__ import annotations

from portal.languages.record import Language, counted

TETUM = Language(
    code="tet",
    locale="pt_TL",
    money="Rp {amount}",
    clock="HH:mm",
    day_and_clock="{day}, tuku {clock}",
    stop_words=frozenset({"ho", "iha", "no", "mak"}),
    numerals=counted("ida rua tolu haat lima neen hitu ualu sia sanulu"),
)
'''


def add_language(root: Path) -> None:
    """Write the record, register it, and add a catalogue and the words of one page and of the site."""
    (root / "portal/languages/tetum.py").write_text(RECORD, encoding="utf-8")
    registry = root / "portal/languages/registry.py"
    text = registry.read_text(encoding="utf-8")
    text = text.replace(
        "from portal.languages.record import Language\n",
        "from portal.languages.record import Language\nfrom portal.languages.tetum import TETUM\n",
    )
    registry.write_text(text.replace("(INDONESIAN, ENGLISH)", "(INDONESIAN, ENGLISH, TETUM)"), encoding="utf-8")
    catalogue = root / "translations/tet/LC_MESSAGES"
    catalogue.mkdir(parents=True)
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Search"\nmsgstr "Buka"\n'
    (catalogue / "messages.po").write_text(words, encoding="utf-8")
    _compile(catalogue)
    site = root / "content/site.yaml"
    english = "  - {code: en, name: English, territory: GB}\n"
    added = english + "  - {code: tet, name: Tetun, territory: TL}\n"
    site.write_text(site.read_text(encoding="utf-8").replace(english, added), encoding="utf-8")
    page = root / "content/faq/kartu-hilang"
    original = (page / "en.md").read_text(encoding="utf-8")
    translated = original.replace("My card is lost. What should I do?", "Ha'u-nia kartaun lakon. Halo saida?")
    (page / "tet.md").write_text(translated, encoding="utf-8")


def _compile(catalogue: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (catalogue / "messages.po").open("rb") as source, (catalogue / "messages.mo").open("wb") as target:
        write_mo(target, read_po(source))


def faults(root: Path) -> list[str]:
    """What a crawl of the copy finds wrong: dead links, invalid pages, a missing language."""
    from tests.client import defects
    from tests.conftest import AppFactory
    from tests.crawler import Crawl

    app = AppFactory(root / "instances")(content=root / "content")
    crawl = Crawl(app, ["/tet/", "/tet/search?q=kartaun"])
    wrong = [*crawl.dead_links(), *crawl.dead_anchors()]
    pages = {page.path: page for page in crawl.pages()}
    wrong += [f"{path}: {defect}" for path, page in pages.items() for defect in defects(page.body.decode(), path=path)]
    page = pages.get("/tet/faq/kartu-hilang")
    if page is None or b"kartaun lakon" not in page.body or b'lang="tet"' not in page.body:
        wrong.append("/tet/faq/kartu-hilang does not show its words")
    if b"/tet/faq/kartu-hilang" not in pages["/tet/search?q=kartaun"].body:
        wrong.append("the search does not find the page by its words")
    if not any(re.search(rb"<h1>Buka", page.body) for page in pages.values()):
        wrong.append("no page shows a message of the catalogue")
    return wrong


if __name__ == "__main__":
    add_language(Path.cwd())
    print("\n".join(faults(Path.cwd())))
    sys.exit(0)
