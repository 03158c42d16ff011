"""What the person waits for, in a real Chromium: a large photograph, a minute of film, and files of two gigabytes.

There is no peer in a browser; each case is compared with the most that it may take, time or memory, and `ratio` is how
many times less it is. Time is the median. Memory is what the browser's processes take more than before, as PSS
(bench/memory.py), at the highest point of all rounds, the first in a fresh browser included. Files are drawn here.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from PIL import Image
from skimage import data

from memory import watched
from report import Row, report

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support import films
from support.browsers import chromium
from support.servers import ClearinghouseServer
from support.worker import BrowserFingerprints

GIGABYTES_2 = 2_000_000_000
CORE = Path(__file__).resolve().parents[1] / "web" / "fingerprints" / "generated" / "core-simd.wasm"
#: Hashes drawn pixels twice with the core alone; gives the milliseconds of the second time, when the browser has
#: compiled it well, and the bytes of memory that the core then has.
HASH = """async ([bytes, width, height]) => {
  const {instance: {exports: core}} = await WebAssembly.instantiate(Uint8Array.from(bytes));
  const state = (core.__heap_base.value + 15) & ~15;
  const strip = state + core.tb_pdq_state_size(width, height, 1) + 64 & ~15;
  const missing = strip + width * 4 * 8 - core.memory.buffer.byteLength;
  if (missing > 0) core.memory.grow(Math.ceil(missing / 65536));
  const pixels = new Uint8Array(width * 4 * 8).map((_, at) => at * 2654435761 >>> 13);
  let begin;
  for (const picture of ['first', 'second']) {
    begin = performance.now();
    core.tb_pdq_begin(state, width, height, 1);
    for (let top = 0; top < height; top += 8) {
      new Uint8Array(core.memory.buffer).set(pixels, strip);
      core.tb_pdq_rows(state, strip, Math.min(8, height - top), width * 4, 4);
    }
    core.tb_pdq_finish(state, strip);
  }
  return [performance.now() - begin, core.memory.buffer.byteLength];
}"""
#: Longest times in seconds, and most memory in megabytes.
MOST = {
    "48 MP photograph": (1.5, 300.0),
    "2 GB, MD5 and SHA-256": (20.0, 150.0),
    "60 s of 1080p": (12.0, 300.0),
    "2 GB film, key frames": (12.0, 300.0),
}
MINUTE_S = 60.0
TIMES_REAL_TIME = 4.0
#: Longest times of the core alone in milliseconds, and sizes in pixels.
CORE_LONGEST = {"core alone, 12 MP": (50.0, 4000, 3000), "core alone, 48 MP": (200.0, 8000, 6000)}
CORE_MEMORY_MB = 5.0
CORE_MODULE_KB = 12.0


def main() -> int:
    """Gives 0 when nothing took longer than it may."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        server = ClearinghouseServer(Path(folder) / "server")
        server.start()
        asked = BrowserFingerprints(browser, server.url)
        files = drawn(Path(folder))
        rows = [
            *timed("48 MP photograph", lambda: asked.of(files["photograph"]), rounds=10),
            *timed("2 GB, MD5 and SHA-256", lambda: asked.of(files["large"]), rounds=1),
            *timed("60 s of 1080p", lambda: asked.frames_of(files["minute"])),
            *timed("2 GB film, key frames", lambda: asked.frames_of(files["large"])),
        ]
        (minute,) = (row.ours for row in rows if row.case == "60 s of 1080p")
        rows.append(Row("against real time", minute, MINUTE_S, round(MINUTE_S / minute, 2), "s", TIMES_REAL_TIME))
        page = browser.new_page()
        for case, (longest, width, height) in CORE_LONGEST.items():
            taken = [page.evaluate(HASH, [list(CORE.read_bytes()), width, height]) for _ in range(5)]
            median = sorted(ms for ms, _ in taken)[2]
            rows.append(within(case, median, longest, "ms"))
            rows.append(within(f"{case}, memory", taken[0][1] / 1e6, CORE_MEMORY_MB, "MB"))
        rows.append(within("core alone, module", CORE.stat().st_size / 1e3, CORE_MODULE_KB, "kB"))
        asked.close()
        server.stop()
    return report("browser", rows)


def drawn(folder: Path) -> dict[str, Path]:
    """Writes the files."""
    made = {name: folder / name for name in ("photograph", "minute", "large")}
    Image.fromarray(data.astronaut()).resize((8000, 6000)).save(made["photograph"], "JPEG", quality=88)
    write_minute(made["minute"])
    repeat(made["minute"], made["large"], lambda _, size: size < GIGABYTES_2)
    return made


def write_minute(file: Path) -> None:
    """Writes a minute of film, 1080p with 30 frames a second: 20 s, three times."""
    scenes = films.scenes(20, width=1920, height=1080, fps=30)
    options = {"crf": "18", "preset": "ultrafast", "g": "60"}
    third = file.with_suffix(".third")
    third.write_bytes(films.encoded(scenes, "mp4", options=options, fps=30))
    repeat(third, file, lambda times, _: times < 3)


def repeat(film: Path, into: Path, more: Callable[[int, int], bool]) -> None:
    """Writes a film again and again, one after the other, without encoding it anew."""
    with av.open(film) as source, av.open(into, "w", format="mp4") as out:
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        times, shift = 0, 0
        while more(times, times * film.stat().st_size):
            source.seek(0)
            end = 0
            for packet in source.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                end = max(end, packet.pts + (packet.duration or 0))
                packet.pts += shift
                packet.dts += shift
                packet.stream = copy
                out.mux(packet)
            times, shift = times + 1, shift + end


def within(case: str, ours: float, most: float, unit: str) -> Row:
    """Gives the row of what may be at most so much."""
    return Row(case, round(ours, 2), most, round(most / max(ours, 0.01), 2), unit, 1.0)


def timed(case: str, way: Callable[[], list[dict[str, Any] | None]], *, rounds: int = 3) -> list[Row]:
    """Gives the rows of the median time and of the most memory."""
    times, grown = [], []
    for _ in range(rounds):
        with watched("chromium") as watch:
            begin = time.perf_counter()
            (made,) = way()
            times.append(time.perf_counter() - begin)
        grown.append(watch.most / 1e6)
        assert made is not None
    seconds, megabytes = MOST[case]
    return [
        within(case, statistics.median(times), seconds, "s"),
        within(f"{case}, memory", max(grown), megabytes, "MB"),
    ]


if __name__ == "__main__":
    sys.exit(main())
