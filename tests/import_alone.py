"""Imports every module of a package as the first of it, in forked processes, and prints what failed.

A module that takes part in a ring of imports is tried in a process that has at most the packages around it, which
Python imports before it in any case. Any other is tried in a process that has one of its own imports already: that one
cannot need the module, so nothing is lent to it which it would not have fetched itself, and a module is executed a few
times instead of hundreds.

A script of its own, because the process of the tests has long imported the package.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType

Graph = dict[str, set[str]]


def main(package: Path) -> None:
    trees = {_name_of(path, package): ast.parse(path.read_text(encoding="utf-8")) for path in _modules(package)}
    _load_libraries(trees, package.name)
    gc.freeze()
    below = _below(trees, package.name)
    reached = {name: _reached(name, below) for name in below}
    following: dict[str, list[str]] = defaultdict(list)
    for name in sorted(trees):
        around = name.rpartition(".")[0]
        first = "" if around == package.name else around
        if name not in reached[name]:
            first = max(sorted(reached[name]), key=lambda one: len(reached[one]), default=first)
        following[first].append(name)
    for name in following[""]:
        _try(name, following, package)


def _try(name: str, following: dict[str, list[str]], package: Path) -> None:
    """Import the module in a process of its own, and there whatever stands on it."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        if name != package.name and package.name not in sys.modules:
            _without_factory(package)
        importlib.import_module(name)
    except BaseException:
        sys.stdout.write(f"{name}: {traceback.format_exc(limit=-1).splitlines()[-1]}\n")
        sys.stdout.flush()
    for other in following[name]:
        _try(other, following, package)
    os._exit(0)


def _modules(package: Path) -> Iterator[Path]:
    return (path for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts)


def _name_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _below(trees: dict[str, ast.Module], top: str) -> Graph:
    """What each module imports of the package, the packages around it included, the factory left out."""
    below: Graph = {}
    for name, tree in trees.items():
        named = {name.rpartition(".")[0]}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        above = {".".join(one.split(".")[:depth]) for one in named for depth in range(1, one.count(".") + 2)}
        below[name] = above & trees.keys() - {top}
    return below


def _reached(name: str, below: Graph) -> set[str]:
    item: set[str] = set()
    pending = list(below[name])
    while pending:
        one = pending.pop()
        if one not in item:
            item.add(one)
            pending += below[one]
    return item


def _without_factory(package: Path) -> None:
    """Stand an empty package in the place of the factory, which would import the whole house before the module."""
    empty = ModuleType(package.name)
    empty.__path__ = [str(package)]
    sys.modules[package.name] = empty


def _load_libraries(trees: dict[str, ast.Module], own: str) -> None:
    """Load what the package takes from outside once, before forking, so that each module costs milliseconds."""
    wanted: set[str] = set()
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                wanted.add(node.module)
    for name in sorted(wanted):
        if name.split(".")[0] != own:
            with suppress(ImportError):
                importlib.import_module(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
