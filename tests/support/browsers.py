"""A real Chromium, Debian's, that makes no calls of its own, so that every byte on the wire is a page's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: What keeps a Chromium quiet.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Runs a headless Chromium until the block ends."""
    executable = shutil.which("chromium")
    assert executable, "Chromium is not installed; `make test` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()
