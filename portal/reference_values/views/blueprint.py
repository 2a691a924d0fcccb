"""The blueprint of the staff pages on reference values, mounted at /<lang>/staff, and what its views share."""

from __future__ import annotations

from flask import Blueprint, request

from portal.reference_values.views.presenters import reference_label
from portal.web.forms.fields import GREATEST_VERSION, whole_number
from portal.web.languages import gettext as _
from portal.web.navigation import Link
from portal.web.pages import url

staff = Blueprint("reference_values", __name__)
# Endpoint -> permission.
PERMISSIONS = {
    "reference_values.index": "read",
    "reference_values.record": "read",
    "reference_values.change": "read",
    "reference_values.preview": "read",
    "reference_values.propose": "write",
    "reference_values.send": "write",
    "reference_values.discard": "write",
    "reference_values.send_back": "review",
    "reference_values.approve": "review",
    "reference_values.publish": "publish",
}
# What stands in an address for a record that is not there yet.
NEW = "new"


def list_href(reference: str) -> str:
    """The address of one list."""
    return f"{url('reference_values.index')}?list={reference}"


def breadcrumb(reference: str) -> list[Link]:
    """The way to a page of one list."""
    return [
        {"label": _("Values"), "href": url("reference_values.index")},
        {"label": reference_label(reference), "href": list_href(reference)},
    ]


def submitted_version() -> int:
    """The version of the change that the form shows; 0 for none."""
    return whole_number(request.form.get("version", ""), high=GREATEST_VERSION) or 0
