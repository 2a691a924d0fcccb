"""Headers that every answer carries, and the checks that stand before any view."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from portal.web.pages import PageResponse
from portal.web.state import portal

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
YEAR = 365 * 24 * 3600
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What the form of a stranger may hold; forms of staff are bounded by the application's MAX_CONTENT_LENGTH.
PUBLIC_FORM_BYTES, PUBLIC_FORM_FIELDS = 64 * 1024, 200
STAFF_FORM_FIELDS = 5000
# The policies of Trusted Types, by script: portal/static/js/<name>.js.
TRUSTED_TYPES = "draft pasting builder"
REPORTS_PATH = "/policy-reports"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask) -> None:
    """Add the headers, the check of hosts and the bounds of forms to the application."""
    app.before_request(_only_loopback_hosts)
    app.before_request(_bound_form)
    app.after_request(_add_headers)


def _only_loopback_hosts() -> None:
    # A developer's site must not answer a page that some other site's script reaches by a name of its own.
    if portal().settings.environment == "development":
        host = request.host.rpartition(":")[0] if not request.host.endswith("]") else request.host
        if (host or request.host) not in LOOPBACK:
            abort(400)


def _bound_form() -> None:
    """Refuse with 413 a form of too many bytes or fields, before anything reads it."""
    if request.method in READING:
        return
    if request.path.split("/")[2:3] == ["staff"]:
        most_fields = STAFF_FORM_FIELDS
    else:
        most_fields = PUBLIC_FORM_FIELDS
        request.max_content_length = request.max_form_memory_size = PUBLIC_FORM_BYTES
    request.max_form_parts = most_fields
    # The parser counts the fields of multipart forms alone.
    is_encoded = request.mimetype == "application/x-www-form-urlencoded"
    if is_encoded and request.get_data(cache=True).count(b"&") >= most_fields:
        abort(413)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = _content_policy(response)
    if urlsplit(portal().settings.base_url).scheme == "https":
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
    return response


def _content_policy(response: Response) -> str:
    """The Content-Security-Policy of a response: nothing but the inline styles and scripts of its page, by hash."""
    if response.mimetype != "text/html" or not isinstance(response, PageResponse):
        return "default-src 'none'; frame-ancestors 'none'"
    extra: dict[str, str] = g.get("policy_extra", {})
    styles = " ".join(f"'sha256-{digest}'" for digest in response.page.style_hashes)
    scripts = " ".join(f"'sha256-{digest}'" for digest in response.page.script_hashes)
    policy = {
        "default-src": "'none'",
        "style-src": styles or "'none'",
        "script-src": scripts or "'none'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    if request.path.split("/")[2:3] == ["staff"]:
        # No script of the desk may make HTML of text, but those two that read a page without showing it.
        policy |= {"require-trusted-types-for": "'script'", "trusted-types": TRUSTED_TYPES}
    if portal().settings.policy_reports:
        policy["report-uri"] = REPORTS_PATH
    for name, value in extra.items():
        kept = "" if policy.get(name) == "'none'" else policy.get(name, "")
        policy[name] = f"{kept} {value}".strip()
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def allow(directive: str, value: str) -> None:
    """Widen this page's policy, for instance `allow("script-src", "'self'")` on the desk."""
    extra: dict[str, str] = g.setdefault("policy_extra", {})
    extra[directive] = f"{extra.get(directive, '')} {value}".strip()


def is_same_origin() -> bool:
    """Whether a form without a token was sent from this site: Origin, then Sec-Fetch-Site, then Referer.

    A browser that sends none of them gets no for an answer; the view then asks for a confirmation.
    """
    origin = request.headers.get("Origin")
    if origin:
        return is_own_address(origin)
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched:
        return fetched == "same-origin"
    return is_own_address(request.headers.get("Referer", ""))


def is_own_address(address: str) -> bool:
    """Whether an address that a browser names has the scheme and the host of this site."""
    try:
        return bool(address) and urlsplit(address)[:2] == urlsplit(portal().settings.base_url)[:2]
    except ValueError:
        # Such as a bracket without its other half.
        return False
