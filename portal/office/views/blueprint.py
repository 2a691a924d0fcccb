"""The blueprint of the office's public pages, which stand directly below the language."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("office", __name__)
