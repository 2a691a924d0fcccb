"""The laws of the house hold in the project."""

from __future__ import annotations

import re

from tests import laws
from tests.laws import ROOT

PORTAL = ROOT / "portal"


def test_imports_go_down_only() -> None:
    assert laws.broken_layers(ROOT) == []
    assert laws.imports_of_the_top(PORTAL) == []


def test_every_module_imports_alone() -> None:
    assert laws.unimportable(ROOT) == []


def test_flask_stays_behind_its_doors() -> None:
    assert laws.flask_outside_doors(PORTAL) == []


def test_no_clock_but_the_moment() -> None:
    assert laws.clocks(PORTAL) == []


def test_no_file_is_too_long() -> None:
    assert laws.long_files(ROOT) == []


def test_every_test_asserts_something() -> None:
    assert laws.idle_tests(ROOT) == []


def test_no_test_lets_time_pass() -> None:
    assert laws.waits(ROOT) == []


def test_no_office_city_or_amount_in_the_code() -> None:
    assert laws.local_names(ROOT) == []


def test_no_room_without_a_subject() -> None:
    names = {path.stem for path in PORTAL.rglob("*.py")} | {path.name for path in PORTAL.iterdir()}
    assert names.isdisjoint({"utils", "util", "helpers", "services", "common", "misc"})


def test_every_room_tells_its_law() -> None:
    for path in PORTAL.glob("*/__init__.py"):
        assert re.match(r'"""\S', path.read_text(encoding="utf-8")), f"{path} has no docstring"
