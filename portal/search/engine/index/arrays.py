"""Named arrays and notes in one file that is mapped into memory without being parsed.

Layout: the magic bytes, the length of the head (8 bytes, little endian), the head (msgpack: dtype, shape and offset of
each array, the notes, the total bytes of the arrays), then the arrays. The head and each array begin at a multiple of
64 bytes.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_ALIGNMENT_BYTES = 64
_MAGIC = b"ARRAYS01"
_LENGTH_BYTES = 8
_Notes = TypeVar("_Notes", bound=msgspec.Struct)


class DamagedFile(Exception):
    """A file of arrays is cut short or is not one; the message names the file."""


class _ArrayLocation(msgspec.Struct, frozen=True):
    """The dtype and shape of an array, and its offset in bytes from the end of the padded head."""

    kind: str
    shape: tuple[int, ...]
    offset: int


class _Head(msgspec.Struct, frozen=True):
    locations: dict[str, _ArrayLocation] = msgspec.field(name="places")
    notes: msgspec.Raw
    array_bytes: int = msgspec.field(name="bytes")


def write_arrays(path: Path, arrays: Mapping[str, Array], notes: msgspec.Struct) -> None:
    """Write arrays and notes into one file."""
    locations: dict[str, _ArrayLocation] = {}
    offset = 0
    for name, array in arrays.items():
        locations[name] = _ArrayLocation(array.dtype.str, array.shape, offset)
        offset += _aligned(array.nbytes)
    head = msgspec.msgpack.encode(_Head(locations, msgspec.Raw(msgspec.msgpack.encode(notes)), offset))
    start = _aligned(len(_MAGIC) + _LENGTH_BYTES + len(head))
    with path.open("wb") as file:
        file.write(_MAGIC + len(head).to_bytes(_LENGTH_BYTES, "little") + head)
        for name, array in arrays.items():
            file.seek(start + locations[name].offset)
            file.write(np.ascontiguousarray(array).tobytes())
        file.truncate(start + offset)


def read_arrays(path: Path, notes_type: type[_Notes]) -> tuple[dict[str, Array], _Notes]:
    """Map a file written by `write_arrays`: its arrays (read only) and notes; raises DamagedFile."""
    with path.open("rb") as file:
        prefix = file.read(len(_MAGIC) + _LENGTH_BYTES)
        if prefix[: len(_MAGIC)] != _MAGIC or len(prefix) < len(_MAGIC) + _LENGTH_BYTES:
            raise DamagedFile(f"{path} is not a file of arrays.")
        length = int.from_bytes(prefix[len(_MAGIC) :], "little")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        head = msgspec.msgpack.decode(mapped[len(prefix) : len(prefix) + length], type=_Head)
        notes = msgspec.msgpack.decode(head.notes, type=notes_type)
    except msgspec.DecodeError as error:
        raise DamagedFile(f"{path} has a damaged head: {error}") from error
    start = _aligned(len(prefix) + length)
    if len(mapped) != start + head.array_bytes:
        raise DamagedFile(f"{path} has {len(mapped)} bytes, its head says {start + head.array_bytes}.")
    arrays: dict[str, Array] = {}
    for name, location in head.locations.items():
        count = int(np.prod(location.shape))
        flat: Array = np.frombuffer(mapped, dtype=location.kind, count=count, offset=start + location.offset)
        arrays[name] = flat.reshape(location.shape)
    return arrays, notes


def _aligned(size_bytes: int) -> int:
    return -(-size_bytes // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES


def pointers(counts: Array) -> Array:
    """The bounds of rows laid end to end, from the lengths of n rows: int64[n + 1], beginning with 0."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def pack_words(words: list[str]) -> tuple[Array, Array]:
    """The UTF-8 bytes of n words end to end (uint8), and their bounds (int64[n + 1])."""
    encoded = [word.encode() for word in words]
    blob = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return blob, pointers(np.array([len(word) for word in encoded], dtype=np.int64))


def unpack_words(blob: Array, starts: Array) -> list[str]:
    """The words packed by `pack_words`."""
    raw = blob.tobytes()
    bounds = starts.tolist()
    return [raw[start:end].decode() for start, end in pairwise(bounds)]
