"""The language of a page: taken off the address, put back into every link, chosen once by the reader."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, g, has_app_context, redirect, request
from flask_babel import Babel
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from portal.content.document import PRIMARY_LANGUAGE
from portal.languages.catalogues import one_stop, translations_of
from portal.languages.formatting import locale_of
from portal.web.state import portal

COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600
bp = Blueprint("languages", __name__)


class LanguageConverter(BaseConverter):
    """The first segment of a public address: two or three small letters."""

    regex = "[a-z]{2,3}"


def language() -> str:
    """The language of this request; Indonesian outside of one or where the address has none."""
    if not has_app_context():
        return PRIMARY_LANGUAGE
    code: str = g.get("language", PRIMARY_LANGUAGE)
    return code


def install(app: Flask) -> None:
    """Teach the application addresses with a language."""
    app.url_map.converters["lang"] = LanguageConverter
    Babel(app, locale_selector=lambda: locale_of(language()), default_locale=PRIMARY_LANGUAGE)
    app.url_value_preprocessor(_take)
    app.url_defaults(_put_back)
    app.register_blueprint(bp)


def _take(endpoint: str | None, values: dict[str, Any] | None) -> None:
    code = values.pop("lang", None) if values else None
    if code is None:
        return
    if code not in portal().live.current().site.language_codes:
        abort(404)
    g.language = code


def _put_back(endpoint: str, values: dict[str, Any]) -> None:
    from flask import current_app

    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = language()


@bp.get("/")
def root() -> Response:
    """Send a reader to their language: the saved choice, then what the browser prefers, then Indonesian."""
    codes = portal().live.current().site.language_codes
    chosen = request.cookies.get(COOKIE, "")
    if chosen not in codes:
        chosen = request.accept_languages.best_match(codes) or PRIMARY_LANGUAGE
    response = redirect(f"/{chosen}/", 302)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie, Accept-Language"
    return response


@bp.get("/language/<lang:code>")
def switch(code: str) -> Response:
    """Remember the language and go to the same page in it; only a path of this site is followed."""
    site = portal().live.current().site
    if code not in site.language_codes:
        abort(404)
    response = redirect(same_page_in(code, request.args.get("to", ""), site.language_codes), 303)
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE, code, max_age=COOKIE_SECONDS, secure=request.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def same_page_in(code: str, to: str, codes: tuple[str, ...]) -> str:
    """The path and query of `to` in another language, or that language's home for anything not of this site."""
    parts = urlsplit(to) if len(to) <= 2000 else urlsplit("")
    segments = parts.path.split("/")
    is_ours = (
        not parts.scheme
        and not parts.netloc
        and to.startswith("/")
        and not to.startswith("//")
        and "\\" not in to
        and all(character.isprintable() for character in to)
        and len(segments) > 1
        and segments[1] in codes
    )
    if not is_ours:
        return f"/{code}/"
    path = "/".join(["", code, *segments[2:]])
    return f"{path}?{parts.query}" if parts.query else path


@contextmanager
def force_locale(code: str) -> Iterator[None]:
    """Let words and addresses be those of that language within the block."""
    before = language()
    g.language = code
    try:
        yield
    finally:
        g.language = before


def gettext(message: str, **variables: Any) -> str:
    """The message in the request's language, its %(named)s places filled; what Flask-Babel gives for it."""
    translated: str = translations_of(language()).gettext(message)
    return one_stop(translated % variables, variables) if variables else translated


def ngettext(one: str, many: str, num: int, **variables: Any) -> str:
    """The message for that number in the request's language; the number itself fills %(num)d."""
    translated: str = translations_of(language()).ngettext(one, many, num)
    return one_stop(translated % {"num": num, **variables}, variables)
