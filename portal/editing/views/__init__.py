"""The pages of the desk: each module brings its pages onto the one blueprint, and their permissions along."""

from __future__ import annotations

from portal.editing.views.blueprint import staff

# Endpoint -> permission; every module of this package adds its own part.
PERMISSIONS: dict[str, str] = {}

__all__ = ["PERMISSIONS", "staff"]
