"""The views of the desk, joined to its blueprint by importing their modules, and the permission of each."""

from __future__ import annotations

from portal.desk import translations
from portal.desk.blueprint import staff
from portal.desk.dashboard import cards, today
from portal.desk.documents import create, edit, merge, preview, save
from portal.desk.review import history, publish, review

MODULES = (today, cards, create, edit, save, merge, preview, review, publish, history, translations)
# Endpoint -> permission; each module names those of its own views.
PERMISSIONS: dict[str, str] = {
    endpoint: permission for module in MODULES for endpoint, permission in module.PERMISSIONS.items()
}

__all__ = ["PERMISSIONS", "staff"]
