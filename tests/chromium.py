"""The Chromium of this machine, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The sandbox needs rights that root in a container does not have; the pages are our own.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


class NoChromium(Exception):
    """There is no Chromium here; the message says where one was looked for."""


@contextmanager
def launched() -> Iterator[Browser]:
    """Give a running browser; raises NoChromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(playwright), args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def _executable(playwright: Playwright) -> str:
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise NoChromium(f"CHROMIUM is '{named}', which cannot be run")
        return named
    downloaded = playwright.chromium.executable_path
    item = next(filter(None, map(shutil.which, NAMES)), downloaded if Path(downloaded).exists() else None)
    if not item:
        raise NoChromium("no Chromium was found (CHROMIUM=, PATH); `make browser` installs one")
    return item
