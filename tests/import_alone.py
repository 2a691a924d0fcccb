"""Imports every module of a package, each in a forked process that has none of the others, and prints what failed.

A script of its own, because the process of the tests has long imported the package.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path

# Loaded once before forking, so that each module costs milliseconds; none of them knows the package.
SHARED = ("flask", "sqlalchemy", "babel", "msgspec", "yaml", "markdown_it", "numpy")


def main(package: Path) -> None:
    for name in SHARED:
        importlib.import_module(name)
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if "migrations" in parts:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sys.stdout.flush()
        child = os.fork()
        if not child:
            try:
                importlib.import_module(name)
            except BaseException:
                sys.stdout.write(f"{name}: {traceback.format_exc(limit=-1).splitlines()[-1]}\n")
                sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
