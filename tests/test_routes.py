"""Public addresses: none vanishes without a redirect, and each is asked for in a language."""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import Rule

# Addresses that readers, feed readers, calendars and printed codes hold. One that goes needs a line in redirects.yaml
# or a route that leads on; only then does it leave this list.
KEPT = """
/
/language/<code>
/media/<path>
/robots.txt
/sitemap.xml
/static/<digest>/<path>
/<lang>/
/<lang>/<slug>
/<lang>/alerts/<slug>
/<lang>/atom.xml
/<lang>/coverage
/<lang>/fees
/<lang>/glossary
/<lang>/laws
/<lang>/topics/
/<lang>/topics/<id_>
/<lang>/guidance/
/<lang>/guidance/<slug>
/<lang>/guidance/<slug>/<part>
/<lang>/guidance/<slug>/print
/<lang>/guidance/atom.xml
/<lang>/faq/
/<lang>/faq/<slug>
/<lang>/news/
/<lang>/news/<slug>
/<lang>/news/atom.xml
/<lang>/search
/<lang>/permits/
/<lang>/permits/<slug>
/<lang>/permits/codes
/<lang>/permits/finder
/<lang>/permits/stay
/<lang>/schedules/
/<lang>/schedules/<slug>
/<lang>/schedules/<slug>/<key>
/<lang>/schedules/<slug>/calendar.ics
/<lang>/schedules/border
/<lang>/schedules/calendar.ics
/<lang>/schedules/places/<place>
/<lang>/schedules/places/<place>/calendar.ics
/<lang>/events/
/<lang>/events/<slug>
/<lang>/events/<slug>/calendar.ics
/<lang>/events/calendar.ics
/<lang>/events/registration
/<lang>/events/registration/<code>
/<lang>/j/<code>
""".split()  # noqa: SIM905
# What has no language of its own: the front door, the switch, files, what machines read, short links on paper.
WITHOUT_LANGUAGE = (
    "/",
    "/language/",
    "/media/",
    "/static/",
    "/robots.txt",
    "/sitemap.xml",
    "/healthz",
    "/readyz",
    "/.well-known/",
)


def plain(rule: Rule) -> str:
    """The rule without its converters: `/<lang>/faq/<slug>`."""
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", r"<\1>", rule.rule)


def public(app: Flask) -> list[Rule]:
    """The routes that readers may ask for."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "/staff" not in rule.rule]


def test_no_address_vanished(app: Flask) -> None:
    present = {plain(rule) for rule in public(app)}
    assert set(KEPT) - present == set()


def test_every_page_has_a_language(app: Flask) -> None:
    without = [rule.rule for rule in public(app) if not rule.rule.startswith("/<lang:lang>/")]
    assert [rule for rule in without if rule != "/" and not rule.startswith(WITHOUT_LANGUAGE[1:])] == []


def test_addresses_of_rooms_begin_with_the_rooms_word(app: Flask) -> None:
    """The word that opens a feature's code opens its pages; what the whole site shares stands under the language."""
    for rule in public(app):
        feature = rule.endpoint.partition(".")[0]
        if feature in ("guidance", "faq", "news", "permits", "events"):
            assert rule.rule.startswith(f"/<lang:lang>/{feature}/"), rule.endpoint


def test_pages_for_everyone_answer_reading_only(app: Flask) -> None:
    for rule in public(app):
        if hasattr(app.view_functions[rule.endpoint], "page_query"):
            assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}, rule.endpoint
