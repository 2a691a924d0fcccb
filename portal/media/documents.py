"""PDF files: looked through and written anew by a process of its own, whose time and memory are bounded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from portal.media import pdf
from portal.media.sniffing import Refused

TAIL = 1024
SECONDS = 40
CLEANED = b"ok\n"
REASONS = frozenset({"active", "encloses", "locked", "signed", "bomb", "unreadable"})


def clean_pdf(data: bytes) -> bytes:
    """The PDF without metadata and earlier versions of itself.

    Raises Refused when it is cut off, followed by something else, active, enclosing, signed, locked or a bomb.
    """
    check_ends(data)
    # Isolated: neither the folder nor the environment of the site says what the program imports.
    command = [sys.executable, "-I", str(Path(pdf.__file__).resolve())]
    try:
        ran = subprocess.run(  # noqa: S603  The program is ours, the upload its input alone.
            command, input=data, capture_output=True, timeout=SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise Refused("bomb") from None
    if ran.stdout.startswith(CLEANED):
        return ran.stdout.removeprefix(CLEANED)
    reason = ran.stdout.decode(errors="replace")
    # A program that was ended by its bounds says nothing.
    raise Refused(reason if reason in REASONS else "bomb" if ran.returncode < 0 else "unreadable")


def check_ends(data: bytes) -> None:
    """Refuse a PDF without its end, and one behind which something else hangs."""
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Refused("broken")
    if len(data) - end > TAIL or data[end + 5 :].strip(b"\r\n\t \x00"):
        raise Refused("tail")
    if b"startxref" not in data[-2 * TAIL :]:
        raise Refused("broken")
