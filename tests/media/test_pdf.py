"""PDF files: nothing active wherever it hides, nothing left over, bounds of time and memory."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from portal.media import documents
from portal.media.documents import check_ends, clean_pdf
from portal.media.pdf import Unfit, cleaned
from portal.media.sniffing import Refused
from tests.media.conftest import Library
from tests.media.hostile_pdfs import HOSTILE, REST, SECRET, action, bomb, changed
from tests.media.test_library import ID, pdf

WORDS = {"active": "memuat program", "encloses": "membawa berkas lain", "locked": "dikunci", "bomb": "mengembang"}


def everything_in(data: bytes) -> bytes:
    """The file with every object and stream unpacked."""
    target = BytesIO()
    with pikepdf.open(BytesIO(data)) as made:
        made.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
            preserve_pdfa=False,
        )
    return target.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_acts_encloses_or_hides_is_refused(name: str) -> None:
    make, reason = HOSTILE[name]
    data = make()
    check_ends(data)
    with pytest.raises(Unfit) as unfit:
        cleaned(data)
    assert str(unfit.value) == reason


@pytest.mark.parametrize("name", REST)
def test_what_is_left_of_others_is_gone(name: str) -> None:
    data = REST[name]()
    if name != "object stream that no table names":
        assert SECRET in everything_in(data) or SECRET in data
    made = everything_in(cleaned(data))
    for trace in (SECRET, b"xmpmeta", b"/Metadata", b"/Info", b"JavaScript", b"PieceInfo"):
        assert trace not in made
    with pikepdf.open(BytesIO(made)) as read:
        assert len(read.pages) == 1


def test_words_links_and_fields_stay() -> None:
    data = cleaned(changed(action(S=pikepdf.Name.URI, URI="https://imigrasi.example/")))
    with pikepdf.open(BytesIO(data)) as made:
        assert made.pages[0].Annots[0].A.URI == "https://imigrasi.example/"
        assert b"Formulir" in made.pages[0].Contents.read_bytes()
        assert "/OpenAction" not in made.Root
        assert made.is_linearized
    assert cleaned(data) == cleaned(data)
    field = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="nama", Kids=pikepdf.Array([]))

    def form(made: pikepdf.Pdf) -> None:
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([made.make_indirect(field)]))

    with pikepdf.open(BytesIO(cleaned(changed(form)))) as made:
        assert made.Root.AcroForm.Fields[0].T == "nama"


def test_the_work_is_done_by_a_process_of_its_own() -> None:
    assert clean_pdf(pdf()) == cleaned(pdf())
    with pytest.raises(Refused) as refused:
        clean_pdf(bomb())
    assert refused.value.reason == "bomb"


@pytest.mark.parametrize("bound", ["RLIMIT_CPU", "RLIMIT_AS"])
def test_a_file_that_takes_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bound: str) -> None:
    greedy = "while True: pass" if bound == "RLIMIT_CPU" else "x = [bytes(10**7) for _ in range(10**6)]"
    program = f"import resource; resource.setrlimit(resource.{bound}, ({{0}}, {{0}}))\n{greedy}"
    path = tmp_path / "greedy.py"
    path.write_text(program.format(1 if bound == "RLIMIT_CPU" else 200_000_000), encoding="utf-8")
    monkeypatch.setattr(documents.pdf, "__file__", str(path))
    with pytest.raises(Refused) as refused:
        clean_pdf(pdf())
    assert refused.value.reason in ("bomb", "unreadable")


@pytest.mark.parametrize("reason", WORDS)
def test_each_refusal_is_in_plain_words(shared_library: Library, reason: str) -> None:
    make = next(make for make, why in HOSTILE.values() if why == reason)
    answer = shared_library.upload(make(), "formulir.pdf")
    assert answer.status_code == 422
    assert WORDS[reason] in answer.get_data(as_text=True)
    assert not shared_library.files()


def test_a_cleaned_form_is_served(library: Library) -> None:
    assert library.add(pdf(), "formulir.pdf").status_code == 303
    assert library.reader.get(f"/media/{ID}.pdf").data == cleaned(pdf())
