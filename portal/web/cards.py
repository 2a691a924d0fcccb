"""A card that one room shows on a page of another: a template of its own with what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Where = Literal["top", "main", "aside"]


@dataclass(frozen=True)
class Card:
    """A template and its variables, which it finds under the name `card`; `where` is its spot on the page.

    On the home page `top` overlaps the panel, `main` is the wide and `aside` the narrow half.
    """

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    where: Where = "main"
