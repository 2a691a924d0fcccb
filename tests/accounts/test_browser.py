"""The desk in a browser: signing in by keyboard alone, and nothing for axe to find on any page without a parameter."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from passlib.totp import TOTP
from werkzeug.serving import make_server

from portal.accounts.authentication.guard import RULES
from portal.accounts.layout import permission_table
from portal.accounts.permissions import ANYBODY, NOBODY
from tests.accounts.signing import PASSWORD, make_staff, sign_in
from tests.conftest import FULL, AppFactory
from tests.invariants import ROOT
from tests.test_accessibility import ALL, RUN, SHORT, SIDEWAYS, TAGS, Look

pytestmark = pytest.mark.browser
FILES = re.compile(r"\.(csv|pdf|ics|zip|json)$")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the project's own content."""
    return AppFactory(tmp_path_factory.mktemp("desk"))(content=ROOT / "content")


@pytest.fixture(scope="module")
def address(desk: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def paths_of(app: Flask) -> list[str]:
    """The staff pages that need no parameter, below the language, for whoever is signed in."""
    with app.app_context():
        needed = permission_table().needed
    return sorted(
        rule.rule.removeprefix("/<lang:lang>/")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(RULES)
        and "GET" in (rule.methods or ())
        and not rule.arguments - {"lang"}
        and needed(rule.endpoint) not in (ANYBODY, NOBODY)
        and not FILES.search(rule.rule)
    )


def signed_in_context(app: Flask, browser: Any, address: str, look: Look) -> Any:
    """A browser window of an administrator who has just signed in."""
    client = app.test_client()
    sign_in(client, make_staff(app, "admin", email=f"{'-'.join(map(str, look))}@example.org"))
    cookie = client.get_cookie("desk")
    assert cookie
    _language, width, scheme = look
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    context.add_cookies([{"name": "desk", "value": cookie.value, "url": address}])
    return context


def findings(page: Any) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    results = [f"{page.url}: {one}" for one in page.evaluate(RUN, TAGS)]
    return results + ([f"{page.url} is wider than its window"] if page.evaluate(SIDEWAYS) > 0 else [])


@pytest.mark.parametrize("look", ALL if FULL else SHORT[:1], ids=lambda look: "-".join(map(str, look)))
def test_axe_finds_nothing_on_the_desk(browser: Any, desk: Flask, address: str, look: Look) -> None:
    context = signed_in_context(desk, browser, address, look)
    page = context.new_page()
    results: list[str] = []
    page.on("pageerror", lambda error: results.append(f"{page.url}: {error}"))
    page.on("console", lambda message: "Content Security" in message.text and results.append(message.text))
    paths = paths_of(desk)
    slugs = re.findall(r"/staff/events/([a-z0-9-]+)\"", context.request.get(f"{address}/id/staff/events/").text())
    slug = next(one for one in slugs if one != "requests")
    paths += [f"staff/events/{slug}", f"staff/events/{slug}/calls", f"staff/events/{slug}/move"]
    assert len(paths) > 10
    for path in paths:
        answer = page.goto(f"{address}/{look[0]}/{path}")
        assert answer is not None
        assert answer.status == 200, page.url
        results += findings(page)
    context.close()
    assert not results, "\n".join(results)


@pytest.mark.parametrize("look", SHORT, ids=lambda look: "-".join(map(str, look)))
def test_signing_in_by_keyboard_alone(browser: Any, desk: Flask, address: str, look: Look) -> None:
    language, width, scheme = look
    ran = desk.test_cli_runner().invoke(
        args=["add-staff", f"{language}@example.org", "--name", "Ana Lopo", "--role", "reviewer"]
    )
    first = ran.output.strip().splitlines()[-1]
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    results: list[str] = []

    def tab_to(name: str) -> None:
        for _ in range(40):
            if page.evaluate("document.activeElement.name || document.activeElement.id") == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{page.url}: the keyboard does not reach {name}")

    def fill(name: str, text: str) -> None:
        tab_to(name)
        page.keyboard.type(text)

    def press_button() -> None:
        results.extend(findings(page))
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.goto(f"{address}/{language}/staff/account")
    fill("email", f"{language}@example.org")
    fill("password", "not this one")
    press_button()
    assert page.evaluate("document.activeElement.className") == "errors"
    fill("password", first)
    press_button()
    assert page.url.endswith("/staff/password")
    for name, text in (("password", first), ("new_password", PASSWORD), ("new_password_confirm", PASSWORD)):
        fill(name, text)
    press_button()
    assert page.url.endswith("/staff/authenticator")
    key = page.inner_text("code.key")
    fill("code", TOTP(key=key).generate().token)
    press_button()
    assert page.url.endswith("/staff/recovery-codes")
    tab_to("generate_new_codes")
    results += findings(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    results += findings(page)
    assert page.locator("ul.codes").count() == 1, page.inner_text("main")
    code = page.inner_text("ul.codes code >> nth=0")
    page.goto(f"{address}/{language}/staff/account")
    results += findings(page)
    context.clear_cookies()
    page.goto(f"{address}/{language}/staff/account")
    fill("email", f"{language}@example.org")
    fill("password", PASSWORD)
    press_button()
    assert "/staff/code" in page.url
    results += findings(page)
    page.goto(f"{address}/{language}/staff/recovery")
    fill("code", code)
    press_button()
    assert "/staff" in page.url
    assert page.locator(".desk-list").count() == 1
    context.close()
    assert not results, "\n".join(results)


def test_a_party_is_registered_and_checked_in_by_keyboard_alone(browser: Any, desk: Flask, address: str) -> None:
    context = signed_in_context(desk, browser, address, ("id", 361, "light"))
    page = context.new_page()
    page.goto(f"{address}/id/staff/events/")
    with page.expect_navigation():
        page.locator("main h2 a").first.press("Enter")

    def tab_to(selector: str) -> None:
        for _ in range(80):
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    def act(selector: str, key: str = "Enter") -> None:
        tab_to(selector)
        with page.expect_navigation():
            page.keyboard.press(key)

    tab_to("summary")
    page.keyboard.press("Enter")
    tab_to("details [name=name]")
    page.keyboard.type("Yohanis Tefa")
    act("details button[type=submit]")
    if page.locator(".errors").count():
        # This event asks for the district as well.
        tab_to("[name=district]")
        page.keyboard.press("ArrowDown")
        act("details button[type=submit]")
    assert "Yohanis Tefa" in page.inner_text("main")
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{2}", page.inner_text("main"))
    assert code, page.inner_text("main")
    tab_to("#field-code")
    page.keyboard.type(code[0])
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Hadir: 1" in page.inner_text("main")
    context.close()
