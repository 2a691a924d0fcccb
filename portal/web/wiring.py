"""What `portal.web` adds to the application, in the order in which requests pass it."""

from __future__ import annotations

from flask import Flask

from portal.web import languages, security, state, transactions
from portal.web.http import compression, errors, media, policy_reports
from portal.web.operations import health, housekeeping, logs
from portal.web.operations.jobs import add_jobs
from portal.web.rendering import assets
from portal.web.syndication import sitemap


def install(app: Flask, portal: state.Portal) -> None:
    """Add state, database, request hooks, error pages, health checks, assets, media, sitemap and housekeeping."""
    app.extensions[state.EXTENSION] = portal
    transactions.connect(app, portal.settings.database_url)
    for part in (logs, languages, security, errors, health, compression, policy_reports):
        part.install(app)
    for blueprint in (assets.bp, media.bp, sitemap.bp):
        app.register_blueprint(blueprint)
    add_jobs(app, *housekeeping.JOBS)
