"""Words too common to rank by, in Indonesian, local Malay, chat spelling and English."""

from __future__ import annotations

STOPWORDS: frozenset[str] = frozenset(
    """
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
    a about an and any are as at be been being but by can could did do does doing done for from get gets getting had
    has have having he her here hi hello him his how i if im in into is it its ive just like may me might must my
    need needs of off on or our out please shall she should so some such than that the their them then there these
    they this those to too us very was we were what when where whether which who whom whose why will with would yes
    you your am id dont cant doesnt isnt thing things want wants tell know if also still now
    """.split()  # noqa: SIM905 - a list of words is read and kept best as words
)
"""Content words are never listed: a query made of these alone has nothing to look for."""
