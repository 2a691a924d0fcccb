"""The applications that are measured, each made when granian asks for `bench.apps:NAME`.

All serve the same content through the same views and templates. `ours` is the site as it ships and `uncached` the
same without its page cache. `plain` is what Flask-Babel gives when it is used as its documentation shows: messages
looked up at every call, formats made anew; `plain_compressed` adds Flask-Compress. `django` renders the same
templates through Django's middlewares, translations and its Jinja backend.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from copy import copy
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

Format = Callable[..., str]
LOCALES = {"id": "id_ID", "en": "en_GB"}


def __getattr__(name: str) -> Any:
    makers: dict[str, Callable[[], Any]] = {
        "ours": ours,
        "uncached": uncached,
        "without_lock": without_lock,
        "plain": plain,
        "plain_compressed": plain_compressed,
        "django": django_stack,
    }
    # granian looks the name up once per worker.
    maker = makers.get(f"{name.removesuffix('_app')}") if name.endswith("_app") else None
    if maker is None:
        raise AttributeError(name)
    return maker()


def _made() -> Flask:
    from portal import create_app
    from portal.web.operations.commands import prepare

    app = create_app()
    prepare(app)
    # As wsgi.py does.
    gc.collect()
    gc.freeze()
    reached = count()

    @app.before_request
    def _count() -> None:
        # Whatever comes here was not answered by the page cache: its page is rendered.
        if not request.path.startswith("/bench/"):
            next(reached)

    @app.get("/bench/state")
    def state() -> Response:
        pages = app.extensions["portal"].page_cache.pages
        return jsonify(pid=os.getpid(), renders=next(copy(reached)), pages=len(pages), bytes=pages.bytes)

    @app.get("/bench/expire")
    def expire() -> Response:
        app.extensions["portal"].page_cache.pages.clear()
        return jsonify(pid=os.getpid())

    return app


def ours() -> Flask:
    """The site as it ships."""
    return _made()


def uncached() -> Flask:
    """The site with its page cache taken off: every request is rendered."""
    app = _made()
    app.wsgi_app = app.extensions["portal"].page_cache.app  # type: ignore[method-assign]
    return app


def without_lock() -> Flask:
    """The site with a page cache that lets every request for a missing page render it."""
    app = _made()
    app.extensions["portal"].page_cache._flight = lambda _key: nullcontext()
    return app


def plain() -> Flask:
    """The same views and templates on Flask-Babel alone."""
    import flask_babel

    _use_formats(_flask_babel_formats())
    _use_words(flask_babel.gettext, flask_babel.ngettext)
    app = uncached()
    with app.app_context():
        for code in ("id", "en"):
            app.extensions.setdefault("portal.environments", {})[code] = _plain_environment(app, code)
    return app


def plain_compressed() -> Flask:
    """The plain stack with Flask-Compress, as a site without a page cache would be served."""
    from flask_compress import Compress

    app = plain()
    Compress(app)
    return app


def _use_formats(formats: dict[str, Format]) -> None:
    # Before anything else of the portal is imported, so that every module takes these.
    from portal.languages import formatting

    for name, made in formats.items():
        setattr(formatting, name, made)


def _use_words(gettext: Format, ngettext: Format) -> None:
    """Views take their words from these functions, and no part of a page is remembered for another."""
    from jinja2 import Template

    from portal.web import words
    from portal.web.rendering import environments, fragments

    words.gettext, words.ngettext = gettext, ngettext
    fragments.fragment = lambda _key, make: make()
    environments.LanguageEnvironment.template_class = Template


def _flask_babel_formats() -> dict[str, Format]:
    import flask_babel

    return _formats(
        number=flask_babel.format_decimal,
        day=lambda value, pattern, _language: flask_babel.format_date(value, pattern, rebase=False),
        clock=lambda value, pattern, _language: flask_babel.format_time(value, pattern, rebase=False),
    )


def _babel_formats() -> dict[str, Format]:
    from babel.dates import format_date, format_time
    from babel.numbers import format_decimal
    from django.utils import translation

    return _formats(
        number=lambda value: format_decimal(value, locale=LOCALES[translation.get_language()]),
        day=lambda value, pattern, language: format_date(value, pattern, locale=LOCALES[language]),
        clock=lambda value, pattern, language: format_time(value, pattern, locale=LOCALES[language]),
    )


def _formats(*, number: Format, day: Format, clock: Format) -> dict[str, Format]:
    """The portal's formats made anew at every call with these functions; the same text as the remembered ones."""

    def clock_(value: time | datetime, language: str) -> str:
        if language == "id":
            return clock(time(value.hour, value.minute), "HH.mm", language)
        hour = value.hour % 12 or 12
        return f"{hour}:{value.minute:02d} {'a.m.' if value.hour < 12 else 'p.m.'}"

    def day_(value: date, language: str, weekday: bool = False) -> str:
        return day(value, "EEEE, d MMMM y" if weekday else "d MMMM y", language)

    def day_clock_(value: datetime, language: str) -> str:
        return f"{day_(value.date(), language)} {'pukul' if language == 'id' else 'at'} {clock_(value, language)}"

    return {
        "number": lambda value, _language: number(value),
        "money": lambda amount, language: f"Rp{number(amount)}" if language == "id" else f"IDR {number(amount)}",
        "day": day_,
        "short_day": lambda value, language, year=True: day(value, "d MMM y" if year else "d MMM", language),
        "month": lambda value, language: day(value, "MMMM y", language),
        "weekday": lambda value, language, short=False: day(value, "EEE" if short else "EEEE", language),
        "clock": clock_,
        "day_clock": day_clock_,
    }


def _plain_environment(app: Flask, code: str) -> Any:
    import flask_babel
    from flask import url_for

    from portal.web.pages import template_globals
    from portal.web.rendering.environments import LanguageEnvironment

    def url(endpoint: str, **values: Any) -> str:
        return url_for(endpoint, **values)

    made = LanguageEnvironment(code, reload=False, globals_=template_globals(app, code) | {"url": url}, folds=False)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        flask_babel.gettext, flask_babel.ngettext, newstyle=True, pgettext=flask_babel.pgettext
    )
    return made


def django_stack() -> Any:
    """The same views and templates under Django: its middlewares, translations, URL resolver and Jinja backend."""
    import django
    from django.conf import settings

    locales = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    _django_catalogues(locales)
    settings.configure(
        DEBUG=False,
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.django_urls",
        LANGUAGE_CODE="id",
        LANGUAGES=[("id", "Bahasa Indonesia"), ("en", "English")],
        LOCALE_PATHS=[str(locales)],
        USE_I18N=True,
        USE_TZ=True,
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "NAME": code,
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [],
                "OPTIONS": {"environment": f"bench.django_urls.environment_{code}"},
            }
            for code in LOCALES
        ],
    )
    django.setup()
    _use_formats(_babel_formats())
    _use_words(_django_gettext, _django_ngettext)
    from bench import django_urls

    django_urls.serve(uncached())
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()


def _django_gettext(message: str, **variables: Any) -> str:
    from django.utils import translation

    translated = translation.gettext(message)
    return translated % variables if variables else translated


def _django_ngettext(one: str, many: str, num: int, **variables: Any) -> str:
    from django.utils import translation

    return translation.ngettext(one, many, num) % {"num": num, **variables}


def _django_catalogues(folder: Path) -> None:
    from portal.settings import PROJECT

    for code in LOCALES:
        messages = folder / code / "LC_MESSAGES"
        messages.mkdir(parents=True)
        compiled = PROJECT / "translations" / code / "LC_MESSAGES" / "messages.mo"
        (messages / "django.mo").write_bytes(compiled.read_bytes())
