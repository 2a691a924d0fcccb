"""The pages of the desk: each module brings its pages onto the one blueprint, and their permissions along."""

from __future__ import annotations

from portal.editing.views import (
    cards,
    edit,
    history,
    home,
    merge,
    new,
    preview,
    publish,
    review,
    saving,
    translations,
    value_changes,
    values,
)
from portal.editing.views.blueprint import staff
from portal.editing.views.cards import DESK_CARDS
from portal.editing.views.history import history_label
from portal.editing.views.lending import install
from portal.editing.views.translations import outdated_count, translations_label
from portal.editing.views.values import values_card, values_label, values_waiting
from portal.editing.views.waiting import uncopied, waiting_count
from portal.web.words import gettext as _

# Endpoint -> permission; every module of this package adds its own part.
PERMISSIONS: dict[str, str] = {
    **home.PERMISSIONS,
    **new.PERMISSIONS,
    **edit.PERMISSIONS,
    **saving.PERMISSIONS,
    **merge.PERMISSIONS,
    **preview.PERMISSIONS,
    **review.PERMISSIONS,
    **publish.PERMISSIONS,
    **history.PERMISSIONS,
    **translations.PERMISSIONS,
    **cards.PERMISSIONS,
    **values.PERMISSIONS,
    **value_changes.PERMISSIONS,
}


def today_label() -> str:
    """The name of the desk's first page in its list."""
    return _("Today")


def texts_label() -> str:
    """The name of the list of texts."""
    return _("Texts")


__all__ = [
    "DESK_CARDS",
    "PERMISSIONS",
    "history_label",
    "install",
    "outdated_count",
    "staff",
    "texts_label",
    "today_label",
    "translations_label",
    "uncopied",
    "values_card",
    "values_label",
    "values_waiting",
    "waiting_count",
]
