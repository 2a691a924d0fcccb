"""Money, days and times as each language writes them; remembered, since pages repeat the same few values."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from portal.languages.registry import language_record


def locale_of(language: str) -> str:
    """The CLDR locale whose habits a language of the site follows."""
    return language_record(language).locale


@lru_cache(maxsize=4096)
def number(value: int | float, language: str) -> str:
    """A number with that language's separators."""
    return format_decimal(value, locale=locale_of(language))


@lru_cache(maxsize=4096)
def money(amount: int, language: str) -> str:
    """Whole rupiah: `Rp123.000`, `IDR 123,000`."""
    return language_record(language).money.format(amount=format_decimal(amount, locale=locale_of(language)))


@lru_cache(maxsize=4096)
def day(value: date, language: str, weekday: bool = False) -> str:
    """A day in full: `17 Desember 2024`, with `weekday` `Selasa, 17 Desember 2024`."""
    return format_date(value, "EEEE, d MMMM y" if weekday else "d MMMM y", locale=locale_of(language))


@lru_cache(maxsize=4096)
def short_day(value: date, language: str, year: bool = True) -> str:
    """A day in short: `17 Des 2024`."""
    return format_date(value, "d MMM y" if year else "d MMM", locale=locale_of(language))


@lru_cache(maxsize=512)
def month(value: date, language: str) -> str:
    """A month: `Desember 2024`."""
    return format_date(value, "MMMM y", locale=locale_of(language))


@lru_cache(maxsize=256)
def weekday(value: date, language: str, short: bool = False) -> str:
    """The name of the weekday: `Selasa`, in short `Sel`."""
    return format_date(value, "EEE" if short else "EEEE", locale=locale_of(language))


@lru_cache(maxsize=1024)
def _clock(hour: int, minute: int, language: str) -> str:
    record = language_record(language)
    # The United States' locale names day periods in the same two letters for every pattern.
    formatted = format_time(time(hour, minute), record.clock, locale="en_US").replace("\u202f", " ")
    for period, words in zip(("AM", "PM"), record.day_periods or (), strict=False):
        formatted = formatted.replace(period, words)
    return formatted


def clock(value: time | datetime, language: str) -> str:
    """A time of day: `08.00`, `8:00 a.m.`; the zone's label is added by whoever knows it."""
    return _clock(value.hour, value.minute, language)


def end_clock(value: time | datetime, language: str) -> str:
    """A time at which something ends: midnight as `24.00` where the language writes it so."""
    end_of_day = language_record(language).end_of_day
    return end_of_day if end_of_day and (value.hour, value.minute) == (0, 0) else clock(value, language)


def day_clock(value: datetime, language: str) -> str:
    """A day with its time: `24 Desember 2026 pukul 10.00`, `24 December 2026 at 10:00 a.m.`."""
    pattern = language_record(language).day_and_clock
    return pattern.format(day=day(value.date(), language), clock=clock(value, language))
