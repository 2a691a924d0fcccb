"""Styles and scripts: small ones inline and allowed by their hash, larger files under addresses that never change."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, g, send_file
from markupsafe import Markup
from werkzeug.security import safe_join

STATIC = Path(__file__).resolve().parents[2] / "static"
SHARED_SHEETS = ("tokens", "base", "components")
NAME = re.compile(r"^[a-z0-9_-]+$")
bp = Blueprint("assets", __name__)


def inline_css(*names: str) -> Markup:
    """A style element with the shared sheets and the named ones; its hash is allowed on this page."""
    text = css_text((*SHARED_SHEETS, *names))
    _allow("style_hashes", text)
    return Markup(f"<style>{text}</style>")  # noqa: S704 - the sheets are our own files


def inline_js(*names: str) -> Markup:
    """A script element with the named behaviours; its hash is allowed on this page."""
    text = js_text(names)
    _allow("script_hashes", text)
    return Markup(f"<script>{text}</script>")  # noqa: S704 - the scripts are our own files


def asset(path: str) -> str:
    """The address of a static file, which changes with its bytes and may be kept for ever."""
    return f"/static/{_remembered(_digest)(path)}/{path}"


@bp.get("/static/<digest>/<path:path>")
def static_file(digest: str, path: str) -> Response:
    """A static file under its hashed address."""
    file = safe_join(str(STATIC), path)
    if file is None:
        abort(404)
    try:
        current = _remembered(_digest)(path)
        data = Path(file).read_bytes()
    except OSError:
        abort(404)
    # Bytes and no open file: a reader who goes away in the middle, or a 304, leaves nothing to close.
    response = send_file(BytesIO(data), download_name=Path(path).name, etag=current)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if digest == current else "no-cache"
    return response


def css_text(names: tuple[str, ...]) -> str:
    """The sheets of those names in a row, without comments and needless white space."""
    return _remembered(_css)(names)


def js_text(names: tuple[str, ...]) -> str:
    """The scripts of those names in a row, without their opening comments."""
    return _remembered(_js)(names)


def _remembered(make: Callable[..., str]) -> Callable[..., str]:
    """The function itself in development, so that an edit shows; its remembered answers elsewhere."""
    if current_app.debug or current_app.config.get("RELOAD"):
        return make
    return _CACHED[make]


def _digest(path: str) -> str:
    full = (STATIC / path).resolve()
    if not full.is_relative_to(STATIC):
        raise FileNotFoundError(path)
    return hashlib.blake2b(full.read_bytes(), digest_size=6).hexdigest()


def _css(names: tuple[str, ...]) -> str:
    text = "\n".join(_file("css", name) for name in names)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text).replace(";}", "}").strip()


def _js(names: tuple[str, ...]) -> str:
    return _without_comments("\n".join(_file("js", name) for name in names))


def _without_comments(text: str) -> str:
    lines = [line.strip() for line in re.sub(r"/\*.*?\*/", "", text, flags=re.S).splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _file(kind: str, name: str) -> str:
    if not NAME.match(name):
        raise ValueError(f"'{name}' is no name of a {kind} file")
    path = STATIC / kind / f"{name}.{kind}"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _allow(kind: str, text: str) -> None:
    hashes: list[str] = g.setdefault(kind, [])
    digest = _sha256(text)
    if digest not in hashes:
        hashes.append(digest)


@lru_cache(maxsize=256)
def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_CACHED: dict[Callable[..., str], Callable[..., str]] = {
    make: lru_cache(maxsize=256)(make) for make in (_digest, _css, _js)
}
