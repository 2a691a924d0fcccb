"""Every action that any feature writes to the audit log has words in the desk's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from portal.accounts.views.log import action_words
from portal.web.languages import force_locale
from tests.conftest import AppFactory

PORTAL = Path(__file__).resolve().parents[2] / "portal"
RECORDS = ("record", "record_action", "_record")
HOST = "http://127.0.0.1"


def actions_of(package: Path) -> Iterator[str]:
    """The actions that the package's code names: whole ones, and those handed to a function that adds the prefix."""
    trees = [ast.parse(path.read_text()) for path in package.rglob("*.py")]
    prefixed: dict[str, tuple[str, int]] = {}
    for function in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args]
        for call in calls(function, *RECORDS):
            for argument in call.args[:2]:
                prefix = constants(argument.values[:1]) if isinstance(argument, ast.JoinedStr) else []
                if "action" in names and prefix and prefix[0].endswith("."):
                    prefixed[function.name] = (prefix[0], names.index("action"))
    for tree in trees:
        for call in calls(tree, *RECORDS):
            yield from (text for text in constants(call.args[:2]) if "." in text)
        for name, (prefix, at) in prefixed.items():
            yield from (prefix + text for call in calls(tree, name) for text in constants(call.args[at : at + 1]))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def constants(arguments: list[ast.expr]) -> list[str]:
    return [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_every_action_has_words_in_both_languages(make_app: AppFactory) -> None:
    app: Flask = make_app()
    packages = [path for path in PORTAL.iterdir() if path.is_dir()]
    actions = {action for package in packages for action in actions_of(package)}
    actions |= {action for feature in app.extensions["portal"].features for action in feature.audited}
    assert {"editing.send-back", "events.walk-in", "values.approve", "schedules.places"} <= actions
    with app.test_request_context(base_url=HOST):
        for language in ("id", "en"):
            with force_locale(language):
                assert [action for action in sorted(actions) if action_words(action) == action] == []
        with force_locale("id"):
            assert action_words("editing.send-back") == "mengembalikan draf"
            assert action_words("gone.action") == "gone.action"
