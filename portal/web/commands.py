"""What commands of every room share: `--json`, and the preparations that `flask init` runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
import msgspec
from flask import Flask

_PREPARATIONS = "portal.preparations"

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def answer(data: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print the object alone on standard output, or the text for people."""
    click.echo(msgspec.json.encode(data).decode() if as_json else text)


def add_preparation(app: Flask, name: str, run: Callable[[], str]) -> None:
    """Let `flask init` make something that the instance lacks.

    `run` gives one sentence on what it made, or "" when nothing was missing; it must bear being run again.
    """
    app.extensions.setdefault(_PREPARATIONS, {})[name] = run


def prepare(app: Flask) -> dict[str, str]:
    """Run every preparation in order; gives what each made, without those that made nothing."""
    steps: dict[str, Callable[[], str]] = app.extensions.get(_PREPARATIONS, {})
    with app.app_context():
        made = {name: run() for name, run in steps.items()}
    return {name: told for name, told in made.items() if told}
