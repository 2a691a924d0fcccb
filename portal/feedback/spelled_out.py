"""What names a person though it is written another way: spelled addresses and numbers, handles, plates, birth dates.

Every pattern is bounded, so that reading takes time in proportion to the text. In Indonesian and English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# No letter stands before: digits may, because they are taken away by themselves.
_START = r"(?<![^\W\d_])"
_MAIL_HOSTS = r"(?:gmail|googlemail|yahoo|ymail|rocketmail|hotmail|outlook|live|icloud|proton|protonmail|mail)"
_DOT = r"(?:[ \t]{1,3}(?:dot|titik)[ \t]{1,3})"
_NAME = rf"{_START}[\w+-]{{1,64}}(?:(?:{_DOT}|\.)[\w+-]{{1,64}}){{0,4}}"
# "budi at gmail dot com", "budi titik santoso et kantor titik co titik id", "budi di gmail.com".
_ADDRESS = re.compile(
    rf"{_NAME}[ \t]{{1,3}}(?:at|et)[ \t]{{1,3}}[\w-]{{1,63}}(?:{_DOT}[a-z]{{2,24}}){{1,4}}(?!\w)"
    rf"|{_NAME}[ \t]{{1,3}}(?:at|et|di)[ \t]{{1,3}}{_MAIL_HOSTS}(?:(?:{_DOT}|\.)[a-z]{{2,24}}){{1,3}}(?!\w)",
    re.IGNORECASE,
)
_DIGIT_WORDS = (
    "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
    "|zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|dobel"
)
# Seven digits or more, of which at least one is a word: "nol delapan satu dua ...", "zero eight 1 2 ...".
_NUMBER = re.compile(rf"{_START}(?:{_DIGIT_WORDS}|\d)(?:[\s,.\-]{{0,3}}(?:{_DIGIT_WORDS}|\d)){{6,}}", re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![\w@.])@\w[\w.]{1,30}"
    rf"|{_START}(?:ig|insta|instagram|tiktok|telegram|tele|twitter|facebook|fb|line|discord)"
    r"[ \t]?[:=][ \t]?[\w.]{3,40}"
    rf"|{_START}(?:t\.me|instagram\.com|tiktok\.com|facebook\.com|fb\.com|fb\.me|twitter\.com|x\.com)/@?[\w.]{{2,40}}",
    re.IGNORECASE,
)
_REGIONS = (
    "AA|AB|AD|AE|AG|BA|BB|BD|BE|BG|BH|BK|BL|BM|BN|BP|DA|DB|DC|DD|DE|DG|DH|DK|DL|DM|DN|DP|DR|DS|DT|DW|EA|EB|ED"
    "|KB|KH|KT|KU|PA|PB"
)
# "DH 1234 AB", "B 1234 XYZ"; codes of visas such as E33G and B211A have fewer digits or letters.
_PLATE = re.compile(
    rf"{_START}(?:(?:{_REGIONS})[ \-]?\d{{2,4}}[ \-]?[A-Z]{{1,3}}|[A-Z][ \-]?(?:\d{{4}}[ \-]?[A-Z]{{1,3}}"
    r"|\d{3}[ \-]?[A-Z]{2,3}))(?!\w)"
    rf"|{_START}(?i:{_REGIONS})-?\d{{3,4}}-?(?i:[a-z]{{1,3}})(?!\w)"
)
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|agustus|agt|ags|august|aug"
    r"|sep(?:tember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
_DAY_OF_BIRTH = re.compile(
    rf"(?:lahir|born|birth|{_START}(?:ttl|dob|b-?day)(?!\w))"
    # A day before or after which somebody was born is a day of a rule, not of a person.
    r"(?:(?!sebelum|setelah|sesudah|sejak|before|after|since)[^\n.!?]){0,40}?"
    rf"(?<!\d)(?P<day>\d{{1,2}}[ /.\-]{{1,3}}(?:\d{{1,2}}|{_MONTH})[ /.,\-]{{1,3}}(?:(?:19|20)\d\d|\d\d)"
    rf"|(?:19|20)\d\d[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}|{_MONTH} \d{{1,2}},? (?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of everything of that kind, in order and without overlap."""
    places = [match.span() for pattern in (_ADDRESS, _HANDLE, _PLATE) for match in pattern.finditer(text)]
    places += [match.span() for match in _NUMBER.finditer(text) if any(sign.isalpha() for sign in match[0])]
    places += [match.span("day") for match in _DAY_OF_BIRTH.finditer(text)]
    position = 0
    for start, end in sorted(places):
        if end > position:
            yield max(start, position), end
            position = end
