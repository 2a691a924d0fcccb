"""The fixtures of these tests."""

from __future__ import annotations

from tests.served_site import address

__all__ = ["address"]
