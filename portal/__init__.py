"""The portal: create_app() wires its features together and is the one place that knows them all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from flask import Flask

from portal import cli
from portal.accounts.feature import FEATURE as ACCOUNTS
from portal.backup.feature import FEATURE as BACKUP
from portal.closures.feature import FEATURE as CLOSURES
from portal.content.generations import Generations
from portal.content.live import LiveCatalogue
from portal.content.loading.compiled import CompiledStore
from portal.content.loading.reader import Reader
from portal.content.sources.adoption import ADOPTED, FORMER_SIGNERS, Adoption, known_signers
from portal.content.sources.bundled import ensure_repository
from portal.content.sources.signing import InvalidKey, SigningKey
from portal.content.sources.source import FolderSource, RepositorySource, Source
from portal.desk.feature import FEATURE as DESK
from portal.events.feature import FEATURE as EVENTS
from portal.faq.feature import FEATURE as FAQ
from portal.feature import Feature
from portal.feedback.feature import FEATURE as FEEDBACK
from portal.guidance.feature import FEATURE as GUIDANCE
from portal.links.feature import FEATURE as LINKS
from portal.media.feature import FEATURE as MEDIA
from portal.news.feature import FEATURE as NEWS
from portal.office.feature import FEATURE as OFFICE
from portal.page_cache.cache import PageCache
from portal.page_cache.cpu_budget import CpuBudget
from portal.permits.feature import FEATURE as PERMITS
from portal.reference_values.feature import FEATURE as REFERENCE_VALUES
from portal.schedules.feature import FEATURE as SCHEDULES
from portal.search.feature import FEATURE as SEARCH
from portal.settings import PROJECT, Settings, SettingsError, from_environment, secret_of_instance
from portal.web.clock import clock_of, system_time
from portal.web.forms.rate_limits import network_of
from portal.web.http.application import Application, behind_proxies
from portal.web.http.too_much import TooMuch
from portal.web.navigation import layout_context
from portal.web.operations.jobs import add_jobs
from portal.web.state import Portal
from portal.web.wiring import install as install_web

FEATURES: tuple[Feature, ...] = (
    FAQ, PERMITS, GUIDANCE, SCHEDULES, EVENTS, NEWS, OFFICE, FEEDBACK, MEDIA, LINKS, ACCOUNTS, BACKUP,
    DESK, REFERENCE_VALUES, CLOSURES, SEARCH,
)  # fmt: skip


def create_app(settings: Settings | None = None, features: tuple[Feature, ...] = FEATURES) -> Flask:
    """Make the application; without settings they come from the environment.

    Raises SettingsError when a setting is unsafe, ContentError when site.yaml cannot be read at all.
    """
    settings = settings or from_environment(os.environ)
    app = Application(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=secret_of_instance(settings),
        TESTING=settings.environment == "test",
        RELOAD=settings.environment == "development",
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    portal = Portal(
        settings=settings,
        live=live_catalogue(settings, features),
        generations=Generations(settings.instance / "generations"),
        features=features,
        layout_context=layout_context,
    )
    install_web(app, portal)
    for feature in features:
        for blueprint, prefix in feature.public:
            app.register_blueprint(blueprint, url_prefix=f"/<lang:lang>{prefix}")
        for blueprint, prefix in feature.staff:
            app.register_blueprint(blueprint, url_prefix=f"/<lang:lang>/staff{prefix}")
        add_jobs(app, *feature.jobs)
    cli.install(app, [command for feature in features for command in feature.commands])
    for feature in features:
        if feature.install:
            feature.install(app)
    portal.page_cache = PageCache(
        behind_proxies(app.wsgi_app, settings.trusted_proxies),
        budget=CpuBudget(hops=settings.trusted_proxies, network_of=network_of),
        too_much=TooMuch(app),
        public_parameters=app.public_parameters,
        live=portal.live,
        generations=portal.generations,
        host=settings.base_url.partition("://")[2],
        limit_bytes=settings.page_cache_bytes,
        now=clock_of(app),
    )
    app.wsgi_app = cast(Any, portal.page_cache)  # type: ignore[method-assign]
    return app


def live_catalogue(settings: Settings, features: tuple[Feature, ...] = FEATURES) -> LiveCatalogue:
    """The content of these settings, read and kept current; a repository that is not there yet is made."""
    if settings.content_is_repository:
        key = SigningKey(settings.audit_key_path)
        ensure_repository(Path(settings.content), PROJECT / "content", at=system_time(), key=key)
    types = tuple(type_ for feature in features for type_ in feature.types)
    references = tuple(reference for feature in features for reference in feature.references)
    reader = Reader(types, references, store=CompiledStore(settings.instance / "compiled"))
    return LiveCatalogue(content_source(settings), reader, Generations(settings.instance / "generations"))


def content_source(settings: Settings) -> Source:
    """The folder of development or the repository of production."""
    path = Path(settings.content)
    if not settings.content_is_repository:
        return FolderSource(path)
    return RepositorySource(path, adoption=_adoption(settings, path) if settings.content_signers else None)


def _adoption(settings: Settings, path: Path) -> Adoption:
    """The rule by which readers get signed commits only; raises SettingsError for keys that cannot be read."""
    try:
        signers = known_signers(
            settings.content_signers, SigningKey(settings.audit_key_path), settings.instance / FORMER_SIGNERS
        )
    except InvalidKey as error:
        raise SettingsError(f"PORTAL_CONTENT_SIGNERS: {error}.") from None
    return Adoption(path, settings.instance / ADOPTED, signers)
