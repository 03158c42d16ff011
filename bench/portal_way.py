"""The person's way through the page, in a real Chromium: from choosing files to the check, and what holds the page up.

There is no peer; each case is compared with the most that it may take, and `ratio` is how many times less it is. A page
that does nothing for 100 ms feels broken: the longest task of its own thread is measured on the whole way, sending
included. Files are drawn here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from skimage import data

from browser import within, write_minute
from report import Row, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browsers import chromium
from support.portal_page import PortalPage
from support.servers import ClearinghouseServer

ROUNDS = 3
PHOTOGRAPHS = 20
#: 12 megapixels.
SIZE = (4000, 3000)
#: Longest times in seconds.
MOST_S = {"20 photographs of 12 MP": 20.0, "60 s of 1080p": 30.0}
#: Longest that the page's own thread may be held up, in milliseconds.
MOST_HELD_MS = 100.0
#: Keeps how long each task of the page's own thread took that was longer than 50 ms.
WATCH = """() => {
  window.held = [];
  new PerformanceObserver((list) => window.held.push(...list.getEntries().map(({duration}) => duration)))
    .observe({type: 'longtask'});
}"""


def main() -> int:
    """Gives 0 when nothing took longer than it may."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = ClearinghouseServer(Path(folder) / "server")
        server.start()
        cases = {
            "20 photographs of 12 MP": photographs(Path(folder)),
            "60 s of 1080p": [Path(folder) / "minute.mp4"],
            "100 small photographs": small(Path(folder)),
        }
        write_minute(*cases["60 s of 1080p"])
        rows: list[Row] = []
        for case, files in cases.items():
            taken, held = zip(*(walked(browser, server.url, files) for _ in range(ROUNDS)), strict=True)
            if case in MOST_S:
                rows.append(within(case, statistics.median(taken), MOST_S[case], "s"))
            rows.append(within(f"{case}, longest task", statistics.median(held), MOST_HELD_MS, "ms"))
        server.stop()
    return report("portal_way", rows)


def walked(browser: Browser, address: str, files: list[Path]) -> tuple[float, float]:
    """Gives the seconds from the choice to the check, and the longest task in milliseconds until the receipt."""
    context = browser.new_context()
    page = PortalPage(context.new_page(), address)
    page.page.evaluate(WATCH)
    page.begin()
    begin = time.perf_counter()
    page.choose(files)
    taken = time.perf_counter() - begin
    page.send()
    held = page.page.evaluate("Math.max(0, ...window.held)")
    context.close()
    return taken, held


def photographs(folder: Path) -> list[Path]:
    """Writes different photographs of 12 megapixels."""
    made = []
    whole = Image.fromarray(data.astronaut()).resize(SIZE)
    for at in range(PHOTOGRAPHS):
        made.append(folder / f"{at}.jpg")
        whole.rotate(at).save(made[-1], "JPEG", quality=88)
    return made


def small(folder: Path) -> list[Path]:
    """Writes a hundred photographs of the size that messengers make."""
    made = []
    whole = Image.fromarray(data.astronaut()).resize((1280, 960))
    for at in range(100):
        made.append(folder / f"small-{at}.jpg")
        whole.rotate(at).save(made[-1], "JPEG", quality=75)
    return made


if __name__ == "__main__":
    sys.exit(main())
