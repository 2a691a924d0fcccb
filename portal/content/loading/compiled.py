"""The store of compiled documents on disk, so that a restart parses no file twice.

Key: the hash of a document's files, or `<path>:<digest>` of a reference file. Value: the packed facts, words and
bodies. Lifetime: until a start finds the key no longer wanted. The file is a sequence of blocks, each a length of
LENGTH_BYTES and a packed map: a change appends a block, a start with news writes a single block.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from portal.content.markdown.body import Body
from portal.content.markdown.compiler import RENDERER_VERSION

LENGTH_BYTES = 8
# So many changes since the file was written whole make the next start write it anew.
MOST_BLOCKS = 500
# About 10 KB each; the pages of a large site would otherwise keep every body twice, packed and unpacked.
MOST_UNPACKED = 400


class CompiledWords(msgspec.Struct, frozen=True):
    """The plain front matter and the rendered body of one file of words, packed until they are asked for."""

    words: msgspec.Raw
    body: msgspec.Raw


class Compiled(msgspec.Struct, frozen=True):
    """Everything of one document that is slow to make: plain values of its files, and its bodies."""

    facts: msgspec.Raw
    words: dict[str, CompiledWords]


class PackedBodies(Mapping[str, Body]):
    """The bodies of one document by language, unpacked when asked for; those asked for last stay unpacked."""

    # One is equal only to itself, so that what was unpacked is found without comparing texts.
    __hash__ = object.__hash__

    def __init__(self, words: Mapping[str, CompiledWords]) -> None:
        self._packed = words

    def __getitem__(self, language: str) -> Body:
        return _unpacked(self, language)

    def __eq__(self, other: object) -> bool:
        return self is other

    def unpack(self, language: str) -> Body:
        """The body of that language, made anew; KeyError where there is none."""
        return _BODY.decode(self._packed[language].body)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


@lru_cache(maxsize=MOST_UNPACKED)
def _unpacked(bodies: PackedBodies, language: str) -> Body:
    return bodies.unpack(language)


def _shape() -> str:
    """A mark of what a body holds, so that bodies of another shape lie in another file."""
    return blake2b(repr(msgspec.inspect.type_info(Body)).encode(), digest_size=4).hexdigest()


def packed(value: object) -> msgspec.Raw:
    """Plain values or a body as the store keeps them."""
    return msgspec.Raw(_ENCODER.encode(value))


_DECODER = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_COMPILED = msgspec.msgpack.Decoder(Compiled)
_BODY = msgspec.msgpack.Decoder(Body)
_VALUES = msgspec.msgpack.Decoder()
_ENCODER = msgspec.msgpack.Encoder()


class CompiledStore:
    """One file of compiled documents by hash; a missing, torn or foreign file reads as an empty one."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / f"compiled-{RENDERER_VERSION}-{_shape()}.msgpack" if folder else None
        self._stored: dict[str, msgspec.Raw] = {}
        self._fresh: dict[str, bytes] = {}
        self._blocks = 0
        if self._path:
            try:
                self._load(memoryview(self._path.read_bytes()))
            except (OSError, msgspec.MsgspecError):
                # What was read before the damage is sound, since every entry is named by its hash.
                self._blocks = MOST_BLOCKS

    def _load(self, raw: memoryview) -> None:
        while len(raw) > LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(raw[:LENGTH_BYTES], "big")
            self._stored |= _DECODER.decode(raw[LENGTH_BYTES:end])
            self._blocks += 1
            raw = raw[end:]

    def get(self, hash_: str) -> Compiled | None:
        """The compiled document of that hash, or nothing."""
        raw = self._fresh.get(hash_) or self._stored.get(hash_)
        try:
            return _COMPILED.decode(raw) if raw else None
        except msgspec.MsgspecError:
            return None

    def put(self, hash_: str, compiled: Compiled) -> None:
        """Remember a compiled document until the next save."""
        self._fresh[hash_] = _ENCODER.encode(compiled)

    def values(self, hash_: str) -> object:
        """Plain values kept under that hash, or nothing."""
        raw = self._fresh.get(hash_) or self._stored.get(hash_)
        try:
            return _VALUES.decode(raw) if raw else None
        except msgspec.MsgspecError:
            return None

    def put_values(self, hash_: str, values: object) -> None:
        """Remember the plain values of a file until the next save."""
        self._fresh[hash_] = _ENCODER.encode(values)

    def save(self, wanted: Mapping[str, object] | set[str]) -> None:
        """Write what is wanted in one replacing step, when anything new was compiled or there are many blocks."""
        if self._path is None or not (self._fresh or self._blocks >= MOST_BLOCKS):
            return
        entries: dict[str, msgspec.Raw] = {key: raw for key, raw in self._stored.items() if key in wanted}
        entries |= {key: msgspec.Raw(raw) for key, raw in self._fresh.items()}
        self._stored, self._fresh, self._blocks = entries, {}, 1
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix="compiled-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(_block(entries))
            Path(name).replace(self._path)
        except OSError:
            # The store is a cache: a full disk must not stop the site from showing what it parsed.
            return

    def append(self) -> None:
        """Write what was compiled since the last time behind the rest."""
        if self._path is None or not self._fresh:
            return
        fresh = {key: msgspec.Raw(raw) for key, raw in self._fresh.items()}
        self._stored |= fresh
        self._fresh = {}
        self._blocks += 1
        try:
            with self._path.open("ab", buffering=0) as file:
                file.write(_block(fresh))
        except OSError:
            return


def _block(entries: dict[str, msgspec.Raw]) -> bytes:
    payload = _ENCODER.encode(entries)
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload
