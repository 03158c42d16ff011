"""Writes a picture of every screen of the page and of the console: light, dark, 320 px wide, the page in Arabic too.

`make screens` writes them into `.screens/`; look at them. The pictures that the page is shown are drawn or free to use.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browsers import chromium
from support.console import ConsoleDesk
from support.console_screens import ConsoleScreens
from support.notice_screens import every_screen
from support.screens import LOOKS, Look, Screens
from support.servers import ROOT, ClearinghouseServer


def main() -> int:
    """Gives 0 when every screen was written."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".screens"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = ClearinghouseServer(Path(folder) / "server")
        server.start()
        try:
            console = ConsoleScreens(ConsoleDesk(server))
            for look in LOOKS:
                context = look.context(browser)
                screens = Screens(context, server.url, look, Path(folder))
                for name in every_screen(screens):
                    screens.page.screenshot(path=out / f"{name}.{look.name}.png", full_page=True)
                context.close()
                if look.tag == "en":
                    console_screens(browser, console, look, out)
                print(f"{look.name}: written to {out}")
        finally:
            server.stop()
    return 0


def console_screens(browser: Browser, screens: ConsoleScreens, look: Look, out: Path) -> None:
    """Writes the operators' screens in one look."""
    context = look.context(browser)
    page = screens.signed_in(context)
    for name in screens.all(page):
        page.screenshot(path=out / f"console-{name}.{look.name}.png", full_page=True)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
