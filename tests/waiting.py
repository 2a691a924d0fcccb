"""Waiting for what another process or thread does: always for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable

# Far longer than anything takes on a loaded machine: the end of the wait is for what will never come.
PATIENCE_SECONDS = 300
PAUSE_SECONDS = 0.02


def until(condition: Callable[[], bool], *, detail: Callable[[], object] = lambda: "it did not happen") -> None:
    """Ask until the condition holds; an AssertionError tells why it was waited for in vain."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, detail()
        time.sleep(PAUSE_SECONDS)
