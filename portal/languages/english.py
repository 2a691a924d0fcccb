"""English with British order of day and month."""

from __future__ import annotations

from portal.languages.record import Language, counted

_STOP_WORDS = """
    a about an and any are as at be been being but by can could did do does doing done for from get gets getting had
    has have having he her here hi hello him his how i if im in into is it its ive just like may me might must my
    need needs of off on or our out please shall she should so some such than that the their them then there these
    they this those to too us very was we were what when where whether which who whom whose why will with would yes
    you your am id dont cant doesnt isnt thing things want wants tell know if also still now
"""

ENGLISH = Language(
    code="en",
    locale="en_GB",
    money="IDR {amount}",
    clock="h:mm a",
    day_and_clock="{day} at {clock}",
    day_periods=("a.m.", "p.m."),
    stemmer="english",
    stop_words=frozenset(_STOP_WORDS.split()),
    units={"k": "k"},
    numerals={**counted("one two three four five six seven eight nine ten"), "thirty": 30, "sixty": 60},
    thousand=frozenset({"k", "thousand"}),
    million=frozenset({"million"}),
)
