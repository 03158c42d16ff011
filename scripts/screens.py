"""Writes a picture of every screen of the page: light, dark, 320 px wide, and in Arabic.

`make screens` writes them into `.screens/`; look at them. The pictures that the page is shown are drawn or free to use.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browsers import chromium
from support.notice_screens import every_screen
from support.screens import LOOKS, Screens
from support.servers import ROOT, ClearinghouseServer


def main() -> int:
    """Gives 0 when every screen was written."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".screens"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = ClearinghouseServer(Path(folder) / "server")
        server.start()
        try:
            for look in LOOKS:
                context = look.context(browser)
                screens = Screens(context, server.url, look, Path(folder))
                for name in every_screen(screens):
                    screens.page.screenshot(path=out / f"{name}.{look.name}.png", full_page=True)
                context.close()
                print(f"{look.name}: written to {out}")
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
