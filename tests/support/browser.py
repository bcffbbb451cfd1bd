"""A real browser: Debian's Chromium, driven by Playwright. Who wants it installs it, or says loudly why not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARTEFACTS = Path(__file__).parents[2] / ".run/artefacts"
DESKTOP, PHONE = (1280, 860), (390, 844)
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_INSTALL_SECONDS = 300


def find_chromium() -> str:
    """The program; installed with apt where that is possible. Skips, saying what is missing, where it is not."""
    found = _on_path()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        command = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
        subprocess.run(command, capture_output=True, timeout=_INSTALL_SECONDS, check=False)
        found = _on_path()
    if found is None:
        pytest.skip(
            "NO BROWSER TESTS: there is no Chromium on PATH and it could not be installed (apt install chromium)"
        )
    return found


def _on_path() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """One browser for some tests."""
    with sync_playwright() as playwright:
        # Its own sandbox needs rights that containers do not give; the pages are ours.
        launched = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield launched
        launched.close()


@contextmanager
def visitor(browser: Browser, size: tuple[int, int], base_url: str, *, locale: str = "es-MX") -> Iterator[Page]:
    """A page of a person of their own. What the page complains about fails the test."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, base_url=base_url, locale=locale
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def keep(page: Page, name: str) -> None:
    """A picture of the page, for whoever looks at the build."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing sticks out sideways: a phone must not have to be scrolled across."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
