"""The staff pages on closings: a wizard of two steps, and the published closings with their undo."""

from __future__ import annotations

# Importing the modules adds their views to the blueprint.
from portal.closures.views import pages, wizard
from portal.closures.views.blueprint import PERMISSIONS, staff

__all__ = ["PERMISSIONS", "pages", "staff", "wizard"]
