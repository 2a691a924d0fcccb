"""Applications of tests are many and short-lived: what builds an address is compiled when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile_now = Rule._compile_builder


def compile_builders_late() -> None:
    """Let each rule of an application compile its two builders of addresses at their first use."""
    Rule._compile_builder = _late  # type: ignore[method-assign]


def _late(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    made: list[Callable[..., tuple[str, str]]] = []

    def build(self: Rule, **values: Any) -> tuple[str, str]:
        if not made:
            made.append(_compile_now(rule, append_unknown))
        return made[0](self, **values)

    return build
