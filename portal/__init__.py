"""The portal: create_app() wires the rooms together and is the one place that knows them all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, cast

from flask import Flask

from portal.content.compiled import CompiledStore
from portal.content.document import DocumentType
from portal.content.generation import Generations
from portal.content.live import LiveCatalogue
from portal.content.reader import Reader
from portal.content.reference import REFERENCES, ReferenceType
from portal.content.source import FolderSource, RepositorySource, Source
from portal.faq.question import QUESTION
from portal.guidance.guide import GUIDE
from portal.home.pages import ALERT, PAGE
from portal.news.item import NEWS
from portal.settings import PROJECT, Settings, from_environment, secret_of_instance
from portal.web import assets, errors, languages, security, state, transactions
from portal.web.moment import current_instant
from portal.web.navigation import Place, chrome

TYPES: tuple[DocumentType, ...] = (GUIDE, QUESTION, NEWS, PAGE, ALERT)
REFERENCE_TYPES: tuple[ReferenceType, ...] = (*REFERENCES,)


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; without settings they come from the environment.

    Raises SettingsError when a setting is unsafe, ContentError when site.yaml cannot be read at all.
    """
    settings = settings or from_environment(os.environ)
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=secret_of_instance(settings),
        TESTING=settings.environment == "test",
        RELOAD=settings.environment == "development",
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    portal = state.Portal(
        settings=settings,
        live=live_catalogue(settings),
        generations=Generations(settings.instance / "generations"),
        types={type_.kind: type_ for type_ in TYPES},
        chrome=chrome,
    )
    state.install(app, portal)
    transactions.connect(app, settings.database_url)
    languages.install(app)
    security.install(app)
    errors.install(app)
    app.register_blueprint(assets.bp)
    _add_rooms(app, portal)
    _add_page_cache(app, portal)
    return app


def live_catalogue(settings: Settings) -> LiveCatalogue:
    """The content of these settings, read and kept current."""
    store = CompiledStore(settings.instance / "compiled")
    reader = Reader(TYPES, REFERENCE_TYPES, store=store)
    return LiveCatalogue(content_source(settings), reader, Generations(settings.instance / "generations"))


def content_source(settings: Settings) -> Source:
    """The folder of development or the repository of production."""
    path = Path(settings.content)
    return RepositorySource(path) if settings.content_is_repository else FolderSource(path)


def _add_rooms(app: Flask, portal: state.Portal) -> None:
    from portal.faq import views as faq
    from portal.guidance import views as guidance
    from portal.home import views as home
    from portal.news import views as news

    for room, prefix in ((home, ""), (guidance, "/guidance"), (faq, "/faq"), (news, "/news")):
        app.register_blueprint(room.bp, url_prefix=f"/<lang:lang>{prefix}")
    portal.places += [
        Place("guidance.index", guidance.label),
        Place("news.index", news.label),
    ]


def _add_page_cache(app: Flask, portal: state.Portal) -> None:
    from portal.web.caching import PageCache

    def now() -> float:
        with app.app_context():
            return current_instant().timestamp()

    cache = PageCache(app, portal, now=now)
    portal.pages = cache
    app.wsgi_app = cast(Any, cache)  # type: ignore[method-assign]
