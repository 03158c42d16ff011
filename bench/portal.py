"""How soon the page can be used on a slow phone: 400 kbit/s, 150 ms there and back, a processor four times slower.

There is no peer; each case is compared with the most that it may take. Usable: the first button can be pressed and
leads on. The CPU is slowed by the browser's own means.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from report import Row, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.browsers import chromium
from support.servers import ClearinghouseServer

KBIT_S = 400
LATENCY_MS = 150
SLOWER = 4
ROUNDS = 5
USABLE_S = 3.0
NEXT_SCREEN_S = 2.0


def main() -> int:
    """Gives 0 when nothing took longer than it may."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = ClearinghouseServer(Path(folder) / "server")
        server.start()
        times = [once(browser, server.url) for _ in range(ROUNDS)]
        server.stop()
    first, second = (round(statistics.median(one), 2) for one in zip(*times, strict=True))
    return report(
        "portal",
        [
            Row("first screen can be used", first, None, None, "s", USABLE_S, "ours at most"),
            Row("from Start to the next screen", second, None, None, "s", NEXT_SCREEN_S, "ours at most"),
        ],
    )


def once(browser: Browser, address: str) -> tuple[float, float]:
    """Gives the seconds until Start can be pressed, and from there to the next screen. Nothing is in a cache."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    speed = KBIT_S * 1000 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.get_by_role("button", name="Start").wait_for()
    usable = time.perf_counter()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("heading", name="Are you safe right now?").wait_for()
    on = time.perf_counter()
    context.close()
    return usable - begin, on - usable


if __name__ == "__main__":
    sys.exit(main())
