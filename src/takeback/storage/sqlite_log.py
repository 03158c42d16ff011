"""SQLite's log, cut as soon as nothing more comes: what was erased stands in it until then.

Commits move it into the file, a thousand pages at a time, as SQLite does by itself. Moved seldom it is written less,
and much at once, and then every commit waits behind that: on a list of a million for a third of a second.
"""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from takeback import log

#: How often it is looked whether something has come, in seconds.
EVERY_S = 0.5
#: Somebody reads or writes just now, which is no error (the low byte of SQLite's extended codes).
_AT_WORK = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


async def cut_for_ever(file: Path) -> None:
    """Cuts the log of a file whenever half a second has brought nothing."""
    written, before, is_cut = file.with_name(f"{file.name}-wal"), (0, 0), True
    with ThreadPoolExecutor(1) as thread:
        while True:
            await asyncio.sleep(EVERY_S)
            if (now := _state(written)) != before:
                before, is_cut = now, False
            elif not is_cut:
                # Not while somebody reads: then once more.
                is_cut = await asyncio.get_running_loop().run_in_executor(thread, cut, file)
                before = _state(written)


def cut(file: Path) -> bool:
    """Moves everything into the file and cuts the log, or says that somebody is in the way.

    What goes wrong is told: nothing acknowledged depends on it.
    """
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as database:
            busy, _, _ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in _AT_WORK:
            log.logger().warning("SQLite's log is not cut", why=error.sqlite_errorname)
        return False


def _state(written: Path) -> tuple[int, int]:
    try:
        found = written.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
