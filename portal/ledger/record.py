"""What the last verification of the log found, kept in a file of the instance, outside the database that it judges."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec

FILE = "audit.json"


class VerificationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """When the log was verified, how long its chain is, what was found, and the last checkpoint that proves it.

    `proved` is the position up to which that checkpoint, made at `checkpoint_at`, proves it; 0 and None for none.
    """

    at: datetime
    length: int
    proved: int = 0
    checkpoint_at: datetime | None = None
    findings: tuple[str, ...] = ()


def read(instance: Path) -> VerificationRecord | None:
    """The record of the last verification, or None when there is none that can be read."""
    try:
        return msgspec.json.decode((instance / FILE).read_bytes(), type=VerificationRecord)
    except (OSError, msgspec.DecodeError):
        return None


def write(instance: Path, record: VerificationRecord) -> None:
    """Replace the record in one step."""
    fresh = instance / f"{FILE}.{os.getpid()}"
    fresh.write_bytes(msgspec.json.encode(record))
    fresh.replace(instance / FILE)
