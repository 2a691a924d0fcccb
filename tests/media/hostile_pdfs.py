"""PDF files that mean harm, made by hand and by the library: what acts, encloses or hides, and where it hides."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from tests.media.test_library import pdf

JAVASCRIPT = {"/S": Name.JavaScript, "/JS": "app.alert(1)"}
Change = Callable[[Pdf], None]


def changed(change: Change, **saving: object) -> bytes:
    """The form of the tests with a change made to its objects."""
    target = BytesIO()
    with pikepdf.open(BytesIO(pdf())) as made:
        change(made)
        made.save(target, **saving)
    return target.getvalue()


def action(**entries: object) -> Change:
    """A link on the page with that action."""

    def change(made: Pdf) -> None:
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 100, 100]),
            A=made.make_indirect(Dictionary(**entries)),
        )
        made.pages[0].Annots = Array([made.make_indirect(link)])

    return change


def annotation(subtype: str, **entries: object) -> Change:
    """A remark on the page of that kind."""

    def change(made: Pdf) -> None:
        remark = Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array([0, 0, 9, 9]), **entries)
        made.pages[0].Annots = Array([made.make_indirect(remark)])

    return change


def in_root(name: str, value: Callable[[Pdf], object]) -> Change:
    """An entry of the catalogue."""

    def change(made: Pdf) -> None:
        made.Root[Name("/" + name)] = value(made)

    return change


def attachment(made: Pdf) -> None:
    made.attachments["surat.exe"] = b"MZ"


def with_object(text: bytes) -> bytes:
    """The form with one more object that nothing refers to; readers repair its table of contents."""
    return pdf().replace(b"\nxref", b"\n99 0 obj\n" + text + b"\nendobj\nxref", 1)


def later_version(objects: bytes) -> bytes:
    """The form with a second version behind it, whose catalogue holds that text; xref left to repair."""
    data = pdf()
    root = data.rindex(b"/Root ") + 6
    number = data[root : data.index(b" ", root)]
    entry = number + b" 0 obj\n<< /Type /Catalog /Pages 1 0 R " + objects + b" >>\nendobj\n"
    begins, before = len(data), data[data.rindex(b"startxref") + 9 :].split()[0]
    table = b"xref\n%s 1\n%010d 00000 n \n" % (number, begins)
    trailer = b"trailer\n<< /Size 99 /Root %s 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, before, begins + len(entry),
    )  # fmt: skip
    return data + entry + table + trailer


def bomb() -> bytes:
    packed = zlib.compress(bytes(200 * 1024 * 1024), 9)
    return with_object(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))


def bomb_in_bomb() -> bytes:
    packed = zlib.compress(zlib.compress(bytes(100 * 1024 * 1024), 9), 9)
    head = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(packed)
    return with_object(head + packed + b"\nendstream")


def many_pages(made: Pdf) -> None:
    for _ in range(1100):
        made.pages.append(made.pages[0])


def many_objects(made: Pdf) -> None:
    made.Root.Many = Array([made.make_indirect(Dictionary(N=number)) for number in range(101_000)])


def signed(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(
        Fields=Array([made.make_indirect(Dictionary(FT=Name.Sig, V=Dictionary(ByteRange=Array([0, 1, 2, 3]))))])
    )


PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
SCRIPT = action(**{name[1:]: value for name, value in JAVASCRIPT.items()})
ENCRYPTED = pikepdf.Encryption(owner="rahasia", user="")
LOCKED = pikepdf.Encryption(owner="rahasia", user="rahasia")
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "script of a link": (lambda: changed(SCRIPT), "active"),
    "script in an object stream": (lambda: changed(SCRIPT, **PACKED), "active"),
    "script in an object that nothing refers to": (lambda: with_object(b"<< /S /JavaScript /JS (x) >>"), "active"),
    "script under a name in numbers": (lambda: with_object(b"<< /S /J#61vaScript >>"), "active"),
    "script key in numbers": (lambda: with_object(b"<< /#4a#53 (x) >>"), "active"),
    "script in a later version": (lambda: later_version(b"/AA << /WC << /S /JavaScript /JS (x) >> >>"), "active"),
    "script when it opens": (
        lambda: changed(in_root("OpenAction", lambda made: made.make_indirect(Dictionary(JAVASCRIPT)))), "active",
    ),
    "script by name": (
        lambda: changed(in_root("Names", lambda _made: Dictionary(JavaScript=Dictionary(Names=Array([]))))), "active",
    ),
    "script behind a harmless step": (
        lambda: changed(action(S=Name.GoTo, D="a", Next=Array([Dictionary(JAVASCRIPT)]))), "active",
    ),
    "step when a page opens": (
        lambda: changed(lambda made: made.pages[0].obj.__setitem__("/AA", Dictionary(O=Dictionary(S=Name.GoTo)))),
        "active",
    ),
    "address asked for when it opens": (
        lambda: changed(in_root("OpenAction", lambda _: Dictionary(S=Name.URI, URI="https://a.example/"))), "active",
    ),
    "program": (lambda: changed(action(S=Name.Launch, F="cmd.exe")), "active"),
    "form that sends": (lambda: changed(action(S=Name.SubmitForm, F="https://a.example/")), "active"),
    "data from a file": (lambda: changed(action(S=Name.ImportData, F="x.fdf")), "active"),
    "another document": (lambda: changed(action(S=Name.GoToR, F="other.pdf", D="a")), "active"),
    "document inside": (lambda: changed(action(S=Name.GoToE, D="a")), "active"),
    "film": (lambda: changed(action(S=Name.Rendition, OP=0)), "active"),
    "print": (lambda: changed(action(S=Name.Named, N=Name.Print)), "active"),
    "fields hidden": (lambda: changed(action(S=Name.Hide, T="x")), "active"),
    "address of a script": (lambda: changed(action(S=Name.URI, URI="javascript:alert(1)")), "active"),
    "address of a file": (lambda: changed(action(S=Name.URI, URI="file:///etc/passwd")), "active"),
    "address of a share": (lambda: changed(action(S=Name.URI, URI="\\\\server\\share")), "active"),
    "form in XML": (lambda: changed(in_root("AcroForm", lambda _made: Dictionary(XFA="x"))), "active"),
    "rich media": (lambda: changed(annotation("RichMedia")), "active"),
    "screen": (lambda: changed(annotation("Screen")), "active"),
    "space in three dimensions": (lambda: changed(annotation("3D")), "active"),
    "PostScript": (lambda: with_object(b"<< /Type /XObject /Subtype /PS >>"), "active"),
    "file inside": (lambda: changed(attachment), "encloses"),
    "file inside, packed": (lambda: changed(attachment, **PACKED), "encloses"),
    "file as a remark": (lambda: changed(annotation("FileAttachment", FS="x")), "encloses"),
    "stream from another file": (
        lambda: with_object(b"<< /F (/etc/passwd) /Length 1 >>\nstream\nx\nendstream"), "encloses",
    ),
    "portfolio": (lambda: changed(in_root("Collection", lambda _made: Dictionary(View=Name.D))), "encloses"),
    "password": (lambda: changed(lambda _made: None, encryption=LOCKED), "locked"),
    "password that nobody is asked for": (lambda: changed(SCRIPT, encryption=ENCRYPTED), "locked"),
    "signature": (lambda: changed(signed), "signed"),
    "200 MB unpacked": (bomb, "bomb"),
    "packing inside packing": (bomb_in_bomb, "bomb"),
    "more than a thousand pages": (lambda: changed(many_pages), "bomb"),
    "more than a hundred thousand objects": (lambda: changed(many_objects), "bomb"),
    "pages that hold themselves": (
        lambda: pdf().replace(b"/Kids [3 0 R]", b"/Kids [1 0 R]"), "unreadable",
    ),
    "no objects": (lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF\n", "unreadable"),
}  # fmt: skip

SECRET = b"RAHASIA"


def xmp(made: Pdf) -> None:
    made.Root.Metadata = made.make_stream(b"<x:xmpmeta>RAHASIA</x:xmpmeta>")
    made.pages[0].obj["/Metadata"] = made.make_stream(b"<x:xmpmeta>RAHASIA</x:xmpmeta>")
    made.pages[0].obj["/PieceInfo"] = Dictionary(Word=Dictionary(Private="RAHASIA"))
    made.docinfo[Name.Author] = "RAHASIA"
    made.docinfo[Name("/Perusahaan")] = "RAHASIA"


# Taken, and written anew without what hid in it.
REST: dict[str, Callable[[], bytes]] = {
    "metadata": lambda: changed(xmp),
    "metadata, packed": lambda: changed(xmp, **PACKED),
    "version of before": lambda: later_version(b"").replace(b"Formulir", b"Formulir").replace(
        b"/Type /Catalog\n", b"/Type /Catalog /Dahulu (RAHASIA)\n", 1
    ),
    "between the objects": lambda: pdf().replace(b"endobj\n", b"endobj\n% RAHASIA\n", 1),
    "object that nothing refers to": lambda: with_object(b"<< /Catatan (RAHASIA) >>"),
    "object stream that no table names": lambda: with_object(
        b"<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(PACKED_SCRIPT), PACKED_SCRIPT)
    ),
}  # fmt: skip
PACKED_SCRIPT = zlib.compress(b"1 0 << /S /JavaScript /JS (RAHASIA) >>")
