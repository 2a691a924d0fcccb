"""The states of drafts and of proposed value changes in the language of the request."""

from __future__ import annotations

from portal.drafts.models import (
    APPROVED,
    DISCARDED,
    PUBLISHED,
    PUBLISHING,
    REVIEW,
    SCHEDULED,
    WITHDRAWN,
    WRITING,
)
from portal.web.languages import gettext as _


def state_label(state: str) -> str:
    """The state in words; an unknown one as it is stored."""
    return {
        WRITING: _("Draft"),
        REVIEW: _("In review"),
        APPROVED: _("Approved"),
        PUBLISHING: _("Being published"),
        SCHEDULED: _("Scheduled"),
        PUBLISHED: _("Published"),
        WITHDRAWN: _("Withdrawn"),
        DISCARDED: _("Discarded"),
    }.get(state, state)
