"""The blueprint of the staff pages on reference values, mounted at /<lang>/staff."""

from __future__ import annotations

from flask import Blueprint

staff = Blueprint("reference_values", __name__)
