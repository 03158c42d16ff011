"""What a list of any size costs to hand out: measured on a small one, multiplied, and simulated where caches matter.

`python bench/distribution.py --entries 1e8 --participants 1000 --changed 0.01` is what docs/scale.md says. A file lasts
until one of its entries changes; how often its text is made depends on who asks when, so one day is drawn.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support.filling import fill
from takeback.clearinghouse import participants
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.keys import open_database
from takeback.clearinghouse.list_files import MOST_STRETCHES, NAMES, SEQUENCES, TEXT, ListFiles
from takeback.clearinghouse.packing import pack_feed
from takeback.clearinghouse.stretches import Stretches
from takeback.clock import SystemClock
from takeback.settings import Settings
from takeback.storage.feed_segments import PLACES
from takeback.wire import signed

#: Entries that are measured with, and stretches of which a day is drawn.
SAMPLE, DRAWN = 20_000, 2_000
PAGE, DAY_S, ROUNDS = 1_000, 86_400, 9
#: What a reader at home has, in bits a second, and how long it takes to fetch and keep one file, in seconds.
LINE, FILE_S = 60e6, 0.06


@dataclass(frozen=True)
class Costs:
    """Seconds of a core, and bytes, on this machine."""

    text: float
    text_again: float
    names: float
    directory: float
    in_directory: float
    page: float
    page_again: float
    page_of_rows: float
    packing: float
    text_bytes: float
    names_bytes: float
    page_bytes: float


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=float, default=1e8)
    parser.add_argument("--participants", type=float, default=1_000)
    parser.add_argument("--changed", type=float, default=0.01, help="part of the list that changes in a day")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        costs = asyncio.run(measured(Path(folder)))
    for line in table(costs, asked.entries, round(asked.participants), asked.changed):
        print(line)
    return 0


async def measured(folder: Path) -> Costs:
    """Measures with a small list on SQLite."""
    settings = Settings(data_dir=str(folder))
    await fill(settings, SAMPLE)
    database, clock, key = open_database(settings), SystemClock(), Ed25519PrivateKey.generate()
    reader = (await participants.invite(database, clock, "Measures")).participant
    kept, none = ListFiles(bytes(32), "bench", 10**9), ListFiles(bytes(32), "bench", 0)
    pages, no_pages = Stretches(10**9), Stretches(0)
    file = (await none.directory(database, clock, reader, 0)).files[1]
    text, names = file.text.removeprefix(TEXT), file.names.removeprefix(NAMES)

    async def page(stretches: Stretches) -> bytes:
        body = await page_bytes_for(
            *(database, clock, reader, stretches), list_id="bench", after=0, limit=PAGE, acknowledges=False
        )
        signed.sign(body, key)
        return body

    page_of_rows = await seconds(lambda: page(no_pages))
    begin = time.process_time()
    packed = await pack_feed(database)
    packing = (time.process_time() - begin) / packed
    await kept.text(database, text)
    await page(pages)
    long = await seconds(lambda: none.directory(database, clock, reader, 0))
    short = await seconds(lambda: none.directory(database, clock, reader, SAMPLE - SEQUENCES))
    each = (long - short) / (SAMPLE / SEQUENCES - 1)
    costs = Costs(
        await seconds(lambda: none.text(database, text)),
        await seconds(lambda: kept.text(database, text)),
        await seconds(lambda: none.names(database, names)),
        short - each,
        each,
        await seconds(lambda: page(no_pages)),
        await seconds(lambda: page(pages)),
        page_of_rows,
        packing,
        len(await kept.text(database, text)),
        len(await kept.names(database, names)),
        len(await page(pages)),
    )
    await database.close()
    return costs


async def seconds(way: Callable[[], Awaitable[object]]) -> float:
    """Gives the median of the processor time of one call."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        await way()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def made_in_a_day(participants: int, changes: float, drawn: random.Random) -> tuple[float, float]:
    """Gives how often the text of one file is made, and found changed, when everybody begins within one day.

    Each asks once, at any time, and learned the address a moment before; each change ends what caches hold.
    """
    made = stale = 0
    for _ in range(DRAWN):
        ends = sorted(drawn.random() for _ in range(poisson(changes, drawn)))
        asked = [drawn.random() for _ in range(participants)]
        made += len({bisect(ends, at) for at in asked})
        told = MOST_STRETCHES / 2 * FILE_S / DAY_S  # how old a directory is when one of its files is fetched
        stale += sum(bisect(ends, at) != bisect(ends, max(0.0, at - told)) for at in asked)
    return made / DRAWN, stale / DRAWN


def poisson(mean: float, drawn: random.Random) -> int:
    """Draws how many changes there are, by the pauses between them."""
    count, at = 0, drawn.expovariate(1)
    while at < mean:
        count, at = count + 1, at + drawn.expovariate(1)
    return count


def table(costs: Costs, entries: float, participants: int, changed: float) -> list[str]:
    """Gives the lines."""
    files, changes = entries / SEQUENCES, entries * changed
    one_bytes = files * (costs.text_bytes + costs.names_bytes)
    told = costs.in_directory + costs.directory / MOST_STRETCHES
    alone = files * (costs.text + costs.names + told)
    made, stale = made_in_a_day(participants, SEQUENCES * changed, random.Random(1))
    again = files * stale * (costs.directory + MOST_STRETCHES * costs.in_directory)
    all_ = files * (made * costs.text + participants * (costs.names + told)) + again
    from_origin = files * (made * costs.text_bytes + participants * costs.names_bytes)
    by_pages = participants * entries / PAGE * costs.page
    daily = changes / PAGE * (costs.page_of_rows + participants * costs.page_again)
    rows = [
        ("one file's text", f"{costs.text_bytes / 1e3:.0f} kB", f"{costs.text * 1e3:.0f} ms"),
        ("the same, in memory", "", f"{costs.text_again * 1e3:.1f} ms"),
        ("one participant's names for it", f"{costs.names_bytes / 1e3:.0f} kB", f"{costs.names * 1e3:.1f} ms"),
        (f"page of {PAGE} changes, read", f"{costs.page_bytes / 1e3:.0f} kB", f"{costs.page * 1e3:.1f} ms"),
        ("the same, not packed yet", "", f"{costs.page_of_rows * 1e3:.1f} ms"),
        ("the same, in memory", "", f"{costs.page_again * 1e3:.1f} ms"),
        ("packing the whole feed, once", "", span(entries / PLACES * costs.packing)),
        ("first sync of one", f"{one_bytes / 1e9:.1f} GB, {one_bytes * 8 / LINE / 60:.0f} min", span(alone)),
        (f"all {participants} begin within a day, by pages", "", span(by_pages)),
        ("the same, by files behind a cache", f"{from_origin / 1e9:.0f} GB from here", span(all_)),
        ("… how often one text is made, and found changed", f"{made:.1f}", f"{stale:.2f}"),
        (f"a day's changes, {changes:.0f}, to all", f"{changes * costs.page_bytes / PAGE * participants / 1e9:.0f} GB",
         span(daily)),
    ]  # fmt: skip
    width = max(len(what) for what, _, _ in rows)
    return [f"{what:<{width}}  {much:>18}  {cost:>14}" for what, much, cost in rows]


def span(seconds_: float) -> str:
    """Gives processor time in the unit that one would say."""
    for unit, length in (("core days", DAY_S), ("core hours", 3_600), ("core minutes", 60)):
        if seconds_ >= length:
            return f"{seconds_ / length:.1f} {unit}"
    return f"{seconds_:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
