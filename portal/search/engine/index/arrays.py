"""Named arrays and texts in one file that can be mapped into memory without being parsed."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_ALIGNMENT = 64
_MAGIC = b"ARRAYS01"


class DamagedFile(Exception):
    """A file of arrays is cut short or is not one; the message names the file."""


class _Place(msgspec.Struct, frozen=True):
    kind: str
    shape: tuple[int, ...]
    offset: int


def write_arrays(path: Path, arrays: Mapping[str, Array], notes: Mapping[str, Any]) -> None:
    """Write arrays and notes (anything msgpack can hold) into one file."""
    places: dict[str, _Place] = {}
    offset = 0
    for name, array in arrays.items():
        places[name] = _Place(array.dtype.str, array.shape, offset)
        offset += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = msgspec.msgpack.encode({"places": places, "notes": dict(notes), "bytes": offset})
    start = -(-(len(_MAGIC) + 8 + len(head)) // _ALIGNMENT) * _ALIGNMENT
    with path.open("wb") as file:
        file.write(_MAGIC + len(head).to_bytes(8, "little") + head)
        for name, array in arrays.items():
            file.seek(start + places[name].offset)
            file.write(np.ascontiguousarray(array).tobytes())
        file.truncate(start + offset)


def read_arrays(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Map a file written by `write_arrays`: its arrays (read only) and notes; raises DamagedFile."""
    with path.open("rb") as file:
        prefix = file.read(len(_MAGIC) + 8)
        if prefix[: len(_MAGIC)] != _MAGIC or len(prefix) < len(_MAGIC) + 8:
            raise DamagedFile(f"{path} is not a file of arrays.")
        length = int.from_bytes(prefix[len(_MAGIC) :], "little")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    try:
        head = msgspec.msgpack.decode(mapped[len(prefix) : len(prefix) + length])
        places = msgspec.convert(head["places"], dict[str, _Place])
    except (msgspec.DecodeError, msgspec.ValidationError, KeyError, TypeError) as error:
        raise DamagedFile(f"{path} has a damaged head: {error}") from error
    start = -(-(len(prefix) + length) // _ALIGNMENT) * _ALIGNMENT
    if len(mapped) != start + head["bytes"]:
        raise DamagedFile(f"{path} has {len(mapped)} bytes, its head says {start + head['bytes']}.")
    arrays: dict[str, Array] = {}
    for name, place in places.items():
        count = int(np.prod(place.shape))
        flat: Array = np.frombuffer(mapped, dtype=place.kind, count=count, offset=start + place.offset)
        arrays[name] = flat.reshape(place.shape)
    return arrays, head["notes"]


def pointers(counts: Array) -> Array:
    """Start and end of each row from the rows' lengths."""
    starts = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def pack_words(listed: list[str]) -> tuple[Array, Array]:
    """Words as one row of bytes and the places where each begins and ends."""
    encoded = [word.encode() for word in listed]
    blob = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return blob, pointers(np.array([len(word) for word in encoded], dtype=np.int64))


def unpack_words(blob: Array, starts: Array) -> list[str]:
    """The words packed by `pack_words`."""
    raw = blob.tobytes()
    bounds = starts.tolist()
    return [raw[start:end].decode() for start, end in pairwise(bounds)]
