"""The draft of a service for the builder: its texts as they stand, and one part of its facts saved into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort

from portal.accounts.people import current_staff_id
from portal.content.problems import ContentError
from portal.content_forms.document_form import FACTS_FILE, mapping_of, split_words_file
from portal.desk.begin import begin_from_served
from portal.desk.blueprint import served
from portal.desk.editor.save import with_sequence
from portal.desk.schedule_builder.facts_text import facts_of, part_digest
from portal.drafts.drafts import DraftClosed, DraftOvertaken, open_draft_of, save
from portal.drafts.models import PUBLISHING, Draft
from portal.schedules.service import SERVICE, ServiceFacts
from portal.web.clock import office_zone, real_instant
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.staff import staff_services
from portal.web.transactions import session

KIND = SERVICE.kind
TRIES = 4


class NotSaved(Exception):
    """The part was not saved; the message says why, and what was typed is shown again."""


@dataclass(frozen=True)
class ServiceTexts:
    """The texts of a service as the next save finds them: those of the open draft, else what readers see."""

    slug: str
    draft: Draft | None
    files: dict[str, str]

    @property
    def text(self) -> str:
        """Its facts as they are written."""
        return self.files.get(FACTS_FILE, "")

    @property
    def title(self) -> str:
        """Its title in the language of the page, else in the primary one, else its slug."""
        for code in (language(), "id"):
            title = mapping_of(split_words_file(self.files.get(f"{code}.md", ""))[0]).get("title")
            if title:
                return str(title)
        return self.slug

    def facts(self) -> ServiceFacts:
        """Its typed facts; aborts where a draft holds what cannot be read, which the editor of texts mends."""
        try:
            return facts_of(self.text, office_zone())
        except ContentError:
            abort(409, _("The facts of this draft cannot be read. Open it under Texts and mend what the check says."))


def texts_or_404(slug: str) -> ServiceTexts:
    """The texts of the service of that slug."""
    draft = open_draft_of(session(), KIND, slug)
    if draft is not None:
        return ServiceTexts(slug, draft, dict(draft.files))
    opened = served(KIND, slug)
    if opened is None:
        abort(404)
    return ServiceTexts(slug, None, opened.files)


def save_part(slug: str, edit: Callable[[str], str], *, part: str, seen: str) -> None:
    """Save the facts after `edit` into the draft of the service, which is begun where there is none.

    `seen` is the digest of the part that the form was made from. Raises NotSaved when somebody changed that part
    meanwhile or the draft is being published, and ContentError for facts that would be invalid.
    """
    opened = served(KIND, slug)
    for _try in range(TRIES):
        draft = open_draft_of(session(), KIND, slug)
        if draft is None:
            if opened is None:
                abort(404)
            draft = begin_from_served(KIND, slug, opened)
        before = dict(draft.files)
        if part_digest(before[FACTS_FILE], part) != seen:
            raise NotSaved(_("Somebody else changed this meanwhile. Compare with the service, then save again."))
        files = with_sequence(draft, {**before, FACTS_FILE: edit(before[FACTS_FILE])})
        if draft.state == PUBLISHING:
            raise NotSaved(_("This text is being published at this moment. Nothing is lost; save again in a moment."))
        try:
            saved = save(
                session(),
                draft.id,
                version=draft.version,
                files=files,
                base_files=before,
                who=current_staff_id(),
                now=real_instant(),
            )
        except (DraftOvertaken, DraftClosed):
            continue
        staff_services().record("editing.save", f"{saved.key}#{saved.id}@{saved.version}")
        return
    raise NotSaved(_("Somebody else is saving at this moment. Save again."))
