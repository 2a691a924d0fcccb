"""What the page cache takes from the application behind it: a rendered page with everything that can make it stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.content.catalogue import Catalogue

Headers = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class RenderedPage:
    """An answer with what it was made of.

    It is right while `catalogue` is served or no document and record of `tags` has changed since, before
    `valid_until` (None: for ever), and while every tag of `live` has the generation that it had. The hashes are
    those of the inline styles and scripts that its Content-Security-Policy allows.
    """

    body: bytes
    catalogue: Catalogue
    tags: frozenset[str] = frozenset()
    valid_until: datetime | None = None
    live: Mapping[str, int] = field(default_factory=dict)
    style_hashes: tuple[str, ...] = ()
    script_hashes: tuple[str, ...] = ()


class ResponseCapture:
    """The `start_response` with which the cache calls the application: keeps status and headers.

    A response that others may be shown sets `page` before it starts; WSGI itself has no way to hand an object up.
    """

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self.page: RenderedPage | None = None

    def __call__(self, status: str, headers: Headers, _exc_info: object = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = status, list(headers)
        return lambda _data: None
