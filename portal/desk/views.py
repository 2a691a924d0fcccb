"""The views of the desk: importing their modules adds them to its blueprint; each module names their permissions."""

from __future__ import annotations

from portal.desk.blueprint import staff
from portal.desk.dashboard import today
from portal.desk.documents import create, listing, show
from portal.desk.editor import edit, merge, preview, save
from portal.desk.history import afterwards, history, publications, restore, withdraw
from portal.desk.review import publish, review
from portal.desk.schedule_builder import hours_page, series_page, service_pages
from portal.desk.schedule_builder.csv_import import page as csv_import
from portal.desk.translations import matrix, translation

MODULES = (
    *(today, listing, show, create, edit, save, merge, preview),
    *(service_pages, hours_page, series_page, csv_import),
    *(review, publish, history, publications, afterwards, restore, withdraw, matrix, translation),
)
# Endpoint -> permission.
PERMISSIONS: dict[str, str] = {
    endpoint: permission for module in MODULES for endpoint, permission in module.PERMISSIONS.items()
}

__all__ = ["PERMISSIONS", "staff"]
