"""The blueprint of the desk's own pages; each module of views hangs its pages onto it."""

from __future__ import annotations

from flask import Blueprint

ROOM = "editing"
# Mounted at /<lang>/staff, so the desk's first page is /<lang>/staff/.
staff = Blueprint(ROOM, __name__)
