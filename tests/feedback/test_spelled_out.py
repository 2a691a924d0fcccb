"""Addresses and numbers in words, handles, plates and birth dates are taken away; ordinary sentences stay whole."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.feedback.redaction import REDACTED, redacted

INDONESIAN = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
HARMLESS = """\
Berapa biaya paspor elektronik 48 halaman?
Biaya Rp350.000 atau Rp650.000 sejak 17 Desember 2024?
Biayanya satu juta tiga ratus lima puluh ribu rupiah?
Saya mau mengurus dua paspor untuk tiga anak.
Kami berlima, satu ayah, satu ibu dan tiga anak.
Lima ratus ribu rupiah per hari, benar?
Apakah UU 6/2011 pasal 75 masih berlaku?
Menurut PP Nomor 45 Tahun 2024 tarifnya berapa?
Permenkumham Nomor 22 Tahun 2023 mengatur apa?
Pasal 46 UU 27/2022 menyebut 3 x 24 jam.
Apakah kantor buka tanggal 24 Desember 2026?
Sosialisasi tanggal 12 Maret 2026 jam 09.00 di mana?
Acara 24-11-2026 sampai 26-11-2026 dibatalkan?
Paspor saya habis tanggal 1 Januari 2027.
Visa E33G dan E28A apa bedanya?
Saya masuk dengan visa B211A, bisa diperpanjang?
Visa B 211 A masih ada?
Visa C1, C2, D12 dan E31B.
Anak yang lahir sebelum 1 Agustus 2006 bisa ikut?
Anak lahir setelah 1 Agustus 2006 bagaimana?
Anak saya lahir di Dili, apakah perlu paspor?
Akta lahir anak saya hilang, bagaimana?
Apakah surat lahir dari rumah sakit cukup?
Tempat lahir saya salah tertulis di paspor.
Lihat di imigrasi.go.id sudah benar?
Saya daftar di molina.imigrasi.go.id tadi pagi.
Saya bekerja di kapal, tiga bulan di laut.
Bus berangkat jam 5 dari terminal.
Nomor antrean A 12 lewat berapa jam?
Loket 1, 2, 3, 4 dan 5 buka jam 8?
Titik kumpul di depan kantor?
Di titik mana batas negara?
Satu, dua atau tiga lembar fotokopi?
Apakah KITAS 1 tahun bisa jadi 2 tahun?
Denda overstay Rp1.000.000 per hari, maksimal 60 hari?
Bisa bayar di bank atau kantor pos?
Apakah line khusus lansia ada?
Pas lintas batas berlaku 1 bulan?
Mobil pelat Timor-Leste boleh masuk?
Umur 17 tahun sudah punya KTP.
How much is a passport of 48 pages?
Is the office open on 24 December 2026?
I want two passports for three children.
Five hundred thousand rupiah a day, is that right?
I arrive at Mota'ain at 9.30 with four friends.
Look at imigrasi.go.id, is it right?
Please meet me at the office. Thank you.
Children born before 1 August 2006, can they apply?
She was born in Dili. The event is on 12 March 2026.
My birth certificate is lost.
The dot on my photo is a problem.
Law 6/2011, article 75, is it in force?
Between 2 and 4 weeks, or 30 days?
My flight is QG 1234 on 12 May 2026.
One, two, three or four copies?
The visa E33 and the D2 are different.
Is at least one parent needed?
The line at the counter is long.
The bottle of water, is it allowed on 1 May 2026?
A little boy of seven or eight, does he need a visa?
"""


def left(text: str) -> str:
    return redacted(text, region="ID")


def test_sixty_ordinary_sentences_stay_whole() -> None:
    sentences = HARMLESS.splitlines()
    assert len(sentences) == 60
    assert {text: left(text) for text in sentences if left(text) != text} == {}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tulis ke budi at gmail dot com ya", f"tulis ke {REDACTED} ya"),
        ("budi titik santoso et kantor titik co titik id", REDACTED),
        ("Budi di gmail.com, tolong", f"{REDACTED}, tolong"),
        ("mail anna dot smith at example dot org please", f"mail {REDACTED} please"),
        ("WA nol delapan satu dua tiga empat lima enam tujuh", f"WA {REDACTED}"),
        ("call zero-eight-one-two 3 4 double five six", f"call {REDACTED}"),
        ("noldelapansatuduatigaempatlima", REDACTED),
        ("@budi_k, tolong", f"{REDACTED}, tolong"),
        ("IG: budi.kupang", REDACTED),
        ("lihat t.me/budi_k", f"lihat {REDACTED}"),
        ("motor DH 1234 AB dan mobil B 1234 XYZ", f"motor {REDACTED} dan mobil {REDACTED}"),
        ("pelat dh5678ac", f"pelat {REDACTED}"),
        ("Lahir di Kupang, 12 Maret 1990", f"Lahir di Kupang, {REDACTED}"),
        ("tanggal lahir 12/03/1990 benar", f"tanggal lahir {REDACTED} benar"),
        ("TTL: Atambua, 1-2-88", f"TTL: Atambua, {REDACTED}"),
        ("my date of birth is March 12, 1990", f"my date of birth is {REDACTED}"),
        ("she was born on 1990-03-12 in Dili", f"she was born on {REDACTED} in Dili"),
    ],
)
def test_examples(text: str, kept: str) -> None:
    assert left(text) == kept


@given(
    number=st.lists(st.integers(0, 9), min_size=8, max_size=14),
    words=st.sampled_from([INDONESIAN, ENGLISH]),
    spelled=st.lists(st.booleans(), min_size=14, max_size=14),
    between=st.sampled_from([" ", ", ", "-", ". ", "\n"]),
)
def test_no_number_survives_in_words(
    number: list[int], words: tuple[str, ...], spelled: list[bool], between: str
) -> None:
    written = between.join(
        words[digit] if in_words else str(digit) for digit, in_words in zip(number, spelled, strict=False)
    )
    assert left(f"Hubungi {written} ya") == f"Hubungi {REDACTED} ya"


@given(
    name=st.from_regex(r"[a-z]{2,12}( dot [a-z]{2,8})?", fullmatch=True),
    host=st.from_regex(r"[a-z]{3,10}", fullmatch=True),
    end=st.sampled_from([" dot com", " titik co titik id", " DOT org"]),
    at=st.sampled_from([" at ", " et ", " AT "]),
)
def test_no_address_survives_in_words(name: str, host: str, end: str, at: str) -> None:
    assert left(f"Kirim: {name}{at}{host}{end}.") == f"Kirim: {REDACTED}."


@given(text=st.lists(st.sampled_from([*INDONESIAN, *ENGLISH, "at", "dot", "lahir", "@", "DH", "1", "12", "AB", "."])))
def test_twice_is_as_good_as_once(text: list[str]) -> None:
    once = left(" ".join(text))
    assert left(once) == once


@pytest.mark.parametrize(
    "piece",
    ["a dot ", "lahir ", "satu ", "satu dua tiga lima enam tujuh x ", "@a", "DH 12 ", "a.", "ttl 1 ", "di gmail."],
)
def test_reading_takes_time_in_proportion_to_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text, best = piece * (length // len(piece)), 1e9
        for _ in range(3):
            began = time.process_time()
            left(text)
            best = min(best, time.process_time() - began)
        return best

    assert seconds(16_000) <= 3.2 * max(seconds(8_000), 0.005)
