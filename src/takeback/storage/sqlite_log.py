"""SQLite's log, moved into the file by a thread of its own: who commits waits for the log alone, one write in a row.

What was erased stands in the log until the log is cut. So it is, as soon as nothing more comes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

#: How often it is looked whether there is something to move, in seconds.
EVERY_S = 0.5
#: Pages in the log (4 KiB each) at which a commit moves them itself, as it does where no server runs.
MOST_PAGES = 16_384


async def move_for_ever(file: Path) -> None:
    """Moves what stands in the log of a file, and cuts the log when half a second has brought nothing."""
    log, before, cut = file.with_name(f"{file.name}-wal"), (0, 0), True
    while True:
        await asyncio.sleep(EVERY_S)
        if (now := _state(log)) != before:
            await asyncio.to_thread(_checkpoint, file, "PASSIVE")  # nobody waits for it
            before, cut = now, False
        elif not cut:
            await asyncio.to_thread(_checkpoint, file, "TRUNCATE")
            before, cut = _state(log), True


def _checkpoint(file: Path, mode: str) -> None:
    database = sqlite3.connect(file, isolation_level=None, timeout=0)
    try:
        database.execute(f"PRAGMA wal_checkpoint({mode})")
    except sqlite3.OperationalError:
        pass  # somebody is at work: the next time
    finally:
        database.close()


def _state(log: Path) -> tuple[int, int]:
    try:
        found = log.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
