"""Bringing a copy of somebody else's list up to date. It gives no digest, so its pages are made here.

Each page is kept whole, with the place from which the exchange goes on, in one transaction: after a crash anywhere, the
next sync goes on from the last page that was kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from takeback.clock import Clock, today
from takeback.errors import TakebackError
from takeback.exchanges.foreign import ForeignExchange, ForeignVerdict
from takeback.model.change import Change, ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, ListedEntry
from takeback.model.foreign import ForeignBatch, ForeignEntry
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.sync import PAGE_CHANGES, SyncReport

log = logging.getLogger(__name__)


def sync_foreign(
    replica: Replica, exchange: ForeignExchange, clock: Clock, *, kept: Callable[[], object] = lambda: None
) -> SyncReport:
    """Keeps page after page until there is no more, then hands over verdicts that wait. `kept` follows each page."""
    replica.belong_to(exchange.list_id, exchange.participant)
    replica.restate(exchange.tier, exchange.action)
    changes = skipped = 0
    if exchange.too_old(replica.foreign_place(), clock.now()):
        replica.begin_again()
        replica.keep_foreign_place("")
    for batch in exchange.batches(replica.foreign_place(), clock.now()):
        skipped += batch.skipped
        for page, place in _pages(replica, exchange, batch, clock):
            replica.keep(page, place=place)
            changes += len(page.changes)
            kept()
    replica.settle()
    delivered = _deliver(replica, exchange)
    if skipped:
        log.warning("%d records of a list could not be read", skipped)
    return SyncReport(changes, delivered, replica.position().digest.entries, began_again=False, skipped=skipped)


def _pages(
    replica: Replica, exchange: ForeignExchange, batch: ForeignBatch, clock: Clock
) -> Iterator[tuple[ChangePage, str | None]]:
    """Gives a batch as pages of a bounded size; the place stands with the last of them."""
    listed, gone = replica.foreign_changes(batch)
    parts: list[tuple[list[ForeignEntry], list[str]]] = [
        (listed[at : at + PAGE_CHANGES], []) for at in range(0, len(listed), PAGE_CHANGES)
    ]
    parts += [([], gone[at : at + PAGE_CHANGES]) for at in range(0, len(gone), PAGE_CHANGES)]
    for number, (new, old) in enumerate(parts or [([], [])], 1):
        last, after = number >= len(parts), replica.position().cursor
        changes: list[Change] = [Upsert(_entry(one, after + at, exchange, clock)) for at, one in enumerate(new, 1)] or [
            Tombstone(name, after + at) for at, name in enumerate(old, 1)
        ]
        page = ChangePage(
            exchange.list_id,
            exchange.participant,
            after,
            after + len(changes),
            clock.now(),
            tuple(changes),
            None,
            ends=last and batch.complete,
        )
        yield page, batch.place if last else None


def _entry(one: ForeignEntry, sequence: int, exchange: ForeignExchange, clock: Clock) -> ListedEntry:
    day = one.listed_on or today(clock)
    return ListedEntry(one.name, sequence, one.kind, Age.UNSURE, exchange.tier, exchange.action, day, one.fingerprints)


def _deliver(replica: Replica, exchange: ForeignExchange) -> int:
    """Hands over what waits. A list that takes no verdicts, or not now, is synced all the same."""
    waiting, done = replica.outbox(), list[int]()
    if not exchange.takes_verdicts:
        return 0
    try:
        for number, said in waiting:
            exchange.send_verdict(ForeignVerdict(said.entry, replica.fingerprints_of(said.entry), said.verdict))
            done.append(number)
    except TakebackError as error:
        log.warning("verdicts wait: %s", error.code)
    replica.delivered(done)
    return len(done)
