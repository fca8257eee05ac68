"""A real browser (Debian's chromium) that notes what it asks for and what it complains about."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import isogloss.api

DIST = Path(isogloss.api.__file__).parent / "web" / "dist"
PATIENCE = 20_000.0  # milliseconds, for a machine that is busy with other things
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]


def need(there: object, what: str) -> None:
    """Skip the test where `what` is missing; in CI, where it must be, fail."""
    if there:
        return
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@contextlib.contextmanager
def browsing() -> Iterator[Browser]:
    """The browser, for the length of some tests."""
    path = shutil.which("chromium")
    need(path, "there is no chromium on this machine")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Watched:
    """A page of its own, with the hosts it asked and the errors it had."""

    def __init__(self, browser: Browser, *, javascript: bool = True, width: int = 1280) -> None:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, accept_downloads=True
        )
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.hosts: set[str] = set()
        self.paths: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self._complaint(message.type, message.text))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            self.hosts.add(parts.hostname or "")
            self.paths.append(parts.path)

    def _complaint(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "server responded with a status of 4" not in text:
            self.errors.append(text)

    def close(self) -> None:
        self.page.context.close()
