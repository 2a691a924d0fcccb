"""The kinds of documents as staff pages list and call them."""

from __future__ import annotations

from portal.web.languages import gettext as _
from portal.web.state import portal


def kinds() -> list[str]:
    """Every kind in the order of the staff pages."""
    return [type_.kind for type_ in sorted(portal().types.values(), key=lambda type_: type_.position)]


def plural(kind: str) -> str:
    """What documents of that kind are called; a kind that is gone is called by itself."""
    type_ = portal().types.get(kind)
    return _(type_.plural) if type_ else kind


def singular(kind: str) -> str:
    """What one document of that kind is called; a kind that is gone is called by itself."""
    type_ = portal().types.get(kind)
    return _(type_.singular) if type_ else kind
