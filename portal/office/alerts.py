"""Alerts as staff write them in a hurry: the files of a new one, and one that ends before its time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.content.document import PRIMARY_LANGUAGE
from portal.content.markdown.compiler import compile_body
from portal.content.parsing import typed, yaml_of
from portal.content.yaml_editing import rewritten, yaml_text
from portal.office.documents import AlertFacts


def slug_of(title: str, *, day: datetime, taken: Collection[str]) -> str:
    """A name for a new alert: its day and its first words, different from every other."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    base = "-".join([f"{day:%Y%m%d}", *re.findall(r"[a-z0-9]+", plain)[:6]])[:70].strip("-")
    candidates = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if slug not in taken)


def alert_files(
    *, severity: str, on: str, starts: datetime, ends: datetime, words: Mapping[str, Mapping[str, str]], zone: ZoneInfo
) -> dict[str, str]:
    """The files of a published alert by name; `words` hold title and summary by language.

    Raises ContentError when they would be no valid alert.
    """
    facts: dict[str, Any] = {
        "status": "published",
        "severity": severity,
        "starts": _written(starts, zone),
        "ends": _written(ends, zone),
        "on": "site" if on == "site" else [on],
    }
    written = yaml_text(facts)
    typed(yaml_of(written, "facts.yaml"), AlertFacts, path="facts.yaml", zone=zone)
    primary = dict(words[PRIMARY_LANGUAGE])
    digest = compile_body("", words=primary).translatable
    files = {"facts.yaml": written}
    for language, texts in words.items():
        front = dict(texts) if language == PRIMARY_LANGUAGE else {**texts, "translates": digest}
        files[f"{language}.md"] = f"---\n{yaml_text(front)}---\n"
    return files


def ended(text: str, *, now: datetime, zone: ZoneInfo, path: str) -> str:
    """The facts of an alert that ends now; one that has not begun becomes a draft. Raises ContentError."""

    def edit(plain: Any, facts: AlertFacts) -> None:
        if facts.starts >= now:
            plain["status"] = "draft"
        else:
            plain["ends"] = _written(now, zone)

    return rewritten(text, AlertFacts, edit, zone=zone, path=path)


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")
