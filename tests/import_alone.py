"""Imports every module of a package, each in a forked process that has none of the others, and prints what failed.

A script of its own, because the process of the tests has long imported the package.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import ModuleType


def main(package: Path) -> None:
    _load_libraries(package)
    gc.freeze()
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if "migrations" in parts:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sys.stdout.flush()
        child = os.fork()
        if not child:
            try:
                if name != package.name:
                    _without_factory(package)
                importlib.import_module(name)
            except BaseException:
                sys.stdout.write(f"{name}: {traceback.format_exc(limit=-1).splitlines()[-1]}\n")
                sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


def _without_factory(package: Path) -> None:
    """Stand an empty package in the place of the factory, which would import the whole house before the module."""
    empty = ModuleType(package.name)
    empty.__path__ = [str(package)]
    sys.modules[package.name] = empty


def _load_libraries(package: Path) -> None:
    """Load what the package takes from outside once, before forking, so that each module costs milliseconds."""
    wanted: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                wanted.add(node.module)
    for name in sorted(wanted):
        if name.split(".")[0] != package.name:
            with suppress(ImportError):
                importlib.import_module(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
