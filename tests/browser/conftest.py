"""A real browser, and pages in it that see no network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def executable() -> str:
    """The browser that the tests use."""
    found = os.environ.get("SAFETY_CASE_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "There is no Chromium, which these tests look at pages with. Run .ci/browser, or install it (on Debian: "
            "apt-get install chromium), or name one in SAFETY_CASE_BROWSER.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = executable()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


class Looked:
    """A page, with everything that it asked of a network and complained about."""

    def __init__(self, page: Page, own: str) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complained: list[str] = []
        page.on("request", lambda request: None if request.url in (own, "data:,") else self.asked.append(request.url))
        page.on("console", lambda message: self.complained.append(message.text))
        page.on("pageerror", lambda error: self.complained.append(str(error)))
        page.goto(own)


@pytest.fixture
def look(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Looked]]:
    """Opens a text as a page; options are those of a context of Playwright's."""
    contexts: list[BrowserContext] = []

    def opened(text: str, fragment: str = "", **options: Any) -> Looked:
        file = tmp_path / f"page{len(contexts)}.html"
        file.write_text(text, encoding="utf-8", newline="")
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        return Looked(context.new_page(), file.as_uri() + fragment)

    yield opened
    for context in contexts:
        context.close()
