"""What a request accepts: a coding of the bytes, and whether it already has them."""

from __future__ import annotations

from functools import lru_cache

LONGEST_ENCODINGS = 500
LONGEST_TAGS = 2000
CODINGS = ("br", "gzip")


def content_coding(header: str) -> str:
    """The coding to answer with, `br`, `gzip` or `identity`, for a request's Accept-Encoding."""
    return _coding(header) if len(header) <= LONGEST_ENCODINGS else "identity"


@lru_cache(maxsize=512)
def _coding(header: str) -> str:
    accepted: dict[str, float] = {}
    for item in header.lower().split(","):
        name, _semicolon, parameters = item.strip().partition(";")
        accepted[name.strip()] = _quality(parameters)
    for name in CODINGS:
        if accepted.get(name, accepted.get("*", 0.0) if name == "gzip" else 0.0) > 0:
            return name
    return "identity"


def _quality(parameters: str) -> float:
    name, _equals, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def is_not_modified(header: str, etag: str) -> bool:
    """Whether a request's If-None-Match names this weak tag; only its first two thousand characters count."""
    if not header:
        return False
    if header == etag:
        return True
    tags = [tag.strip().removeprefix("W/") for tag in header[:LONGEST_TAGS].split(",")]
    return "*" in tags or etag.removeprefix("W/") in tags
