"""A first copy, filled from files of the feed: while one is kept, the next is fetched.

Only places up to where the files ended when it began are filled. Each of them holds an entry that holds no other, so no
entry comes twice and nothing has to be looked for; what changes meanwhile comes behind, page by page. A crash leaves
whole files, and the next sync goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise

from takeback.clock import Clock
from takeback.errors import NotFoundError, UntrustedListError
from takeback.exchanges.exchange import Exchange, FilesExchange
from takeback.model.change import START, ChangePage
from takeback.model.entry import ENTRY_ID_BYTES
from takeback.participant.lists.packing import Alike, all_alike
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.trusted_list import check_page
from takeback.wire.list_files import Directory, ListFile

log = logging.getLogger(__name__)

#: Told of entries that were kept, and of the row of the first of them; the others follow.
Filled = Callable[[int, Sequence[Alike]], object]
#: Files that are fetched at a time, ahead of the one that is being kept.
AHEAD = 3
#: How often in a row the directory is asked for again where a file has changed since.
TRIES = 5


def fill(
    replica: Replica,
    exchange: Exchange,
    clock: Clock,
    told: Callable[[], object] = lambda: None,
    filled: Filled = lambda _first, _entries: None,
) -> int:
    """Fills an empty copy, or one that was begun so, as far as there are files; gives how many entries were kept.

    `filled` is called with what each file had. `told` is called once, when all is there: what is made of the entries is
    made while the file makes its indexes.
    """
    if replica.filling() is None and replica.position().cursor != START:
        return 0
    kept = _fill(replica, exchange, clock, filled) if isinstance(exchange, FilesExchange) else 0
    if replica.filling() is None:
        return kept
    with ThreadPoolExecutor(1, "takeback-told") as beside:
        making = beside.submit(told)
        whole = replica.end_filling()
        making.result()
    if not whole:
        raise UntrustedListError("Files of the list hold an entry twice. All was dropped; tell the clearinghouse.")
    return kept


def _fill(replica: Replica, exchange: FilesExchange, clock: Clock, filled: Filled) -> int:
    kept, tries = 0, 0
    while tries < TRIES:
        before = replica.position().cursor
        try:
            directory = exchange.directory(before)
        except NotFoundError as error:
            log.info("no files, so page by page: %s", error.code)
            break
        until = replica.filling()
        until = directory.end if until is None else until
        files = [file for file in directory.files if file.until <= until]
        if not files:
            break
        if replica.filling() is None:
            replica.begin_filling(until)
        for count in _kept(replica, exchange, directory, files, clock, filled):
            kept += count
        tries = 0 if replica.position().cursor > before else tries + 1
    return kept


def _kept(
    replica: Replica,
    exchange: FilesExchange,
    directory: Directory,
    files: list[ListFile],
    clock: Clock,
    filled: Filled,
) -> Iterator[int]:
    """Keeps file after file, and gives how many entries each had."""
    ours = {"list_id": exchange.list_id, "participant": exchange.participant}
    for file, names, text in _fetched(exchange, files):
        whose = (directory.list_id, directory.participant)
        place = ChangePage(*whose, file.after, file.until, directory.issued, changes=(), head=None)
        check_page(place, replica.position(), **ours, now=clock.now())
        yield _keep(replica, file, names, text, directory.issued, filled)


def _keep(replica: Replica, file: ListFile, names: bytes, text: bytes, issued: datetime, filled: Filled) -> int:
    sequences, found = all_alike(text, len(names) // ENTRY_ID_BYTES)
    # Whoever begins has nothing to forget.
    if not all(a < b for a, b in pairwise([file.after, *sequences, file.until + 1])):
        raise UntrustedListError("A file's entries are not in order. Nothing of it was kept; sync again.")
    filled(replica.fill(names, found, until=file.until, issued=issued), found)
    return len(sequences)


def _fetched(exchange: FilesExchange, files: list[ListFile]) -> Iterator[tuple[ListFile, bytes, bytes]]:
    """Gives files in order, a few fetched ahead, until one is no longer what the directory says."""
    with ThreadPoolExecutor(AHEAD, "takeback-files") as pool:
        waiting = [pool.submit(exchange.file, file) for file in files[:AHEAD]]
        try:
            for at, file in enumerate(files):
                try:
                    names, text = waiting.pop(0).result()
                except NotFoundError:
                    return
                if at + AHEAD < len(files):
                    waiting.append(pool.submit(exchange.file, files[at + AHEAD]))
                yield file, names, text
        finally:
            for one in waiting:
                one.cancel()
