"""A draft as the lists of the desk show it."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.people import staff_name
from portal.content.document import PRIMARY_LANGUAGE
from portal.content_forms.document_form import mapping_of, split_words_file
from portal.desk.kinds import singular
from portal.drafts.labels import state_label
from portal.drafts.models import APPROVED, PUBLISHING, REVIEW, Draft
from portal.web.languages import gettext as _
from portal.web.pages import url
from portal.web.staff import staff_time

_PILLS = {REVIEW: "review", APPROVED: "current", PUBLISHING: "soon"}


@dataclass(frozen=True)
class DraftRow:
    """One draft; `words` is its state, `pill` the style of the state."""

    title: str
    kind: str
    href: str
    pill: str
    words: str
    detail: str


def draft_row(draft: Draft, *, href: str = "", detail: str = "") -> DraftRow:
    """The row of a draft; it leads to the form and says who saved last, unless something else is given."""
    return DraftRow(
        draft_title(draft),
        singular(draft.kind),
        href or url("desk.edit", id_=draft.id),
        _PILLS.get(draft.state, "draft"),
        state_label(draft.state),
        detail or _("%(name)s, %(time)s", name=staff_name(draft.editor), time=staff_time(draft.edited_at)),
    )


def draft_title(draft: Draft) -> str:
    """The title that a draft gives its page, or the slug while there is none."""
    front_matter = mapping_of(split_words_file(draft.files.get(f"{PRIMARY_LANGUAGE}.md", ""))[0])
    return str(front_matter.get("title") or draft.slug)
