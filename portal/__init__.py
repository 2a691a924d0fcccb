"""The portal: create_app() wires the rooms together and is the one place that knows them all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from click import Command
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli
from portal.accounts import commands as account_commands
from portal.accounts import jobs as account_jobs
from portal.accounts import views as account_pages
from portal.accounts.frame import DeskPlace
from portal.accounts.wiring import install as install_accounts
from portal.backup import commands as backup_commands
from portal.content.checks import Check
from portal.content.compiled import CompiledStore
from portal.content.document import DocumentType
from portal.content.generation import Generations
from portal.content.live import LiveCatalogue
from portal.content.reader import Reader
from portal.content.reference import REFERENCES, ReferenceType
from portal.content.shipping import ensure_repository
from portal.content.source import FolderSource, RepositorySource, Source
from portal.editing import jobs as editing_jobs
from portal.editing import views as editing
from portal.events import checks as event_checks
from portal.events import jobs as event_jobs
from portal.events import staff as events_staff
from portal.events import views as events
from portal.events.event import EVENT
from portal.faq import views as faq
from portal.faq.question import QUESTION
from portal.feedback import jobs as feedback_jobs
from portal.feedback import staff as feedback_staff
from portal.feedback import views as feedback
from portal.guidance import views as guidance
from portal.guidance.guide import GUIDE
from portal.home import commands as content_commands
from portal.home import staff as home_staff
from portal.home import views as home
from portal.home.pages import ALERT, PAGE
from portal.links import jobs as link_jobs
from portal.links import staff as links_staff
from portal.media import checks as media_checks
from portal.media import staff as media_staff
from portal.media.record import MEDIA
from portal.news import views as news
from portal.news.item import NEWS
from portal.permits import commands as permit_commands
from portal.permits import views as permits
from portal.permits.finder.checking import finder_check
from portal.permits.finder.loading import FINDER_REFERENCES
from portal.permits.permit import PERMIT
from portal.schedules import checks as schedule_checks
from portal.schedules import commands as schedule_commands
from portal.schedules import staff as schedules_staff
from portal.schedules import views as schedules
from portal.schedules.place import GROUPS, HOLIDAYS, PLACE
from portal.schedules.service import SERVICE
from portal.schedules.views.closed_days import closed_days
from portal.search import commands as search_commands
from portal.search import views as search
from portal.search.entries import SEARCH_REFERENCES, Indexable, IndexableReference
from portal.settings import PROJECT, Settings, from_environment, secret_of_instance
from portal.web import (
    assets,
    compression,
    errors,
    health,
    languages,
    logs,
    media,
    security,
    sitemap,
    state,
    transactions,
    upkeep,
)
from portal.web.caching import PageCache
from portal.web.jobs import Job, add_jobs
from portal.web.moment import clock_of, system_time
from portal.web.navigation import Place, chrome

# What each room brings along; adding a room is adding its lines here.
TYPES: tuple[DocumentType, ...] = (GUIDE, QUESTION, NEWS, PAGE, ALERT, EVENT, SERVICE, PERMIT)
REFERENCE_TYPES: tuple[ReferenceType, ...] = (
    *REFERENCES,
    PLACE,
    HOLIDAYS,
    GROUPS,
    *SEARCH_REFERENCES,
    *FINDER_REFERENCES,
    MEDIA,
)
PUBLIC: tuple[tuple[Blueprint, str], ...] = (
    (home.bp, ""),
    (search.bp, ""),
    (guidance.bp, "/guidance"),
    (faq.bp, "/faq"),
    (news.bp, "/news"),
    (permits.bp, "/permits"),
    (schedules.bp, "/schedules"),
    (schedules.links, "/j"),
    (events.bp, "/events"),
    (feedback.bp, "/feedback"),
)
STAFF: tuple[tuple[Blueprint, str], ...] = (
    (editing.staff, ""),
    (events_staff.staff, "/events"),
    (feedback_staff.staff, "/feedback"),
    (media_staff.staff, "/media"),
    (links_staff.staff, "/links"),
    (schedules_staff.staff, "/schedules"),
    (home_staff.staff, "/alerts"),
)
# Each room's staff endpoints with the permission that each needs; the guard refuses what no table names.
PERMISSIONS: tuple[Mapping[str, str], ...] = (
    editing.PERMISSIONS,
    events_staff.PERMISSIONS,
    feedback_staff.PERMISSIONS,
    media_staff.PERMISSIONS,
    links_staff.PERMISSIONS,
    schedules_staff.PERMISSIONS,
    home_staff.PERMISSIONS,
)
# The list at the side of the desk, in this order; everybody sees what they may open.
DESK_PLACES: tuple[DeskPlace, ...] = (
    DeskPlace("editing.today", editing.today_label, editing.waiting_count),
    DeskPlace("editing.index", editing.texts_label),
    DeskPlace("editing.translations", editing.translations_label, editing.outdated_count),
    DeskPlace("editing.values", editing.values_label, editing.values_waiting),
    DeskPlace("editing.publications", editing.history_label, editing.uncopied),
    DeskPlace("events_staff.index", events_staff.label),
    DeskPlace("events_staff.requests", events_staff.requests_label),
    DeskPlace("accounts.members", account_pages.people_label),
    DeskPlace("accounts.audit_log", account_pages.audit_label),
    DeskPlace("schedules_staff.index", schedules_staff.label),
    DeskPlace("home_staff.alerts", home_staff.label),
    DeskPlace("feedback_staff.index", feedback_staff.label, feedback_staff.waiting),
    DeskPlace("feedback_staff.rated_pages", feedback_staff.ratings_label),
    DeskPlace("media_staff.index", media_staff.label),
    DeskPlace("links_staff.index", links_staff.label, links_staff.broken),
)
PLACES = (
    Place("guidance.index", guidance.label),
    Place("schedules.index", schedules.label),
    Place("events.index", events.label),
    Place("permits.index", permits.label),
    Place("news.index", news.label),
)
# What can be found, and how much it weighs beside a question; what has passed ranks lower.
SEARCHED: tuple[Indexable, ...] = (
    Indexable(kind="faq", label=faq.label),
    Indexable(kind="permits", label=permits.label, prior=0.75),
    Indexable(kind="guidance", label=guidance.label, prior=0.9),
    Indexable(kind="schedules", label=schedules.label, prior=0.75),
    Indexable(kind="events", label=events.label, prior=0.65, fades=lambda event: event.facts.ends),
    Indexable(kind="news", label=news.label, prior=0.55),
    Indexable(kind="pages", label=search.page_label, prior=0.75),
)
SEARCHED_REFERENCES: tuple[IndexableReference, ...] = (search.GLOSSARY,)
CARDS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("home", schedules.home_card),
    ("home", schedules.sessions_card),
    ("coverage", schedules.coverage_card),
    ("home", events.home_card),
    ("coverage", events.coverage_card),
    ("closed-days", closed_days),
    *(("desk", card) for card in editing.DESK_CARDS),
    ("desk", editing.values_card),
    ("desk", schedules_staff.to_confirm),
    ("desk", feedback_staff.unanswered_questions),
    ("desk", home_staff.ending_soon),
    ("desk", feedback_staff.low_rated_pages),
    ("desk", links_staff.broken_links),
)
TEMPLATE_GLOBALS: dict[str, Callable[..., Any]] = {**schedules.TEMPLATE_GLOBALS, **feedback.TEMPLATE_GLOBALS}
CHECKS: tuple[Check, ...] = (schedule_checks.problems, event_checks.problems, finder_check, media_checks.problems)
COMMANDS: tuple[Command, ...] = (
    *account_commands.COMMANDS,
    *backup_commands.COMMANDS,
    *content_commands.COMMANDS,
    *search_commands.COMMANDS,
    *schedule_commands.COMMANDS,
    *permit_commands.COMMANDS,
)
JOBS: tuple[Job, ...] = (
    *upkeep.JOBS,
    *account_jobs.JOBS,
    *editing_jobs.JOBS,
    *event_jobs.JOBS,
    *feedback_jobs.JOBS,
    *link_jobs.JOBS,
    *search.JOBS,
)


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
    for part in (logs, languages, security, errors, health, compression):
        part.install(app)
    for plain in (assets.bp, media.bp, sitemap.bp):
        app.register_blueprint(plain)
    _add_rooms(app, portal)
    install_accounts(app, permissions=PERMISSIONS, places=DESK_PLACES)
    search.install(app, SEARCHED, SEARCHED_REFERENCES)
    cli.install(app, COMMANDS)
    editing.install(app)
    add_jobs(app, *JOBS)
    if settings.trusted_proxies:
        # The addresses of readers and whether they came by https, as told by our own proxies and by nobody else.
        hops = settings.trusted_proxies
        app.wsgi_app = cast(Any, ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0))  # type: ignore[method-assign]
    portal.pages = PageCache(app, portal, now=clock_of(app))
    app.wsgi_app = cast(Any, portal.pages)  # type: ignore[method-assign]
    return app


def live_catalogue(settings: Settings) -> LiveCatalogue:
    """The content of these settings, read and kept current; a repository that is not there yet is made."""
    if settings.content_is_repository:
        ensure_repository(Path(settings.content), PROJECT / "content", at=system_time())
    store = CompiledStore(settings.instance / "compiled")
    reader = Reader(TYPES, REFERENCE_TYPES, store=store)
    return LiveCatalogue(content_source(settings), reader, Generations(settings.instance / "generations"))


def content_source(settings: Settings) -> Source:
    """The folder of development or the repository of production."""
    path = Path(settings.content)
    return RepositorySource(path) if settings.content_is_repository else FolderSource(path)


def _add_rooms(app: Flask, portal: state.Portal) -> None:
    for bp, prefix in PUBLIC:
        app.register_blueprint(bp, url_prefix=f"/<lang:lang>{prefix}")
    for bp, prefix in STAFF:
        app.register_blueprint(bp, url_prefix=f"/<lang:lang>/staff{prefix}")
    portal.places += PLACES
    for slot, make in CARDS:
        state.card(portal, slot, make)
    portal.checks += CHECKS
    portal.template_globals.update(TEMPLATE_GLOBALS)
