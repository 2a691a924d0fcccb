"""Parts that many pages share: made once, never shown after they stopped being right, known to the page's record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from flask import Flask, g

from portal.web.clock import request_clock
from portal.web.pages import catalogue
from portal.web.rendering.fragments import fragment

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class Asked:
    """A part that counts how often it is made, depends on one document and changes after an hour."""

    numbers = count()

    def __init__(self) -> None:
        self.times = 0
        self.key = f"test {next(self.numbers)}"

    def __call__(self) -> str:
        self.times += 1
        catalogue().get("faq", "any")
        request_clock().passed(NOON + timedelta(hours=1))
        return f"{request_clock().now.isoformat()} {g.language}"


def ask(app: Flask, made: Asked, *, at: datetime = NOON, language: str = "id") -> tuple[str, set[str], datetime | None]:
    app.config["REAL_CLOCK"] = at
    with app.test_request_context(f"/{language}/"):
        g.language = language
        words = fragment(made.key, made)
        return words, set(catalogue().tags), request_clock().valid_until


def test_a_part_is_made_once_and_every_page_depends_on_it(app: Flask) -> None:
    made = Asked()
    first, second = ask(app, made), ask(app, made, at=NOON + timedelta(minutes=59))
    assert made.times == 1
    assert first == second
    assert first[1] == {"faq/any"}
    assert first[2] == NOON + timedelta(hours=1)


@pytest.mark.parametrize("at", [NOON + timedelta(hours=1), NOON - timedelta(seconds=1)])
def test_it_is_made_anew_after_its_flip_and_where_time_went_back(app: Flask, at: datetime) -> None:
    made = Asked()
    ask(app, made)
    assert ask(app, made, at=at)[0].startswith(at.astimezone(moment_zone(app)).isoformat())
    assert made.times == 2


def test_each_language_and_each_state_of_content_has_its_own(app: Flask) -> None:
    made = Asked()
    assert ask(app, made)[0].endswith(" id")
    assert ask(app, made, language="en")[0].endswith(" en")
    live = app.extensions["portal"].live
    live.adopt(live.current().all("faq")[0])
    ask(app, made)
    assert made.times == 3


def test_a_part_that_fails_leaves_the_page_its_own_catalogue_and_moment(app: Flask) -> None:
    def fails() -> str:
        raise ValueError

    with app.test_request_context("/id/"):
        own = catalogue(), request_clock()
        with pytest.raises(ValueError):
            fragment("fails", fails)
        assert (catalogue(), request_clock()) == own


def moment_zone(app: Flask):  # type: ignore[no-untyped-def]
    with app.test_request_context("/id/"):
        return request_clock().zone
