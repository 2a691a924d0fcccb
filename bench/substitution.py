"""Puts the functions of a peer in the place of the portal's own, wherever the portal uses them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

Function = Callable[..., Any]


def substitute(pairs: Iterable[tuple[Function, Function]]) -> None:
    """In every loaded module of the portal, replace the first function of each pair by the second.

    Modules hold functions under names of their own (`from … import gettext as _`), so each name is looked at.
    """
    replacements = {id(original): replacement for original, replacement in pairs}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "portal":
            for name, value in list(vars(module).items()):
                if id(value) in replacements:
                    setattr(module, name, replacements[id(value)])
