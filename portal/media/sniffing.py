"""What a file is, told by its first bytes and by nothing else: neither its name nor what the browser says counts."""

from __future__ import annotations

import re

MOST_BYTES = 10 * 1024 * 1024
HEAD = 1024


class Refused(Exception):
    """The upload is not taken; `reason` names why, a code that the view translates."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


JPEG, PNG, WEBP, PDF = "jpeg", "png", "webp", "pdf"
_SIGNS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\xff\xd8\xff"), JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG),
    (re.compile(rb"RIFF....WEBP", re.S), WEBP),
    (re.compile(rb"%PDF-[12]\.\d"), PDF),
)
# Kinds that people do send, each of which deserves its own advice.
_STRANGERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"....ftyp(hei|hev|mif|msf|avi)", re.S), "phone-format"),
    (re.compile(rb"GIF8"), "gif"),
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "office"),
    (re.compile(rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI |ID3|OggS", re.S), "film"),
    (re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe"), "program"),
)
_SVG = re.compile(rb"<svg[\s>]", re.I)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|script|\?php|body|iframe)", re.I)


def kind_of(data: bytes) -> str:
    """Give jpeg, png, webp or pdf; raises Refused: empty, large, or the name of what it is instead."""
    if not data:
        raise Refused("empty")
    if len(data) > MOST_BYTES:
        raise Refused("large")
    for pattern, kind in _SIGNS:
        if pattern.match(data):
            return kind
    for pattern, reason in _STRANGERS:
        if pattern.match(data):
            raise Refused(reason)
    head = data[:HEAD]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\x00", b"")
    if _SVG.search(head):
        raise Refused("svg")
    raise Refused("page" if _PAGE.search(head) else "unknown")
