"""Words of the desk in another language than its own: what readers of that language will be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from portal.web.languages import language


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Let words and addresses be those of that language within the block."""
    before = language()
    g.language = code
    try:
        yield
    finally:
        g.language = before
