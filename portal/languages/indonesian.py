"""Indonesian, with local Malay and chat spelling among its stop words."""

from __future__ import annotations

from portal.languages.record import Language, counted, word_families

# Verbs and nouns whose derived forms the Snowball stemmer does not bring together.
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

_STOP_WORDS = """
    ada adalah adakah agar akan aku anda antara apa apakah apabila atas atau bagi bahwa banget beberapa begitu bila
    bisa bisakah boleh bolehkah buat cuma dan dalam dari dengan di dia dong dulu ga gak gue gw hanya harus haruskah
    hingga ia ini itu jadi jika juga kah kak kalau kalo kami kamu kan karena ke kenapa kepada kita kok lagi lah lalu
    mah maka mana mau maupun mengapa mereka min mohon namun nih oleh pada para perlu perlukah pula pun saat saja sama
    sampai saya sebagai seperti serta si sih sudah sudahkah supaya tapi telah tersebut tetapi tidak tolong tu untuk
    yang ya yaitu yah toh deh loh lho kayak gitu gini sy aja udah emang memang mas mbak bang pak bu gan sis
    punya dapat apaan ngapain trus terus pas masih belum bagaimana gimana cara caranya tau tahu wajib musti mesti
    adakan sedang sambil lewat bro guys halo hai selamat pagi siang sore malam min admin nya
    berapa kapan dimana siapa mending sekali banyak kalian mereka dulunya
    beta katong basong dong lu ko sonde son su mo sa pi pung lai dolo e karmana
"""

INDONESIAN = Language(
    code="id",
    locale="id_ID",
    money="Rp{amount}",
    clock="HH.mm",
    day_and_clock="{day} pukul {clock}",
    end_of_day="24.00",
    stemmer="indonesian",
    stems=word_families(_FAMILIES),
    stop_words=frozenset(_STOP_WORDS.split()),
    clitics=("nya", "lah", "kah", "pun", "ku", "mu", "in", "an", "i"),
    prefixes=(("nge", ""), ("ng", ""), ("ny", "s"), ("n", "t"), ("m", "p"), ("ng", "k"), ("di", ""), ("ke", "")),
    units={
        **{unit: unit for unit in ("rb", "ribu", "jt", "juta", "tahun", "bulan", "hari", "jam", "minggu")},
        "th": "tahun",
        "thn": "tahun",
        "bln": "bulan",
        "hr": "hari",
        "mgg": "minggu",
    },
    numerals={
        **counted("satu dua tiga empat lima enam tujuh delapan sembilan sepuluh"),
        "sebelas": 11,
        "duabelas": 12,
    },
    thousand=frozenset({"ribu", "rb"}),
    million=frozenset({"juta", "jt"}),
)
