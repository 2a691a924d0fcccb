"""The table of docs/security.md: every chapter, plain states, and no proof that is not there."""

from __future__ import annotations

import re

from tests.invariants import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (V\d+[^|]*) \| ([^|]+) \| (.+) \|$", re.M)
STATES = {"met", "partly", "not met", "not applicable"}
_PATH = re.compile(
    r"`((?:portal|tests|docs|deploy|supply|requirements|bench)[\w./-]*\.\w+|requirements\.txt|pyproject\.toml)`"
)
_TEST = re.compile(r"`(test_\w+)`")


def test_every_chapter_of_the_standard_has_its_rows() -> None:
    chapters = {int(number) for group, _state, _why in ROW.findall(TEXT) for number in re.findall(r"V(\d+)", group)}
    assert chapters == set(range(1, 18))


def test_every_state_is_plain_and_shown_or_explained() -> None:
    rows = ROW.findall(TEXT)
    assert len(rows) > 60
    for group, state, why in rows:
        assert state.strip() in STATES, group
        if state == "met":
            assert _PATH.search(why) or "this page" in why or "there are none" in why, group
        else:
            assert len(why) > 20, group


def test_every_file_that_is_named_exists() -> None:
    named = set(_PATH.findall(TEXT))
    assert len(named) > 60
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_test_that_is_named_exists() -> None:
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }
    assert sorted(set(_TEST.findall(TEXT)) - written) == []
