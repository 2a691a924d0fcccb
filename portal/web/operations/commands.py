"""What all commands share: `--json`, and the preparations that `flask init` runs."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Mapping
from typing import Any

import click
import msgspec
from flask import Flask

from portal.web.state import portal

_PREPARATIONS = "portal.preparations"
_MADE = "portal.made"

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def answer(data: Mapping[str, Any], *, as_json: bool, text: str) -> None:
    """Print the object alone on standard output, or the text for people."""
    click.echo(msgspec.json.encode(data).decode() if as_json else text)


def add_preparation(app: Flask, name: str, run: Callable[[], str]) -> None:
    """Let `flask init` make something that the instance lacks.

    `run` gives one sentence on what it made, or "" when nothing was missing; it must be idempotent.
    """
    app.extensions.setdefault(_PREPARATIONS, {})[name] = run


def prepare(app: Flask) -> dict[str, str]:
    """Make whatever the instance lacks, in the order of registration; gives what this process has made so far.

    One process at a time: several start together and each looks whether something is missing.
    """
    steps: dict[str, Callable[[], str]] = app.extensions.get(_PREPARATIONS, {})
    made: dict[str, str] = app.extensions.setdefault(_MADE, {})
    with app.app_context(), (portal().settings.instance / "prepare.lock").open("a") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        for name, run in steps.items():
            if sentence := run():
                made[name] = sentence
    return made
