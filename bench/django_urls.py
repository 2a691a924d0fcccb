"""The Django side of the comparison: its URL patterns, its Jinja environment and the bridge to the same views."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path, reverse
from django.utils import translation
from flask import Flask
from jinja2 import Environment

from bench.substitution import substitute

urlpatterns: list[Any] = []
_app: list[Flask] = []


def serve(app: Flask) -> None:
    """Give Django a pattern for every route of the application, and let views render through Django's backend."""
    _app[:] = [app]
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            route = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", _converter(rule.rule), rule.rule.lstrip("/"))
            urlpatterns.append(path(route, _bridge(rule.endpoint), name=rule.endpoint))
    _render_through_django()


def _converter(rule: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"<{'path' if f'<path:{match[1]}>' in rule else 'str'}:{match[1]}>"


def _bridge(endpoint: str) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **values: Any) -> HttpResponse:
        app = _app[0]
        translation.activate(values.pop("lang", "id"))
        # What the portal's own functions in the templates need; `peers.uncached` measures it and takes it off.
        with app.request_context(request.META):
            app.preprocess_request()
            answer: HttpResponse = app.view_functions[endpoint](**values)
            return answer

    return view


def _render_through_django() -> None:
    from portal.web import pages

    def render(template: str, *, tags: Iterable[str] = (), status: int = 200, **context: Any) -> HttpResponse:
        engine = engines[translation.get_language()]
        html = engine.get_template(template).render({**pages.page_context(), **context})
        return HttpResponse(html, status=status)

    substitute([(pages.render, render)])
    # What embeds of a text call is rendered by the same environments.
    _app[0].extensions["portal.environments"] = {code: engines[code].env for code in ("id", "en")}


def environment_id(**options: Any) -> Environment:
    """Django's Jinja environment for Indonesian pages."""
    return _environment("id")


def environment_en(**options: Any) -> Environment:
    """Django's Jinja environment for English pages."""
    return _environment("en")


def _environment(code: str) -> Environment:
    """The portal's templates with Django's messages, reversed addresses and formats that are made anew."""
    from portal.web.pages import template_globals
    from portal.web.rendering.environments import LanguageEnvironment

    with _app[0].app_context():
        environment = LanguageEnvironment(
            code, reload=False, globals_=template_globals(_app[0], code) | {"url": _url}, folds=False
        )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext
    )
    return environment


def _url(endpoint: str, **values: Any) -> str:
    anchor = values.pop("_anchor", None)
    expects = _app[0].url_map.is_endpoint_expecting(endpoint, "lang")
    if expects:
        values.setdefault("lang", translation.get_language())
    result: str = reverse(endpoint, kwargs=values)
    return result + (f"#{anchor}" if anchor else "")
