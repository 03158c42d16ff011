"""Bringing a replica up to date. Moves bytes and holds no rule: those are in `trusted_list`."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from takeback.clock import Clock, today
from takeback.errors import NotFoundError, UnavailableError, UntrustedListError
from takeback.exchanges.exchange import Exchange, SnapshotExchange
from takeback.model.change import START
from takeback.model.hits import HIT_DAYS
from takeback.participant.lists.filling import Filled, fill
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.trusted_list import check_page

log = logging.getLogger(__name__)

#: Changes asked for at a time.
PAGE_CHANGES = 2_000


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did: changes kept, verdicts delivered, entries on the list now, and whether it began again.

    `skipped`, of a list of others: how many of its records could not be read.
    """

    changes: int
    delivered: int
    entries: int
    began_again: bool
    skipped: int = 0


def sync(
    replica: Replica,
    exchange: Exchange,
    clock: Clock,
    *,
    page_changes: int = PAGE_CHANGES,
    wait_s: int = 0,
    kept: Callable[[], object] = lambda: None,
    filled: Filled = lambda _first, _entries: None,
) -> SyncReport:
    """Delivers what waits in the outbox, then keeps page after page until there is no more.

    With `wait_s`, it waits up to so many seconds for the first change. `kept` is called after each page, and `filled`
    after each file of a first copy.
    """
    replica.belong_to(exchange.list_id, exchange.participant)
    # 1. Feedback and counts first: they must not wait for a long first sync.
    delivered = deliver_feedback(replica, exchange)
    _tell_hits(replica, exchange, clock)
    # 2. Pages, each kept whole. What a crash interrupts goes on from the last one.
    changes, proven = _pages(replica, exchange, clock, page_changes, kept, filled, wait_s)
    # 3. If the copy is not what the clearinghouse says, something was lost: once more, from the beginning.
    if not proven:
        log.warning("the copy does not match the list's digest: beginning again")
        replica.begin_again()
        again, proven = _pages(replica, exchange, clock, page_changes, kept, filled)
        if not proven:
            raise UntrustedListError(
                "The list's digest does not fit its own pages. Nothing is answered from it; tell the clearinghouse."
            )
        return SyncReport(changes + again, delivered, replica.position().digest.entries, began_again=True)
    return SyncReport(changes, delivered, replica.position().digest.entries, began_again=False)


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Keeps a second process from syncing the same file; raises UnavailableError while one does."""
    with path.with_name(path.name + ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError(
                "Another process is syncing this list. One is enough: the others read what it keeps."
            ) from None
        yield


def deliver_feedback(replica: Replica, exchange: Exchange) -> int:
    """Hands over the verdicts that wait, and gives how many those were. It may run beside a sync."""
    waiting = replica.outbox()
    if waiting:
        exchange.send_feedback(tuple(feedback for _, feedback in waiting))
        replica.delivered(number for number, _ in waiting)
    return len(waiting)


def _tell_hits(replica: Replica, exchange: Exchange, clock: Clock) -> None:
    counted = replica.hits_to_tell(since=today(clock) - timedelta(days=HIT_DAYS - 1))
    if counted:
        exchange.send_hits(tuple(counted))
        replica.told(counted)


def _snapshot(replica: Replica, exchange: Exchange, clock: Clock) -> int:
    """Begins an empty copy with the whole list at once, where there is that; gives how many changes were kept.

    Whatever goes wrong, what was kept is a beginning, and the pages go on from there.
    """
    kept = 0
    if replica.position().cursor != START or not isinstance(exchange, SnapshotExchange):
        return kept
    try:
        for page in exchange.snapshot():
            position = replica.position()
            check_page(page, position, list_id=exchange.list_id, participant=exchange.participant, now=clock.now())
            if not replica.keep(page):
                replica.begin_again()
                return 0
            kept += len(page.changes)
    except (NotFoundError, UnavailableError) as error:
        log.info("no snapshot, so page by page: %s", error.code)
    return kept


def _pages(
    replica: Replica,
    exchange: Exchange,
    clock: Clock,
    page_changes: int,
    told: Callable[[], object],
    filled: Filled,
    wait_s: int = 0,
) -> tuple[int, bool]:
    kept = fill(replica, exchange, clock, told, filled) or _snapshot(replica, exchange, clock)
    while True:
        position = replica.position()
        waiting = {"wait_s": wait_s} if wait_s and not kept else {}
        page = exchange.changes(position.cursor, page_changes, **waiting)
        check_page(page, position, list_id=exchange.list_id, participant=exchange.participant, now=clock.now())
        if not replica.keep(page):
            return kept, False
        told()
        kept += len(page.changes)
        if page.complete:
            replica.settle()
            return kept, True
        if page.next == page.after:
            raise UntrustedListError("The feed goes on without moving. Tell the clearinghouse.")
