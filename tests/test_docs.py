"""Documents tell the truth: every command, target and setting is in them, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from portal.content.markdown.compiler import EMBED
from tests import invariants
from tests.invariants import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATIONS = ROOT / "docs" / "operations.md"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
# Unfinished marks have no place in what a newcomer reads.
WORKSHOP = re.compile(r"\bTODO\b|\bFIXME\b|\bprototype", re.IGNORECASE)


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_every_setting_is_documented() -> None:
    assert invariants.undocumented(ROOT, invariants.settings_read(ROOT)) == []


def test_every_documented_setting_exists() -> None:
    message = set(re.findall(r"\bPORTAL_[A-Z_]+[A-Z]\b", "\n".join(path.read_text(encoding="utf-8") for path in PAGES)))
    tests = {"PORTAL_REQUIRE", "PORTAL_FULL"}
    assert message - invariants.settings_read(ROOT) - tests == set()


def test_every_command_is_documented(app: Flask) -> None:
    own = {f"flask {name}" for name in app.cli.commands if name not in ("run", "shell", "routes")}
    assert invariants.undocumented(ROOT, own) == []


def test_every_documented_command_exists(app: Flask) -> None:
    findall = re.findall(r"`flask ([a-z][a-z-]+)", "\n".join(path.read_text(encoding="utf-8") for path in PAGES))
    assert set(findall) - set(app.cli.commands) == set()


def test_every_target_is_documented_and_exists() -> None:
    targets = _targets() - {"help"}
    assert invariants.undocumented(ROOT, {f"make {name}" for name in targets}) == []
    message = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert set(re.findall(r"(?:`|^ +)make ([a-z][a-z-]*)", message, re.MULTILINE)) - _targets() == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link, picture in LINK.findall(page.read_text(encoding="utf-8")):
        target, _, anchor = (link or picture).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (page.parent / target) if target else page
        if not path.exists() or (anchor and anchor not in _anchors(path)):
            broken.append(link or picture)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_speak_of_the_project_alone(page: Path) -> None:
    results = [line for line in page.read_text(encoding="utf-8").splitlines() if WORKSHOP.search(EMBED.sub("", line))]
    assert results == []


def test_decisions_are_numbered_and_name_the_option_not_taken() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    # Features take numbers from ranges of their own, so that two never write the same one.
    numbers = [int(path.name[:4]) for path in decisions]
    assert len(set(numbers)) == len(numbers)
    silent = [path.name for path in decisions if "not taken" not in path.read_text(encoding="utf-8").lower()]
    assert silent == []


def test_changes_are_told_by_audience() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^### For (\w+)", text, re.MULTILINE)[:3] == ["visitors", "staff", "operators"]
