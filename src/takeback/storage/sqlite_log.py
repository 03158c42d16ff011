"""SQLite's log, moved into the file by a thread of its own: who commits waits for the log alone, one write in a row.

What was erased stands in the log until the log is cut. So it is, as soon as nothing more comes.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from takeback import log

#: How often it is looked whether there is something to move, in seconds.
EVERY_S = 0.5
#: Pages in the log (4 KiB each) at which a commit moves them itself, as it does where no server runs.
MOST_PAGES = 16_384
#: Somebody reads or writes just now, which is no error (the low byte of SQLite's extended codes).
_AT_WORK = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def move_for_ever(file: Path) -> None:
    """Moves what stands in the log of a file, and cuts the log when half a second has brought nothing."""
    written, before, cut = file.with_name(f"{file.name}-wal"), (0, 0), True
    while True:
        await asyncio.sleep(EVERY_S)
        if (now := _state(written)) != before:
            await asyncio.to_thread(_checkpoint, file, "PASSIVE")  # nobody waits for it
            before, cut = now, False
        elif not cut:
            cut = await asyncio.to_thread(_checkpoint, file, "TRUNCATE")  # not while somebody reads: then once more
            before = _state(written)


def _checkpoint(file: Path, mode: str) -> bool:
    """Moves what it can, and says whether that was all. What goes wrong is told: nothing acknowledged depends on it."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
            busy, _, _ = database.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
            return not busy
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _AT_WORK:
            log.logger().warning("SQLite's log is not moved", why=error.sqlite_errorname)
        return False


def _state(written: Path) -> tuple[int, int]:
    try:
        found = written.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
