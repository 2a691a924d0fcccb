"""The applications that are measured, each made when granian asks for `bench.apps:NAME`.

All serve the same content through the same views and templates. `ours` is the site as it ships and `uncached` the
same without its page cache. `plain` is what Flask-Babel gives when it is used as its documentation shows: messages
looked up at every call, formats made anew; `plain_compressed` adds Flask-Compress. `django` renders the same
templates through Django's middlewares, translations and its Jinja backend.

Pages of all of them stand at one instant, `CLOCK`: the home page says whether counters are open now, and byte-identical
pages are what makes the stacks comparable.
"""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from copy import copy
from dataclasses import replace
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request

from bench.substitution import substitute

CLOCK = datetime.fromisoformat("2026-11-25T10:00+08:00")
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


def _site() -> Flask:
    from portal import create_app
    from portal.settings import from_environment
    from portal.web.operations.commands import prepare

    # Production refuses a clock that stands still when it reads its settings, so it is set after that.
    app = create_app(replace(from_environment(os.environ), clock=CLOCK))
    prepare(app)
    # As wsgi.py does.
    gc.collect()
    gc.freeze()
    renders = count()

    @app.before_request
    def _count() -> None:
        # Whatever comes here was not answered by the page cache: its page is rendered.
        if not request.path.startswith("/bench/"):
            next(renders)

    @app.get("/bench/state")
    def state() -> Response:
        pages = app.extensions["portal"].page_cache.pages
        return jsonify(pid=os.getpid(), renders=next(copy(renders)), pages=len(pages), bytes=pages.bytes)

    @app.get("/bench/expire")
    def expire() -> Response:
        app.extensions["portal"].page_cache.pages.clear()
        return jsonify(pid=os.getpid())

    return app


def ours() -> Flask:
    """The site as it ships."""
    return _site()


def uncached() -> Flask:
    """The site with its page cache taken off: every request is rendered."""
    app = _site()
    app.wsgi_app = app.extensions["portal"].page_cache.app  # type: ignore[method-assign]
    return app


def without_lock() -> Flask:
    """The site with a page cache that lets every request for a missing page render it."""
    app = _site()
    app.extensions["portal"].page_cache._flight = lambda _key: nullcontext()
    return app


def plain() -> Flask:
    """The same views and templates on Flask-Babel alone."""
    import flask_babel

    app = uncached()
    _substitute_formats(_flask_babel_formats())
    _substitute_words(flask_babel.gettext, flask_babel.ngettext)
    with app.app_context():
        app.extensions["portal.environments"] = {code: _plain_environment(app, code) for code in LOCALES}
    return app


def plain_compressed() -> Flask:
    """The plain stack with Flask-Compress, as a site without a page cache would be served."""
    from flask_compress import Compress

    app = plain()
    Compress(app)
    return app


def _substitute_formats(formats: dict[str, Format]) -> None:
    from portal.languages import formatting

    substitute([(getattr(formatting, name), format_) for name, format_ in formats.items()])


def _substitute_words(gettext: Format, ngettext: Format) -> None:
    """Let views take their words from these functions, and remember no part of a page for another."""
    from jinja2 import Template

    from portal.web import languages
    from portal.web.rendering import environments, fragments

    substitute(
        [
            (languages.gettext, gettext),
            (languages.ngettext, ngettext),
            (fragments.fragment, lambda _name, make: make()),
        ]
    )
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

    def clock_text(value: time | datetime, language: str) -> str:
        if language == "id":
            return clock(time(value.hour, value.minute), "HH.mm", language)
        hour = value.hour % 12 or 12
        return f"{hour}:{value.minute:02d} {'a.m.' if value.hour < 12 else 'p.m.'}"

    def day_text(value: date, language: str, weekday: bool = False) -> str:
        return day(value, "EEEE, d MMMM y" if weekday else "d MMMM y", language)

    def day_clock_text(value: datetime, language: str) -> str:
        return (
            f"{day_text(value.date(), language)} {'pukul' if language == 'id' else 'at'} {clock_text(value, language)}"
        )

    return {
        "number": lambda value, _language: number(value),
        "money": lambda amount, language: f"Rp{number(amount)}" if language == "id" else f"IDR {number(amount)}",
        "day": day_text,
        "short_day": lambda value, language, year=True: day(value, "d MMM y" if year else "d MMM", language),
        "month": lambda value, language: day(value, "MMMM y", language),
        "weekday": lambda value, language, short=False: day(value, "EEE" if short else "EEEE", language),
        "clock": clock_text,
        "day_clock": day_clock_text,
    }


def _plain_environment(app: Flask, code: str) -> Any:
    import flask_babel
    from flask import url_for

    from portal.web.pages import template_globals
    from portal.web.rendering.environments import LanguageEnvironment

    def url(endpoint: str, **values: Any) -> str:
        return url_for(endpoint, **values)

    environment = LanguageEnvironment(
        code, reload=False, globals_=template_globals(app, code) | {"url": url}, folds=False
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        flask_babel.gettext, flask_babel.ngettext, newstyle=True, pgettext=flask_babel.pgettext
    )
    return environment


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
    from bench import django_urls

    app = uncached()
    _substitute_formats(_babel_formats())
    _substitute_words(_django_gettext, _django_ngettext)
    django_urls.serve(app)
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
