"""PDF files looked through before they are taken: nothing that runs, opens, encloses or hides something.

A PDF cannot be made anew without losing its text, so it is stored as it came, and served as a download that no
page of the site can be reached from. What this module cannot look into, it refuses.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from portal.media.sniffing import Refused

MOST_INFLATED = 150 * 1024 * 1024
MOST_STREAMS = 20_000
TAIL = 1024
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,60})")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
# What acts by itself or carries other files, and what keeps us from looking.
ACTIVE = frozenset({b"JavaScript", b"JS", b"Launch", b"RichMedia", b"XFA", b"SubmitForm", b"ImportData", b"Movie"})
ENCLOSING = frozenset({b"EmbeddedFile", b"EmbeddedFiles", b"Filespec", b"Collection"})
LOCKED = frozenset({b"Encrypt"})
FLATE = frozenset({b"FlateDecode", b"Fl"})
# Ways of packing that a stream of objects has no need of, and that would keep us from reading it.
ODD_PACKING = frozenset(
    {b"ASCIIHexDecode", b"AHx", b"ASCII85Decode", b"A85", b"LZWDecode", b"LZW", b"RunLengthDecode", b"RL", b"Crypt"}
    | {b"DecodeParms", b"DP"}
)


def check_pdf(data: bytes) -> None:
    """Raise Refused when the PDF is cut off, followed by something else, active, enclosing, locked or a bomb."""
    end = data.rfind(b"%%EOF")
    if end < 0 or len(data) - end > TAIL:
        raise Refused("broken" if end < 0 else "tail")
    if data[end + 5 :].strip(b"\r\n\t \x00"):
        raise Refused("tail")
    if b"startxref" not in data[-2 * TAIL :]:
        raise Refused("broken")
    position = inflated = 0
    for start, content, end in _streams(data):
        outside = data[position:start]
        _check_names(outside)
        head = outside[-2000:]
        position = end
        names = set(_names(head[head.rfind(b"obj") + 1 :]))
        holds_objects = b"ObjStm" in names
        if holds_objects and (names & ODD_PACKING or not names & FLATE):
            raise Refused("unreadable")
        if not names & FLATE:
            continue
        for piece in _inflated(content, strict=holds_objects):
            inflated += len(piece)
            if inflated > MOST_INFLATED:
                raise Refused("bomb")
            if holds_objects:
                _check_names(piece)
    _check_names(data[position:])


def _streams(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Where each stream starts, its bytes and where it ends; raises Refused above MOST_STREAMS."""
    position = count = 0
    while start := _STREAM.search(data, position):
        end = data.find(b"endstream", start.end())
        if end < 0:
            return
        count += 1
        if count > MOST_STREAMS:
            raise Refused("bomb")
        position = end + len(b"endstream")
        yield start.start(), data[start.end() : end], position


def _names(text: bytes) -> Iterator[bytes]:
    for name in _NAME.finditer(text):
        # A name may be spelled with signs as numbers: /J#61vaScript.
        yield _HEX.sub(lambda sign: bytes([int(sign[1], 16)]), name[1])


def _check_names(text: bytes) -> None:
    names = set(_names(text))
    for words, reason in ((ACTIVE, "active"), (ENCLOSING, "encloses"), (LOCKED, "locked")):
        if names & words:
            raise Refused(reason)


def _inflated(packed: bytes, *, strict: bool) -> Iterator[bytes]:
    """The stream unpacked in pieces that overlap a little, so that no name falls between two.

    A strict reader raises Refused where the bytes are no such stream; else it ends there.
    """
    unpacking = zlib.decompressobj()
    before, rest = b"", packed
    while rest and not unpacking.eof:
        try:
            piece = unpacking.decompress(rest, 1024 * 1024)
        except zlib.error:
            if strict:
                raise Refused("unreadable") from None
            return
        if not piece:
            return
        yield before + piece
        before, rest = piece[-64:], unpacking.unconsumed_tail
