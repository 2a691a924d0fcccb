"""Uploads that mean harm: each is refused in plain words, or comes out as nothing but pixels."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from portal.media.sniffing import MOST_BYTES
from tests.media.conftest import DESK, Library, picture
from tests.media.test_library import ID, pdf

SCRIPT = b"<script>alert(document.domain)</script>"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def archive(name: str = "x.html", content: bytes = SCRIPT) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return target.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG whose header promises that size; the pixels are whatever the chunks say."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose header promises that size."""
    data = bytearray(picture(64, 64))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Pilih berkas"),
    "50 MB": (lambda: picture(60, 60) + bytes(50 * 1024 * 1024), "lebih besar dari 10 MB"),
    "just over the limit": (lambda: picture(60, 60) + bytes(MOST_BYTES), "lebih besar dari 10 MB"),
    "SVG with a script": (lambda: SVG, "SVG"),
    "SVG behind a prolog": (lambda: b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "y">]>' + SVG, "SVG"),
    "SVG in UTF-16": (lambda: SVG.decode().encode("utf-16"), "SVG"),
    "page as jpg": (lambda: b"<!DOCTYPE html><html>" + SCRIPT, "halaman web"),
    "script alone": (lambda: SCRIPT, "halaman web"),
    "PHP as png": (lambda: b"<?php system($_GET['x']); ?>", "halaman web"),
    "GIF with JavaScript": (lambda: b"GIF89a/*" + SCRIPT + b"*/=1;", "GIF"),
    "program for Windows": (lambda: b"MZ\x90\x00" + bytes(200), "program"),
    "program for Linux": (lambda: b"\x7fELF" + bytes(200), "program"),
    "shell script": (lambda: b"#!/bin/sh\nrm -rf /", "program"),
    "archive": (archive, "arsip"),
    "bomb of an archive": (lambda: archive("x", bytes(20 * 1024 * 1024)), "arsip"),
    "old office document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "arsip"),
    "HEIC": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(200), "HEIC"),
    "film": (lambda: b"\x00\x00\x00\x18ftypisom" + bytes(200), "Film"),
    "virus test": (lambda: EICAR, "bukan berkas JPEG"),
    "text": (lambda: b"hello", "bukan berkas JPEG"),
    "TIFF": (lambda: b"II*\x00" + bytes(200), "bukan berkas JPEG"),
    "BMP": (lambda: b"BM" + bytes(200), "bukan berkas JPEG"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0\n(%pipe%id) (w) file", "bukan berkas JPEG"),
    "cut-off JPEG": (lambda: picture(400, 400)[:1500], "rusak atau terpotong"),
    "cut-off PNG": (lambda: picture(400, 400, format_="PNG")[:200], "rusak atau terpotong"),
    "cut-off WebP": (lambda: picture(400, 400, format_="WEBP")[:300], "rusak atau terpotong"),
    "only the sign of a JPEG": (lambda: b"\xff\xd8\xff", "rusak atau terpotong"),
    "PNG that promises 60000 x 60000": (
        lambda: png(60000, 60000, chunk(b"IDAT", zlib.compress(b"x"))),
        "terlalu besar",
    ),
    "PNG bomb of 10000 x 10000": (
        lambda: png(10000, 10000, chunk(b"IDAT", zlib.compress(bytes(30001 * 10000), 9))),
        "terlalu besar",
    ),
    "PNG with a bomb as text": (
        lambda: png(64, 64, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9))),
        "rusak atau terpotong",
    ),
    "JPEG that promises 65000 x 65000": (lambda: jpeg_of(65000, 65000), "terlalu besar"),
    "picture of one line": (lambda: picture(4000, 20), "terlalu sempit"),
    "PDF and archive": (lambda: pdf() + archive(), "di ujung PDF"),
    "PDF and page": (lambda: pdf() + SCRIPT, "di ujung PDF"),
    "cut-off PDF": (lambda: pdf()[:400], "rusak atau terpotong"),
    "page before a PDF": (lambda: SCRIPT + pdf(), "halaman web"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_plain_words(shared_library: Library, name: str) -> None:
    make, words = REFUSED[name]
    answer = shared_library.upload(make(), "../../liburan.jpg")
    assert answer.status_code in (413, 422)
    text = answer.get_data(as_text=True)
    assert words in text
    assert 'href="#field-file"' in text
    assert shared_library.files() == []


def animated() -> bytes:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    return target.getvalue()


HARMLESS: dict[str, Callable[[], bytes]] = {
    "JPEG and page": lambda: picture(300, 200) + SCRIPT,
    "JPEG and archive": lambda: picture(300, 200) + archive(),
    "JPEG and PDF": lambda: picture(300, 200) + pdf(),
    "JPEG with a script as remark": lambda: picture(300, 200, comment=SCRIPT),
    "JPEG with PHP as EXIF": lambda: picture(300, 200, exif=b"Exif\0\0" + b"<?php system('id'); ?>"),
    "JPEG with a broken profile": lambda: picture(300, 200, icc_profile=SCRIPT * 10),
    "PNG and program": lambda: picture(300, 200, format_="PNG") + b"MZ\x90\x00" + SCRIPT,
    "PNG with a script as text": lambda: picture(300, 200, format_="PNG").replace(
        b"IDAT", b"IDAT", 1
    ).replace(b"\x00\x00\x00\x00IEND", chunk(b"tEXt", b"x\0" + SCRIPT) + b"\x00\x00\x00\x00IEND"),
    "WebP with XMP": lambda: picture(300, 200, format_="WEBP", xmp=SCRIPT),
    "WebP that moves": animated,
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_made_harmless(shared_library: Library, name: str) -> None:
    library = shared_library
    assert library.add(HARMLESS[name](), "liburan.php").status_code == 303
    for path in library.files():
        stored = (library.content / "media" / path).read_bytes()
        for trace in (SCRIPT, b"<?php", b"PK\x03\x04", b"%PDF", b"MZ\x90"):
            assert trace not in stored, path
        if path.startswith(ID):
            made = Image.open(io.BytesIO(stored))
            made.load()
            assert getattr(made, "n_frames", 1) == 1
    assert library.client.post(f"{DESK}/{ID}/remove").status_code == 303


def test_there_are_more_than_thirty() -> None:
    assert len(REFUSED) + len(HARMLESS) >= 30
