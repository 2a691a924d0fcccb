"""Files that staff add to the content: pictures and documents, never anything that could run."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, request

from portal.content.problems import ContentError
from portal.web.pages import catalogue
from portal.web.state import portal

# What may be shown inside a page or a browser's window, and what is only ever saved.
SHOWN = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
# A PDF is saved as well: browsers show it inside their own window only under a policy that is too open for it.
SAVED = {
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ics": "text/calendar",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
SECONDS = 600
bp = Blueprint("media", __name__)


@bp.get("/media/<path:path>")
def show(path: str) -> Response:
    """A file below media/ of a kind that cannot run; anything else is not here."""
    name = f"media/{path}"
    mark = catalogue().media.get(name)
    suffix = PurePosixPath(path).suffix.lower()
    mimetype = SHOWN.get(suffix) or SAVED.get(suffix)
    if mark is None or mimetype is None:
        abort(404)
    try:
        body = portal().live.source.read(name)
    except ContentError:
        abort(404)
    response = media_response(body, path, mimetype)
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    if catalogue().site.is_preview:
        response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(mark)
    response.make_conditional(request)
    return response


def media_response(body: bytes, path: str, mimetype: str) -> Response:
    """A file with the headers that let it run nothing, whoever gets it: shown or saved by the end of its name."""
    response = Response(body, mimetype=mimetype)
    # Whatever a file turns out to be, it gets an origin of its own and may run nothing.
    response.headers["Content-Security-Policy"] = POLICY
    name = PurePosixPath(path)
    placed = "inline" if name.suffix.lower() in SHOWN else "attachment"
    response.headers.set("Content-Disposition", placed, filename=name.name)
    return response
