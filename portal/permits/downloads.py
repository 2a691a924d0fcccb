"""Nationality lists as data for others: CSV for spreadsheets, plain records for JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from portal.content.document import LocalText
from portal.permits.countries import Countries
from portal.permits.nationality import NationalityList


class MemberRecord(TypedDict):
    """One membership of a country, with its names by language; a day that is None is not known."""

    country: str
    names: dict[str, str]
    valid_from: date | None
    valid_to: date | None
    legal_basis: tuple[str, ...]


class PreviewNote(TypedDict, total=False):
    """The note that the site is a demonstration, where it is one."""

    note: str


class ListRecord(PreviewNote):
    """A nationality list with every membership."""

    name: LocalText
    legal_basis: tuple[str, ...]
    read_on: date | None
    members: list[MemberRecord]


def list_data(
    nationality_list: NationalityList, countries: Countries, languages: Sequence[str], *, note: str = ""
) -> ListRecord:
    """The list as a record: its names, rules, day of reading, and every membership with its days."""
    members: list[MemberRecord] = [
        {
            "country": code,
            "names": {language: countries.name(code, language) for language in languages},
            "valid_from": membership.valid_from,
            "valid_to": membership.valid_to,
            "legal_basis": membership.legal_basis,
        }
        for code, memberships in sorted(nationality_list.members.items())
        for membership in memberships
    ]
    preview: PreviewNote = {"note": note} if note else {}
    return {
        "name": nationality_list.name,
        "legal_basis": nationality_list.legal_basis,
        "read_on": nationality_list.read_on,
        **preview,
        "members": members,
    }


def list_csv(
    nationality_list: NationalityList, countries: Countries, languages: Sequence[str], *, note: str = ""
) -> str:
    """The same as comma-separated lines with a head; an unknown first day is empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["country", *(f"name_{language}" for language in languages), "valid_from", "valid_to", "legal_basis"]
    )
    for member in list_data(nationality_list, countries, languages)["members"]:
        writer.writerow(
            [
                member["country"],
                *(_harmless(member["names"][language]) for language in languages),
                member["valid_from"] or "",
                member["valid_to"] or "",
                " ".join(member["legal_basis"]),
            ]
        )
    if note:
        writer.writerow([f"# {note}"])
    return out.getvalue()


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
