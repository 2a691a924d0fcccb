"""Upload, embed, used in, replace, remove: addresses stay, nothing but pixels remains."""

from __future__ import annotations

from io import BytesIO

import pytest
from fpdf import FPDF
from PIL import Image, ImageCms

from portal.media.record import MEDIA
from portal.media.staff import PERMISSIONS
from tests.accounts.signing import signed_in
from tests.media.conftest import DESK, Library, picture

ID = "loket-pelayanan-di-pagi-hari"
NAMES = [f"{ID}/{size}.{end}" for size in ("large", "medium", "small") for end in ("jpg", "webp")]


def pdf(words: str = "Formulir") -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=20)
    made.cell(text=words)
    return bytes(made.output())


def photo_with_place() -> bytes:
    """A photo as a phone makes it: lying on its side, with place, device, thumbnail, remarks and a profile."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Kamera Contoh", "Model Rahasia", 6
    exif.get_ifd(0x8825).update({1: "S", 2: (10.0, 9.0, 36.0), 3: "E", 4: (123.0, 35.0, 12.0)})
    exif.get_ifd(0x8769).update({0x9286: b"Catatan rahasia", 0xA420: "IDENTITAS"})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(
        1200, 800, exif=exif, icc_profile=profile, comment=b"Rahasia", xmp=b"<x>exif:GPSLatitude Rahasia</x>"
    )


def test_every_view_names_its_permission(library: Library) -> None:
    views = {rule.endpoint for rule in library.app.url_map.iter_rules() if rule.endpoint.startswith("media_staff.")}
    assert views == set(PERMISSIONS)


def test_who_writes_may_upload_and_only_a_publisher_may_change_what_is_shown(library: Library) -> None:
    library.add(picture())
    author = signed_in(library.app, ["author"])
    assert author.get(f"{DESK}/new").status_code == 200
    assert author.post(f"{DESK}/{ID}/remove").status_code == 403
    assert library.reader.get(f"{DESK}/").status_code == 303


def test_an_upload_becomes_three_sizes_twice_and_a_record(library: Library) -> None:
    answer = library.add(picture(2000, 1000))
    assert answer.headers["Location"] == f"{DESK}/{ID}"
    assert library.files() == [*NAMES, f"records/{ID}.yaml"]
    assert [action for action, _subject in library.desk.recorded] == ["media.add", "media.approve"]
    for name, width in (("small", 480), ("medium", 960), ("large", 1600)):
        for end, format_ in (("webp", "WEBP"), ("jpg", "JPEG")):
            made = Image.open(BytesIO(library.reader.get(f"/media/{ID}/{name}.{end}").data))
            assert (made.format, made.size) == (format_, (width, width // 2))
    shown = library.client.get(f"{DESK}/{ID}").get_data(as_text=True)
    assert "1.600 × 800" in shown or "1600 × 800" in shown
    assert " KB" in shown


def test_place_device_and_remarks_of_a_photo_are_gone_and_it_stands_upright(library: Library) -> None:
    data = photo_with_place()
    assert b"Rahasia" in data
    assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825)
    library.add(data)
    for name in NAMES:
        stored = library.reader.get(f"/media/{name}").data
        made = Image.open(BytesIO(stored))
        assert made.height > made.width
        assert not made.getexif()
        assert not made.info.keys() & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
        for trace in (b"Rahasia", b"rahasia", b"IDENTITAS", b"Exif", b"GPS", b"http://ns.adobe"):
            assert trace not in stored, (name, trace)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (picture(mode="RGBA", format_="PNG"), "png"),
        (picture(mode="RGBA", format_="WEBP"), "png"),
        (picture(format_="PNG"), "jpg"),
        (picture(mode="L"), "jpg"),
        (picture(mode="CMYK"), "jpg"),
        (picture(mode="P", format_="PNG"), "jpg"),
        (picture(20, 20), "jpg"),
    ],
)
def test_transparency_decides_the_other_format(library: Library, data: bytes, suffix: str) -> None:
    assert library.add(data).status_code == 303
    assert f"{ID}/medium.{suffix}" in library.files()


def test_a_page_shows_the_picture_with_its_sizes_and_words(library: Library) -> None:
    library.add(picture(2000, 1000))
    path = library.content / "faq" / "kartu-hilang" / "id.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n\n::: picture {ID} Loket nomor dua\n:::\n", encoding="utf-8")
    library.desk.reload_content()
    page = library.reader.get("/id/faq/kartu-hilang").get_data(as_text=True)
    assert f"/media/{ID}/small.webp 480w, /media/{ID}/medium.webp 960w, /media/{ID}/large.webp 1600w" in page
    assert 'width="960" height="480" alt="Loket pelayanan di pagi hari" loading="lazy"' in page
    assert "Loket nomor dua · Foto: Humas" in page
    shown = library.client.get(f"{DESK}/{ID}").get_data(as_text=True)
    assert "/id/faq/kartu-hilang" in shown
    refused = library.client.post(f"{DESK}/{ID}/remove")
    assert refused.status_code == 409
    assert f"{ID}/small.webp" in library.files()


def test_a_small_picture_names_each_width_once(library: Library) -> None:
    library.add(picture(600, 400))
    text = library.client.get(f"{DESK}/{ID}").get_data(as_text=True)
    assert f'srcset="/media/{ID}/small.jpg 480w, /media/{ID}/medium.jpg 600w"' in text


def test_replacing_keeps_every_address(library: Library) -> None:
    library.add(picture(2000, 1000))
    before = library.reader.get(f"/media/{ID}/large.jpg")
    assert library.add(picture(300, 300, mode="RGBA", format_="PNG"), to=f"{ID}/replace").status_code == 303
    after = library.reader.get(f"/media/{ID}/large.jpg")
    assert (after.status_code, after.data != before.data) == (200, True)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert library.files() == [*NAMES, f"records/{ID}.yaml"]
    assert library.upload(pdf(), to=f"{ID}/replace").status_code == 422


def test_words_are_asked_for_in_every_language(library: Library) -> None:
    for missing in ("words-id", "words-en"):
        answer = library.upload(picture(), **{missing: " "})
        assert answer.status_code == 422
        assert f'href="#field-{missing}"' in answer.get_data(as_text=True)
    assert library.files() == []
    library.add(picture())
    changed = {"words-id": "Ruang tunggu", "words-en": "Waiting room", "credit": ""}
    assert library.approve(library.client.post(f"{DESK}/{ID}/words", data=changed)).status_code == 303
    assert "Ruang tunggu" in library.client.get(f"{DESK}/").get_data(as_text=True)
    assert library.client.post(f"{DESK}/{ID}/words", data={**changed, "words-en": ""}).status_code == 422


def test_the_name_of_the_file_has_no_part_in_its_address(library: Library) -> None:
    names = ("../../site.yaml", "/etc/passwd", "a\x00.jpg", "..\\..\\x.php", "con.jpg", "x" * 3000 + ".jpg")
    for number, name in enumerate(names):
        words = {"words-id": f"Foto {number}", "words-en": f"Photo {number}"}
        assert library.add(picture(60, 60), name, **words).headers["Location"] == f"{DESK}/foto-{number}"
    # The name of a file that waits is taken as well.
    first, second = (library.upload(picture(60, 60), **{"words-id": "Foto 1"}) for _ in range(2))
    assert library.approve(first).headers["Location"] == f"{DESK}/foto-1-2"
    assert library.approve(second).headers["Location"] == f"{DESK}/foto-1-3"
    assert library.add(picture(60, 60), **{"words-id": "!?"}).headers["Location"] == f"{DESK}/berkas"
    assert library.add(picture(60, 60), **{"words-id": "Records"}).headers["Location"] == f"{DESK}/records-2"


def test_a_document_is_written_anew_and_served_as_a_download(library: Library) -> None:
    data = pdf()
    library.add(data, "formulir.pdf")
    answer = library.reader.get(f"/media/{ID}.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.data != data
    assert b"/CreationDate" in data
    assert b"/CreationDate" not in answer.data
    assert answer.headers["Content-Disposition"] == f"attachment; filename={ID}.pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_no_page_uses_can_be_removed(library: Library) -> None:
    library.add(picture())
    assert library.client.post(f"{DESK}/{ID}/remove").status_code == 303
    assert library.files() == []
    assert library.client.get(f"{DESK}/{ID}").status_code == 404


def test_a_refusal_of_the_desk_is_said(library: Library) -> None:
    library.desk.refuses = True
    answer = library.add(picture())
    assert answer.status_code == 409
    assert "Somebody else has just changed this." in answer.get_data(as_text=True)


def test_the_reference_reads_only_its_own_files() -> None:
    assert MEDIA.holds("media/records/foto.yaml")
    assert not MEDIA.holds("media/foto/small.webp")
