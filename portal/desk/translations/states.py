"""The state of each translation of every page, and what changed since one was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.accounts.people import may
from portal.content.document import PRIMARY_LANGUAGE, Document
from portal.desk.kinds import kinds
from portal.drafts import translation_status
from portal.drafts.models import Draft
from portal.drafts.queries import open_drafts
from portal.drafts.translation_status import CURRENT, DRAFT, IN_REVIEW, MISSING, OUTDATED, Difference
from portal.publishing import wiring
from portal.web.clock import request_clock
from portal.web.languages import gettext as _
from portal.web.pages import plain_catalogue
from portal.web.transactions import session


@dataclass(frozen=True)
class TranslatedPage:
    """The version of a page that holds now, its open draft, and the state of each translation by language."""

    document: Document
    draft: Draft | None
    states: Mapping[str, str]


def translated_pages() -> Iterator[TranslatedPage]:
    """Every page that readers see or will see."""
    drafts = {(draft.kind, draft.slug): draft for draft in open_drafts(session())}
    codes = [code for code in plain_catalogue().site.language_codes if code != PRIMARY_LANGUAGE]
    for kind in kinds():
        for document in plain_catalogue().all(kind):
            version = request_clock().version_of(document)
            if version.facts.status == "published":
                draft = drafts.get((kind, document.slug))
                states = {code: translation_status.state_of(version, draft, code) for code in codes}
                yield TranslatedPage(version, draft, states)


def outdated_count() -> int:
    """How many pages have a translation that is behind, for whoever may translate."""
    return sum(OUTDATED in page.states.values() for page in translated_pages()) if may("translate") else 0


def translation_label(state: str) -> str:
    """The state of a translation in words."""
    return {
        MISSING: _("Missing"),
        DRAFT: _("Draft"),
        IN_REVIEW: _("In review"),
        CURRENT: _("Current"),
        OUTDATED: _("Behind"),
    }[state]


def differences(document: Document, code: str) -> list[Difference] | None:
    """What changed since the translation was made; None when its original is not in the history."""
    if not wiring.can_publish():
        return None
    with wiring.content_repository() as repository:
        before = translation_status.translated_from(repository, document.key, document.words[code].translates)
    if before is None:
        return None
    now = document.bodies[PRIMARY_LANGUAGE].paragraphs
    return translation_status.differences(before, now, document.bodies[code].paragraphs)
