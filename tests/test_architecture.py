"""The invariants hold in the project."""

from __future__ import annotations

import re

from tests import invariants
from tests.invariants import ROOT

PORTAL = ROOT / "portal"


def test_imports_go_down_only() -> None:
    assert invariants.broken_layers(ROOT) == []
    assert invariants.imports_of_the_top(PORTAL) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert invariants.import_circles(ROOT) == []


def test_every_module_imports_alone() -> None:
    assert invariants.unimportable(ROOT) == []


def test_only_entry_points_know_the_request() -> None:
    assert invariants.web_outside_entry_points(PORTAL) == []


def test_pure_packages_say_what_they_take_and_give() -> None:
    assert invariants.untyped_signatures(PORTAL) == []


def test_no_package_is_too_large() -> None:
    assert invariants.large_packages(ROOT) == []


def test_the_old_vocabulary_stays_away() -> None:
    assert invariants.old_vocabulary(ROOT) == []


def test_no_clock_but_the_request_clock() -> None:
    assert invariants.clocks(PORTAL) == []


def test_no_file_is_too_long() -> None:
    assert invariants.long_files(ROOT) == []


def test_every_test_asserts_something() -> None:
    assert invariants.idle_tests(ROOT) == []


def test_no_test_lets_time_pass() -> None:
    assert invariants.waits(ROOT) == []


def test_no_office_city_or_amount_in_the_code() -> None:
    assert invariants.local_names(ROOT) == []


def test_no_module_without_a_subject() -> None:
    names = {path.stem for path in PORTAL.rglob("*.py")} | {path.name for path in PORTAL.iterdir()}
    assert names.isdisjoint({"utils", "util", "helpers", "services", "common", "misc"})


def test_every_package_says_what_it_is() -> None:
    for path in PORTAL.glob("*/__init__.py"):
        assert re.match(r'"""\S', path.read_text(encoding="utf-8")), f"{path} has no docstring"
