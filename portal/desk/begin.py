"""Beginning a draft: of a served page, of a new one, or beside one that was closed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.accounts.people import current_staff_id
from portal.content.document import PRIMARY_LANGUAGE
from portal.content.yaml_editing import yaml_text
from portal.content_forms.document_form import FACTS_FILE, join_words_file
from portal.desk.blueprint import served
from portal.drafts.drafts import NEW_PAGE, Opened, begin, to_be_published
from portal.drafts.models import Draft
from portal.drafts.workflow import contributors
from portal.web.clock import real_instant
from portal.web.staff import staff_services
from portal.web.state import portal
from portal.web.transactions import session


def begin_from_served(kind: str, slug: str, opened: Opened) -> Draft:
    """The draft of a served page, the open one if there is one."""
    return _begin(kind, slug, to_be_published(opened.files), base_files=opened.files, base=opened.base)


def begin_again(closed: Draft) -> Draft:
    """A draft of the page whose draft was published or discarded, from the texts that are served now."""
    opened = served(closed.kind, closed.slug)
    if opened is None:
        writers = contributors(closed)
        return _begin(closed.kind, closed.slug, closed.files, base_files={}, base="", writers=writers)
    return _begin(closed.kind, closed.slug, opened.files, base_files=opened.files, base=opened.base)


def begin_new(kind: str, slug: str, front_matter: Mapping[str, object]) -> Draft:
    """The draft of a new page that has nothing but these keys in the front matter of its primary language."""
    words = join_words_file(yaml_text(dict(front_matter)), "")
    return begin_with(kind, slug, {FACTS_FILE: NEW_PAGE, f"{PRIMARY_LANGUAGE}.md": words})


def begin_with(kind: str, slug: str, files: Mapping[str, str]) -> Draft:
    """The draft of a new page with these texts."""
    draft = _begin(kind, slug, files, base_files={}, base=portal().live.source.version())
    staff_services().record("editing.begin", draft.key)
    return draft


def _begin(
    kind: str,
    slug: str,
    files: Mapping[str, str],
    *,
    base_files: Mapping[str, str],
    base: str,
    writers: Iterable[str] = (),
) -> Draft:
    return begin(
        session(),
        kind=kind,
        slug=slug,
        files=files,
        base_files=base_files,
        base=base,
        who=current_staff_id(),
        now=real_instant(),
        writers=writers,
    )
