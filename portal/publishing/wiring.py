"""The publisher of the current application, and publishing from within a request: what is refused, and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

from portal.content.live import LiveCatalogue
from portal.content.problems import ContentError
from portal.content.sources.repository import ContentRepository
from portal.content.sources.source import FolderSource, RepositorySource, Source
from portal.languages import formatting
from portal.publishing.candidate import Candidates, Examiner
from portal.publishing.edits import Edit, EditConflict, NotReady, NotWritten
from portal.publishing.models import Publication
from portal.publishing.publish import publish
from portal.publishing.publisher import Publisher
from portal.publishing.scheduled import PastTime, ScheduleConflict, start_of
from portal.web.clock import office_zone, request_clock
from portal.web.languages import gettext as _
from portal.web.languages import language
from portal.web.problems import plain_message
from portal.web.staff import NotPublished
from portal.web.state import Portal, portal
from portal.web.transactions import session

REFUSALS = (ContentError, EditConflict, ScheduleConflict, PastTime, NotReady, NotWritten)
_PUBLISHERS: WeakKeyDictionary[LiveCatalogue, Publisher] = WeakKeyDictionary()


def can_publish() -> bool:
    """Whether the content lies in a repository, the only place into which the desk publishes."""
    return portal().settings.content_is_repository


def publisher() -> Publisher:
    """The publisher of the current application, made once for each content that a process serves."""
    application = portal()
    made = _PUBLISHERS.get(application.live)
    if made is None:
        made = _PUBLISHERS[application.live] = _made(application)
    return made


def _made(application: Portal) -> Publisher:
    path = Path(application.settings.content)
    return Publisher(
        path=path,
        candidates=Candidates(_source(application, path), application.live.reader),
        examiner=Examiner(application.types, tuple(application.checks)),
        generations=application.generations,
        served=application.live.current,
        facts={kind: type_.facts for kind, type_ in application.types.items()},
        key=application.signing_key,
        adoption=getattr(application.live.source, "adoption", None),
    )


def _source(application: Portal, path: Path) -> Source:
    # A source of its own: the site's remembers the listing that it serves.
    return RepositorySource(path) if application.settings.content_is_repository else FolderSource(path)


@contextmanager
def content_repository() -> Iterator[ContentRepository]:
    """The repository to which this site publishes, open within the block."""
    repository = publisher().repository()
    try:
        yield repository
    finally:
        repository.close()


def publish_edit(edit: Edit) -> Publication:
    """Publish an edit in the request's session; raises what `publish` raises, and NotPublished without a repository."""
    if not can_publish():
        raise NotPublished(no_repository_message())
    return publish(publisher(), session(), edit, now=request_clock().now)


def no_repository_message() -> str:
    """Why nothing can be published here."""
    return _(
        "This site serves a folder of files, into which the desk does not write. Start it with `make desk`, "
        "or name a repository in PORTAL_CONTENT."
    )


def refusal_message(refused: Exception) -> str:
    """What happened and what to do, for whoever wanted to publish."""
    if isinstance(refused, ContentError):
        errors = [problem for problem in refused.problems if not problem.is_warning]
        first = "; ".join(f"{problem.path}: {plain_message(problem)}" for problem in errors[:5])
        return _("Nothing was published, because the site would not be whole: %(what)s", what=first)
    if isinstance(refused, EditConflict):
        return _("Somebody published another text of this page meanwhile. Nothing was overwritten; merge both texts.")
    if isinstance(refused, ScheduleConflict):
        begins = start_of(refused.folder.rpartition("/")[2], office_zone())
        time = formatting.day_clock(begins, language())
        return _(
            "A change that waits for %(when)s touches the same lines and would undo this one. "
            "Cancel it first, then publish both together.",
            when=time,
        )
    if isinstance(refused, PastTime):
        return _("Choose a time that is still to come, or publish now.")
    if isinstance(refused, NotReady):
        return _("This text was not approved as it stands now. Ask for a review first.")
    return _(
        "The machine could not write it (%(what)s). The old page stays, and your draft is safe. "
        "Try again in a moment; if it goes on, call whoever looks after the server.",
        what=str(refused),
    )
