"""The search of an application: its index, jobs and health check.

`flask work` builds the index (job `search-index`), every process reads it. Each process counts searches in memory and
writes the counts at most every 20 seconds, and when it ends.
"""

from __future__ import annotations

import atexit
import logging
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app

from portal.search.engine.index import generations
from portal.search.indexing import Indexer
from portal.search.live import LiveIndex
from portal.search.query_counts import QueryCounter, forget_rare_queries
from portal.web.clock import real_instant
from portal.web.operations.commands import add_preparation
from portal.web.operations.health import DEGRADED, HealthStatus, add_check
from portal.web.operations.jobs import Job
from portal.web.state import portal, portal_of
from portal.web.transactions import sessions

_EXTENSION = "portal.search"
_WRITE_SECONDS = 20.0

log = logging.getLogger("portal.search")


@dataclass
class SearchService:
    """The search of one application; `labels` are the names of kinds of entries, `counts_written_at` is in seconds."""

    index: LiveIndex
    indexer: Indexer
    labels: dict[str, str]
    query_counter: QueryCounter = field(default_factory=QueryCounter)
    counts_written_at: float = 0.0


def install(app: Flask) -> None:
    """Install the search of all sources that the features contribute."""
    portal_ = portal_of(app)
    sources = [source for feature in portal_.features for source in feature.search]
    references = [source for feature in portal_.features for source in feature.search_references]
    root = portal_.settings.instance / "search"
    labels = {source.kind: source.label for source in sources} | {source.kind: source.label for source in references}
    service = SearchService(LiveIndex(root), Indexer(root, sources, references), labels)
    app.extensions[_EXTENSION] = service
    add_preparation(app, "search", build_if_missing)
    add_check(app, "search", check)
    atexit.register(_write_at_exit, app, service)


def search_service() -> SearchService:
    """The search of the current application."""
    service: SearchService = current_app.extensions[_EXTENSION]
    return service


def build_if_missing() -> str:
    """Build the index where there is none of this content."""
    catalogue, indexer = portal().live.current(), search_service().indexer
    build = None if indexer.fits(catalogue) else indexer.update(catalogue)
    return f"The search index {build.name} has {build.documents} entries." if build and build.added else ""


def update_index(_now: datetime) -> str:
    """Bring the index in line with the content; returns a sentence when something was built."""
    build = search_service().indexer.update(portal().live.current())
    if build is None or not (build.added or build.dropped):
        return ""
    return f"{build.name}: {build.added} entries added, {build.dropped} dropped"


def forget_queries(now: datetime) -> str:
    """Delete the counts of rare and of old queries."""
    with sessions()() as session:
        rows = forget_rare_queries(session, today=now.date())
    return f"{rows} rows forgotten" if rows else ""


def write_counts() -> None:
    """Write the counted searches, at most every 20 seconds; an error is only logged."""
    service, now = search_service(), real_instant().timestamp()
    if now - service.counts_written_at < _WRITE_SECONDS:
        return
    service.counts_written_at = now
    try:
        service.query_counter.write(sessions())
    except Exception:
        log.exception("the counts of searches could not be written")


def check() -> HealthStatus:
    """The age of the index, or that it cannot be read."""
    try:
        searcher = search_service().index.searcher()
        age = real_instant().timestamp() - generations.published_at(search_service().index.root)
    except generations.IndexMissing as missing:
        return HealthStatus(DEGRADED, f"{missing} `flask work` builds it; `flask reindex` does so at once.")
    return HealthStatus(detail=f"{searcher.view.name}, {searcher.view.count} entries, {int(age)} seconds old")


def _write_at_exit(app: Flask, service: SearchService) -> None:
    try:
        with app.app_context():
            service.query_counter.write(sessions())
    except Exception:
        # The process ends; a few uncounted searches are not worth a traceback.
        log.debug("the last counts of searches were not written")


JOBS = (
    Job(name="search-index", seconds=0.2, run=update_index),
    Job(name="search-counts", seconds=86_400, run=forget_queries),
)
