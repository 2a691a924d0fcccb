"""The office's own press, made once for each content that a process serves."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakKeyDictionary

from portal.content.live import LiveCatalogue
from portal.content.sources.source import FolderSource, RepositorySource, Source
from portal.publishing.candidate import Candidates, Examiner
from portal.publishing.publish import Publisher
from portal.web.state import Portal, portal

_PRESSES: WeakKeyDictionary[LiveCatalogue, Publisher] = WeakKeyDictionary()


def can_publish() -> bool:
    """Whether the content lies in a repository, the only place into which the desk publishes."""
    return portal().settings.content_is_repository


def publisher() -> Publisher:
    """The press of the current application."""
    of = portal()
    found = _PRESSES.get(of.live)
    if found is None:
        found = _PRESSES[of.live] = _made(of)
    return found


def _made(of: Portal) -> Publisher:
    path = Path(of.settings.content)
    return Publisher(
        path=path,
        candidates=Candidates(_source(of, path), of.live.reader),
        examiner=Examiner(of.types, tuple(of.checks)),
        generations=of.generations,
        served=of.live.current,
        facts={kind: type_.facts for kind, type_ in of.types.items()},
    )


def _source(of: Portal, path: Path) -> Source:
    # A source of its own: the site's remembers the listing that it serves.
    return RepositorySource(path) if of.settings.content_is_repository else FolderSource(path)
