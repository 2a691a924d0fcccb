"""The look holds what it promises: contrast in both schemes, a small weight, components that say what they take."""

from __future__ import annotations

import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.settings import PROJECT
from portal.web.rendering import assets

STATIC = PROJECT / "portal" / "static"
TEMPLATES = PROJECT / "portal" / "templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
SHARED_SHEETS_BUDGET = 4_500

TEXT_PAIRS = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink2", "paper"),
    ("ink2", "card"),
    ("ink2", "biru"),
    ("ink", "biru"),
    ("ink", "gold-soft"),
    ("ink", "red-soft"),
    ("link", "paper"),
    ("link", "card"),
    ("link", "biru"),
    ("link", "gold-soft"),
    ("gold", "gold-soft"),
    ("red", "red-soft"),
    ("red", "card"),
    ("red", "paper"),
    ("leaf", "leaf-soft"),
    ("on", "nila"),
    ("on2", "nila"),
    ("kunyit", "nila"),
    ("act-on", "act"),
    ("ink", "mark"),
]
BORDER_PAIRS = [("edge", "paper"), ("edge", "card"), ("red", "card"), ("act", "card")]


def _schemes() -> dict[str, dict[str, str]]:
    light, _media, dark = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media")
    results = [dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", text)) for text in (light, dark)]
    return {"light": results[0], "dark": results[0] | results[1]}


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_pair_has_a_contrast_of_seven(scheme: str) -> None:
    colours = _schemes()[scheme]
    weak = {(a, b): _contrast(colours[a], colours[b]) for a, b in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 7} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_controls_have_a_contrast_of_three(scheme: str) -> None:
    colours = _schemes()[scheme]
    weak = {(a, b): _contrast(colours[a], colours[b]) for a, b in BORDER_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_colours_are_named_in_one_place() -> None:
    """Other sheets take colours from the tokens, but for what must stay as it is on a fixed ground."""
    fixed = {"#fff", "#14202e", "#b9850f", "#981a1a", "#434e5b", "#0d1a2e", "#a8720d", "#6b4600", "#000"}
    for sheet in sorted((STATIC / "css").glob("*.css")):
        if sheet.name != "tokens.css":
            results = set(re.findall(r"#[0-9a-f]{3,8}\b", sheet.read_text(encoding="utf-8")))
            assert results <= fixed, f"{sheet.name} names {sorted(results - fixed)}; add a token instead"


def test_the_sheets_of_every_page_stay_small(app: Flask) -> None:
    with app.app_context():
        text = assets.css_text(assets.SHARED_SHEETS)
    assert len(brotli.compress(text.encode())) <= SHARED_SHEETS_BUDGET


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_what_it_takes_and_asks_nothing_else(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.startswith("{#"), "begins with a comment that documents its arguments"
    assert "macro " in source
    code = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    for name in ("request", "catalogue", "moment", "session"):
        assert not re.search(rf"\{{[{{%][^}}]*\b{name}[.(]", code), f"asks for {name}; give it plain data"


def test_every_component_is_used() -> None:
    imported: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        names = re.findall(r'from "components/([a-z_]+)\.html"', path.read_text(encoding="utf-8"))
        imported.update(name for name in names if name != path.stem)
    assert sorted({path.stem for path in COMPONENTS} - imported) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_component_page_is_sound(client: FlaskClient, language: str) -> None:
    response = client.get(f"/{language}/design")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"


def test_behaviours_are_found_by_their_names() -> None:
    """Each small script serves elements marked with its own name, so a page knows which to load."""
    for path in sorted((STATIC / "js").glob("*.js")):
        source = path.read_text(encoding="utf-8")
        if "data-behaviour" in source:
            assert re.search(rf'data-behaviour~?="{path.stem}"', source), path.name
