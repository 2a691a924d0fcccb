"""Sample data for the living page of components: plain dictionaries in the shapes that the macros document."""

from __future__ import annotations

from typing import Any

from portal.content.document import PRIMARY_LANGUAGE
from portal.languages import formatting

Samples = dict[str, Any]


def samples(language: str) -> Samples:
    """What the component page shows, in Indonesian or else in English; names and numbers are invented."""
    is_indonesian = language == PRIMARY_LANGUAGE

    def say(indonesian: str, english: str) -> str:
        return indonesian if is_indonesian else english

    return {
        **_states(say),
        **_facts(say, formatting.money(100_000, language)),
        **_dates(say),
        **_forms(say),
        **_desk(say),
    }


def _link(label: str, **more: Any) -> Samples:
    return {"label": label, "href": "#", **more}


def _states(say: Any) -> Samples:
    return {
        "colours": ("nila", "nila2", "kunyit", "red", "leaf", "link", "paper", "ink"),
        "pills": [
            ("open", say("Buka sampai 15.00", "Open until 3:00 p.m.")),
            ("soon", say("Istirahat sampai 13.00", "Break until 1:00 p.m.")),
            ("closed", say("Tutup", "Closed")),
            ("planned", say("Rencana", "Planned")),
            ("full", say("Penuh", "Full")),
            ("moved", say("Pindah", "Moved")),
            ("cancelled", say("Dibatalkan", "Cancelled")),
            ("done", say("Selesai", "Over")),
            ("current", say("Mutakhir", "Up to date")),
            ("review", say("Ditinjau", "In review")),
        ],
        "notes": [
            ("info", say("Keterangan", "Information"), say("Yang perlu diketahui.", "What to know.")),
            ("warning", say("Perhatian", "Take care"), say("Bila diabaikan, ada akibatnya.", "It has a price.")),
            ("scam", say("Waspada penipuan", "Beware of fraud"), say("Jangan bayar lewat chat.", "Never pay by chat.")),
        ],
        "alerts": [
            {
                "severity": severity,
                "title": say("Loket tutup dua hari.", "Counters closed for two days."),
                "summary": say("Buka lagi hari Senin.", "Open again on Monday."),
                "href": "#",
            }
            for severity in ("emergency", "major")
        ],
        "popular": [_link(say("paspor hilang", "lost passport")), _link(say("perpanjang visa", "extend a visa"))],
        "services": [
            {
                "name": say("Loket satu", "Counter one"),
                "detail": say("Kantor Contoh", "Sample office"),
                "state": "open",
                "words": say("Buka sampai 15.00", "Open until 3:00 p.m."),
            },
            {"name": say("Loket dua", "Counter two"), "state": "closed", "words": say("Tutup", "Closed")},
            {"name": say("Loket tiga", "Counter three"), "state": "soon", "words": say("Istirahat", "Break")},
        ],
        "now": say("Selasa, 24 November · 12.20", "Tuesday 24 November · 12:20 p.m."),
        "tasks": [_link(say(f"Keperluan {n}", f"Task {n}"), detail=say("Keterangan", "Detail")) for n in range(1, 7)],
    }


def _facts(say: Any, amount: str) -> Samples:
    return {
        "amount": amount,
        "box": [
            {"label": say("Biaya", "Fee"), "value": amount, "detail": say("per buku", "a book")},
            {"label": say("Waktu", "Time"), "value": say("Tidak tetap", "Varies")},
            {"label": say("Cara", "How"), "value": say("Datang langsung", "In person")},
            {"label": say("Di mana", "Where"), "value": say("Kantor terdekat", "The nearest office")},
            {"label": say("Bawa (asli)", "Bring originals"), "value": say("Kartu dan surat", "Card"), "full": True},
        ],
        "foot": say("Dasar: Peraturan Contoh 1/2020", "Legal basis: Sample Rule 1/2020"),
        "steps_data": [
            {"title": say("Lapor polisi", "Report to the police"), "body": say("Bawa kartu.", "Bring your card.")},
            {"title": say("Datang ke kantor", "Come to the office"), "body": say("Ambil nomor.", "Take a number.")},
        ],
        "parts": [
            _link(say("Langkah", "Steps"), current=True),
            _link(say("Dokumen", "Documents")),
            _link(say("Biaya", "Fees")),
        ],
        "columns": [{"label": say("Komponen", "Item")}, {"label": say("Biaya", "Fee"), "number": True}],
        "rows": [
            [{"value": say("Buku", "Book"), "detail": say("sejak 2020", "since 2020")}, amount],
            [say("Layanan", "Service"), amount],
        ],
        "answers": [_link(say("Tujuan", "Purpose"), value=say("Kunjungan", "Visit"), action=say("Ubah", "Change"))],
        "contact": [{"label": say("Telepon", "Telephone")}],
        "changes": [{"day": "18 Nov 2026", "iso": "2026-11-18", "note": say("Diperjelas.", "Made clearer.")}],
        "result": {
            "tags": [say("Tanya jawab", "Question")],
            "title": say("Judul jawaban", "Title of an answer"),
            "href": "#",
            "snippet": say("Dua baris jawaban.", "Two lines of the answer."),
            "meta": say("Diperbarui 20 Nov 2026", "Updated 20 Nov 2026"),
        },
    }


def _dates(say: Any) -> Samples:
    date = say("Kamis, 3 Desember 2026", "Thursday 3 December 2026")
    return {
        "truth": {
            "state": "moved",
            "words": say("Pindah tanggal", "New date"),
            "date": date,
            "iso": "2026-12-03",
            "time": "08.00–15.00",
            "was": say("Selasa, 1 Desember", "Tuesday 1 December"),
            "reason": say("kapal tidak berlayar.", "the ferry did not sail."),
            "places": {"left": 18, "capacity": 60, "as_of": "24 Nov, 09.40"},
            "rows": [{"label": say("Tempat", "Place"), "value": say("Aula", "Hall")}],
            "tags": [say("contoh", "sample")],
        },
        "sessions": [
            {
                "weekday": say("Kam", "Thu"),
                "day": 3,
                "month": say("Des", "Dec"),
                "date": date,
                "iso": "2026-12-03",
                "title": say("Layanan keliling", "Mobile service"),
                "href": "#",
                "line": "08.00–15.00",
                "state": "open",
                "words": say("Dibuka", "Open"),
                "sample": True,
            }
        ],
        "filters": [_link(say("Semua", "All"), count=6, current=True), _link(say("Panduan", "Guides"), count=2)],
        "pages": [_link("1"), _link("2", current=True), _link("3")],
    }


def _forms(say: Any) -> Samples:
    return {
        "errors": [
            {"message": say("Tulis angka, misalnya 2", "Enter a number, for example 2"), "href": "#field-people"}
        ],
        "choices": [
            {"value": "a", "label": say("Kunjungan", "Visit"), "help": say("Melihat keluarga", "Seeing family")},
            {"value": "unknown", "label": say("Tidak tahu", "I don’t know")},
        ],
        "words": {
            "name": say("Nama", "Name"),
            "hint": say("Seperti di KTP", "As on your card"),
            "people": say("Jumlah orang", "Number of people"),
            "purpose": say("Tujuan", "Purpose"),
            "main": say("Utama", "Primary"),
            "second": say("Kedua", "Second"),
            "danger": say("Tutup", "Close"),
            "title": say("Komponen", "Components"),
            "office": say("Kantor Contoh", "Sample office"),
            "address": say("Jalan Contoh 1", "1 Sample Street"),
            "or": say("atau", "or"),
            "consent": say("Saya setuju.", "I agree."),
        },
    }


def _desk(say: Any) -> Samples:
    days = (40, 46, 44, 60, 66, 24, 20, 48, 54, 50, 64, 74, 27, 33)
    return {
        "bars": [{"value": value, "part": value // 6} for value in days],
        "line": [value * 5 for value in days],
        "shares": [
            {"label": say("Biaya", "Fees"), "percent": 91, "words": "91 %"},
            {"label": say("Hilang", "Lost"), "percent": 41, "words": "41 %"},
        ],
        "axis": (say("11 Nov", "11 Nov"), say("hari ini", "today")),
        "states": [
            {"label": label}
            for label in (
                say("Draf", "Draft"),
                say("Ditinjau", "In review"),
                say("Disetujui", "Approved"),
                say("Terbit", "Published"),
            )
        ],
        "pieces": [
            {"kind": "same", "text": say("Dikenai ", "It costs a ")},
            {"kind": "removed", "text": say("denda", "fine")},
            {"kind": "added", "text": say("biaya beban", "surcharge")},
        ],
        "languages": [{"code": "id", "label": "Indonesia"}, {"code": "en", "label": "English"}],
        "matrix": [
            {
                "title": say("Judul", "Title"),
                "href": "#",
                "kind": say("Panduan", "Guide"),
                "cells": [
                    {"state": "current", "words": say("Mutakhir", "Up to date")},
                    {"state": "outdated", "words": say("Tertinggal", "Outdated")},
                ],
                "action": _link(say("Sandingkan", "Compare")),
            }
        ],
        "sides": [
            {"label": "Bahasa Indonesia", "lang": "id", "state": "done", "words": say("Asli", "Original")},
            {"label": "English", "lang": "en", "state": "minor", "words": say("Tertinggal", "Behind")},
        ],
    }
