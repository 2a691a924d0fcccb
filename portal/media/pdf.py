"""A PDF looked through object by object and written anew; a program of its own, so that its time and memory end.

Read on standard input, written on standard output: `ok` and a line feed before the new file, or the reason of a refusal
alone. It imports nothing of the site: `portal.media.documents` starts it in a process with bounds.
"""

from __future__ import annotations

import resource
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MOST_PAGES = 1000
MOST_OBJECTS = 100_000
MOST_INFLATED = 150 * 1024 * 1024
CPU_SECONDS = 20
MEMORY_BYTES = 1024 * 1024 * 1024
# What acts by itself, as a key or a name anywhere: qpdf has undone escapes (`/J#61vaScript`) and object streams.
ACTIVE = frozenset(
    {"JavaScript", "JS", "Launch", "RichMedia", "RichMediaExecute", "RichMediaContent", "XFA", "SubmitForm"}
    | {"ImportData", "ResetForm", "Movie", "Sound", "Rendition", "Renditions", "GoToR", "GoToE", "GoToDp"}
    | {"GoTo3DView", "3DD"}
)
ENCLOSING = frozenset(
    {"EmbeddedFile", "EmbeddedFiles", "EF", "Filespec", "Collection", "FileAttachment", "AF", "RF", "FFilter"}
)
SIGNED = frozenset({"ByteRange"})
# Names that mean something else elsewhere: a blend mode is called Screen as well.
ACTIVE_SUBTYPES = frozenset({"Screen", "3D", "PS", "TrapNet"})
ACTIVE_ACTIONS = frozenset({"Hide", "Thread", "SetOCGState", "Trans"})
PAGE_TURNS = frozenset({"NextPage", "PrevPage", "FirstPage", "LastPage"})
ADDRESSES = ("http://", "https://", "mailto:", "tel:")
# Who made it, with what and from what; none of it is on the page.
DROPPED = ("/ID", "/Metadata", "/PieceInfo", "/Thumb", "/SpiderInfo", "/OpenAction", "/LastModified")
FLATE = frozenset({"FlateDecode", "Fl"})
MOST_FILTERS = 2


class Unfit(Exception):
    """The file is not taken; its argument names why, as `portal.media.sniffing.Refused` does."""


def cleaned(data: bytes) -> bytes:
    """The PDF written anew: reachable objects of its last version alone, without metadata; raises Unfit."""
    # A library of 20 MB that nothing but this needs.
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        doc_max_warnings=1000,
        parser_max_nesting=100,
        parser_max_container_size=2 * MOST_OBJECTS,
        max_stream_filters=4,
        flate_max_memory=MOST_INFLATED,
        png_max_memory=MOST_INFLATED,
        tiff_max_memory=MOST_INFLATED,
        run_length_max_memory=MOST_INFLATED,
        dct_max_memory=MOST_INFLATED,
    )
    try:
        with pikepdf.Pdf.open(BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Unfit("locked")
            if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
                raise Unfit("bomb")
            _look_through(pdf)
            del pdf.docinfo
            target = BytesIO()
            pdf.save(
                target,
                linearize=True,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
    except pikepdf.PasswordError:
        raise Unfit("locked") from None
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, KeyError, RecursionError, MemoryError):
        raise Unfit("unreadable") from None
    return target.getvalue()


def _look_through(pdf: Any) -> None:
    """Refuse what acts, encloses or unpacks to too much in any object, also in those that no page reaches."""
    left = MOST_INFLATED
    for root in (pdf.trailer, *pdf.objects):
        for one, is_stream in _containers(root):
            _check(one, is_stream=is_stream)
            if is_stream:
                left -= _inflated(one, most=left)
            for key in DROPPED:
                if key in one:
                    del one[key]


def _containers(root: Any) -> Iterator[tuple[Any, bool]]:
    """The dictionaries and streams of one object, those inside included; indirect ones come by themselves."""
    import pikepdf

    pending = [root]
    while pending:
        one = pending.pop()
        is_stream = isinstance(one, pikepdf.Stream)
        if is_stream or isinstance(one, pikepdf.Dictionary):
            yield one, is_stream
            values = [one.get(key) for key in one.keys()]  # noqa: SIM118  A PDF object is no mapping.
        elif isinstance(one, pikepdf.Array):
            _check_names({_name(value) for value in one} - {""})
            values = list(one)
        else:
            continue
        pending += [value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect]


def _check(one: Any, *, is_stream: bool) -> None:
    keys = {key[1:] for key in one.keys()}  # noqa: SIM118  A PDF object is no mapping.
    _check_names(keys | {_name(one.get("/" + key)) for key in keys})
    if is_stream and "F" in keys:
        # Its bytes would come from another file.
        raise Unfit("encloses")
    action, subtype = _name(one.get("/S")), _name(one.get("/Subtype"))
    if action in ACTIVE_ACTIONS or subtype in ACTIVE_SUBTYPES or "AA" in keys:
        raise Unfit("active")
    if action == "Named" and _name(one.get("/N")) not in PAGE_TURNS:
        raise Unfit("active")
    opened = one.get("/OpenAction")
    if opened is not None and _keys(opened) and _name(opened.get("/S")) != "GoTo":
        raise Unfit("active")
    if "URI" in keys and not _keys(one.get("/URI")):
        address = str(one.get("/URI")).strip().lower()
        if not address.startswith(ADDRESSES):
            raise Unfit("active")


def _check_names(names: set[str]) -> None:
    for words, reason in ((ACTIVE, "active"), (ENCLOSING, "encloses"), (SIGNED, "signed")):
        if names & words:
            raise Unfit(reason)


def _name(value: Any) -> str:
    """The name without its sign; nothing for every other kind of value."""
    import pikepdf

    return str(value)[1:] if isinstance(value, pikepdf.Name) else ""


def _keys(value: Any) -> set[str]:
    import pikepdf

    return set(value.keys()) if isinstance(value, pikepdf.Dictionary | pikepdf.Stream) else set()


def _inflated(stream: Any, *, most: int) -> int:
    """How many bytes the outer packing of a stream gives; raises Unfit above `most` and for packing inside packing."""
    import pikepdf

    filters = stream.get("/Filter")
    names = [_name(one) for one in filters] if isinstance(filters, pikepdf.Array) else [_name(filters)]
    if len(names) > MOST_FILTERS or sum(name in FLATE for name in names) > 1:
        raise Unfit("bomb")
    if names[0] not in FLATE:
        return 0
    unpacking, rest, total = zlib.decompressobj(), stream.read_raw_bytes(), 0
    while rest and not unpacking.eof:
        try:
            piece = unpacking.decompress(rest, 1024 * 1024)
        except zlib.error:
            break
        total += len(piece)
        if total > most:
            raise Unfit("bomb")
        if not piece:
            break
        rest = unpacking.unconsumed_tail
    return total


def main() -> None:
    """Clean standard input within the bounds of time and memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = b"ok\n" + cleaned(sys.stdin.buffer.read())
    except Unfit as unfit:
        answer = str(unfit).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
