"""Whether a page can be read by everybody: axe-core finds nothing, and nothing sticks out to the side."""

from __future__ import annotations

from playwright.sync_api import Browser

from .browsing import Watched, need
from .test_pages import AXE


def assert_no_barrier(browser: Browser, url: str, width: int) -> None:
    """Open the page at this width and let axe-core judge it; skips where axe-core is not installed."""
    need(AXE.exists(), "axe-core is not installed here (npm ci in tests/api)")
    watched = Watched(browser, width=width)
    watched.page.goto(url)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    assert watched.errors == []
    assert watched.hosts == {"127.0.0.1"}
    watched.close()
