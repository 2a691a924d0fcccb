"""Stems: Snowball's Indonesian and English, with the Indonesian forms that it gets wrong."""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer

_FAMILIES = """
tolak: menolak ditolak penolakan tertolak
mohon: memohon pemohon permohonan dimohon pemohonan bermohon
perpanjang: memperpanjang diperpanjang perpanjangan pemanjangan perpanjangannya
halaman: halamannya
nikah: menikah pernikahan dinikahi menikahi nikahan
rusak: merusak kerusakan dirusak perusakan
ambil: mengambil pengambilan diambil terambil ngambil
urus: mengurus pengurusan diurus ngurus urusan pengurus
ubah: mengubah perubahan diubah pengubahan merubah berubah dirubah
hilang: kehilangan menghilangkan menghilang ilang
buat: membuat pembuatan dibuat perbuatan
bayar: membayar pembayaran dibayar dibayarkan bayaran terbayar
lapor: melapor melaporkan pelaporan dilaporkan laporan pelapor terlapor
tinggal: meninggal peninggalan ditinggal tertinggal
meninggal: meninggalnya
terbit: menerbitkan penerbitan diterbitkan terbitan
pindah: memindahkan perpindahan dipindahkan berpindah pemindahan kepindahan
daftar: mendaftar pendaftaran didaftarkan mendaftarkan terdaftar pendaftar kedaftar
tanya: bertanya menanyakan pertanyaan ditanya nanya ditanyakan
tunda: menunda penundaan ditunda tertunda
cabut: mencabut pencabutan dicabut
cegah: mencegah pencegahan dicegah
tangkal: menangkal penangkalan ditangkal
kirim: mengirim pengiriman dikirim dikirimkan kiriman
ganti: mengganti penggantian diganti pergantian berganti gantiin
kembali: mengembalikan pengembalian dikembalikan kembalian
berlaku: pemberlakuan diberlakukan berlakunya
laku: melakukan dilakukan pelaku
ajak: mengajak diajak ajakan ngajak
undang: mengundang undangan diundang ngundang
undangundang: uu
awas: mengawasi pengawasan diawasi pengawas
jamin: menjamin penjamin jaminan dijamin penjaminan
kuasa: menguasakan dikuasakan penguasaan
wakil: mewakili diwakilkan diwakili perwakilan mewakilkan
tampung: menampung penampungan ditampung
inap: menginap penginapan nginap diinapkan
sewa: menyewa penyewa disewa disewakan
ajar: mengajar pengajar pengajaran ngajar
belajar: pelajar pembelajaran
kerja: bekerja pekerja pekerjaan mempekerjakan dipekerjakan kerjaan
wawancara: mewawancarai diwawancara
periksa: memeriksa pemeriksaan diperiksa pemeriksa
lintas: melintas perlintasan pelintas lintasan
jual: menjual jualan dijual berjualan penjualan penjual
beli: membeli pembelian dibeli pembeli
pilih: memilih pemilihan dipilih pilihan
usaha: berusaha pengusaha perusahaan
tulis: menulis penulisan tertulis ditulis
salah: kesalahan bersalah
beda: berbeda perbedaan berbedanya membedakan bedanya
syarat: persyaratan mensyaratkan disyaratkan syaratnya
biaya: membiayai pembiayaan dibiayai biayanya
tahan: menahan penahanan ditahan
tipu: menipu penipuan ditipu penipu tertipu nipu
adu: mengadu pengaduan diadukan aduan ngadu
suluh: penyuluhan menyuluh penyuluh
ungsi: pengungsi mengungsi pengungsian
lahir: melahirkan kelahiran dilahirkan kelahirannya
warga: kewarganegaraan warganegara pewarganegaraan
izin: mengizinkan perizinan diizinkan seizin
selesai: menyelesaikan penyelesaian diselesaikan
cepat: mempercepat percepatan dipercepat
teliti: meneliti penelitian peneliti diteliti
investasi: menginvestasikan berinvestasi
tunjuk: menunjukkan ditunjukkan petunjuk
tugas: petugas bertugas penugasan
jadwal: penjadwalan menjadwalkan dijadwalkan
batal: membatalkan pembatalan dibatalkan kebatalan
pesan: memesan pemesanan dipesan
hitung: menghitung penghitungan dihitung perhitungan itungan hitungan
kunjung: mengunjungi kunjungan berkunjung pengunjung dikunjungi
pulang: memulangkan pemulangan dipulangkan kepulangan
tetap: menetap penetapan ditetapkan menetapkan
kena: mengenakan dikenakan pengenaan terkena
pakai: memakai dipakai pemakaian terpakai
datang: mendatangi kedatangan didatangi pendatang
berangkat: keberangkatan memberangkatkan
habis: menghabiskan kehabisan dihabiskan
alamat: beralamat alamatnya
libur: liburan berlibur
"""


def _exceptions() -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in _FAMILIES.strip().splitlines():
        stem, _, listed = line.partition(":")
        forms[stem] = stem
        forms.update(dict.fromkeys(listed.split(), stem))
    return forms


_EXCEPTIONS = _exceptions()
_LANGUAGES = {"id": "indonesian", "en": "english"}
_local = threading.local()


def _stemmer(language: str) -> Stemmer.Stemmer:
    # A Snowball stemmer keeps state between calls, so every thread has its own.
    stemmers: dict[str, Stemmer.Stemmer] = getattr(_local, "stemmers", {})
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(_LANGUAGES[language], 0)
        _local.stemmers = stemmers
    return stemmers[language]


@lru_cache(maxsize=60_000)
def stem(word: str, language: str) -> str:
    """The stem of a normalised word in Indonesian ("id") or English ("en"); codes and numbers stay whole."""
    if len(word) < 4 or not word.isalpha():
        return word
    if language == "id" and word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    return str(_stemmer(language).stemWord(word))
