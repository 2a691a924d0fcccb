"""The Flask class of the portal: a route that the page cache has matched is not matched again."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

from flask import Flask
from flask.ctx import RequestContext
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter, Rule

from portal.page_cache.query import QueryDeclaration

# Key of the WSGI environment under which the cache's call of `public_parameters` leaves its RouteMatch for Flask.
ROUTE_MATCH = "portal.route_match"


class RouteMatch(NamedTuple):
    """What the router found for a path; good for one request, since view arguments are changed on their way."""

    path: str
    rule: Rule
    view_args: dict[str, Any]


class _MatchedContext(RequestContext):
    def match_request(self) -> None:
        # Flask provides this method as the hook for other ways of matching; redirects and errors are left to it,
        # because their answers depend on the host.
        match = self.request.environ.pop(ROUTE_MATCH, None)
        if match is not None and match.path == self.request.environ.get("PATH_INFO"):
            self.request.url_rule, self.request.view_args = match.rule, match.view_args
        else:
            super().match_request()


class Application(Flask):
    """Flask with one route match per request."""

    def request_context(self, environ: WSGIEnvironment) -> RequestContext:
        """The context of a request; a subclass of Flask's own."""
        return _MatchedContext(self, environ)

    @cached_property
    def _router(self) -> MapAdapter:
        return self.url_map.bind("localhost")

    def public_parameters(self, environ: WSGIEnvironment) -> QueryDeclaration | None:
        """How the public page at this path reads its query parameters, or None when its view is not public."""
        path = environ.get("PATH_INFO", "")
        try:
            # WSGI hands bytes over as Latin-1; the router wants the text that they encode.
            text = path if path.isascii() else path.encode("latin1").decode(errors="replace")
            rule, view_args = self._router.match(text, method="GET", return_rule=True)
        except HTTPException:
            return None
        except Exception:  # a path that the router cannot take apart is no page of ours
            return None
        environ[ROUTE_MATCH] = RouteMatch(path, rule, dict(view_args))
        parameters: QueryDeclaration | None = getattr(self.view_functions.get(rule.endpoint), "page_query", None)
        return parameters


def behind_proxies(app: WSGIApplication, hops: int) -> WSGIApplication:
    """The application as it sees readers through that many proxies of ours; without any it stays as it is.

    The proxies tell a reader's address and scheme; the host never comes from a request.
    """
    if not hops:
        return app
    return ProxyFix(app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0)
