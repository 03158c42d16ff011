"""The lists that an agent follows: a copy of each, synced in a thread of its own, and how each stands.

One list that cannot be fetched, or lies, does not hold up the others. What a sync has kept is asked about at once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from takeback.agent_settings import AnyList, TakebackList
from takeback.clock import Clock
from takeback.closing import Closing
from takeback.errors import StaleListError, TakebackError, UnavailableError
from takeback.exchanges.configured import AnyExchange, exchange_of
from takeback.exchanges.takeback import TakebackExchange
from takeback.participant.hash_list import HashList
from takeback.participant.lists.sync import SyncReport, deliver_feedback
from takeback.platform_settings import PlatformSettings
from takeback.storage.platform.followed_lists import FollowedState

log = logging.getLogger(__name__)

#: Syncs with a clearinghouse do not follow each other faster than this, however often it has something new.
LEAST_PAUSE_S = 0.2
#: Where it did not wait although it was asked to, it is asked so often.
NO_WAIT_S = 10.0
LONGEST_PAUSE_S = 900.0
#: How often it is looked whether verdicts wait: a sync that waits for news must not hold them up.
DELIVER_EVERY_S = 1.0
STOP_S = 2.0
MAX_DETAIL_CHARACTERS = 400
#: Told of the state of a list, and why, whenever a sync has ended.
Told = Callable[[FollowedState], None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a list stands now: its entries, when its last whole sync was issued, and whether it may be asked."""

    name: str
    kind: str
    entries: int
    complete_as_of: datetime | None
    fresh: bool


def copy_of(settings: PlatformSettings, name: str) -> Path:
    """Gives where the copy of a list lies."""
    return settings.data_path / "lists" / f"{name}.db"


class FollowedList(Closing):
    """One list."""

    def __init__(self, row: AnyList, settings: PlatformSettings, clock: Clock, told: Told) -> None:
        path = copy_of(settings, row.name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.name, self.row = row.name, row
        self.hashlist = HashList.open(path, clock=clock, max_age=timedelta(hours=row.too_old_h))
        self._exchange: AnyExchange | None = None
        self._clock, self._told = clock, told
        self._wait_s, self._retry_s = settings.sync_wait_s, settings.sync_retry_s
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=target, name=f"takeback-{what}-{row.name}", daemon=True)
            for what, target in (("sync", self._sync_for_ever), ("deliver", self._deliver_for_ever))
        ]

    @property
    def counts_hits(self) -> bool:
        """Whether the list wants to know how often its entries are found."""
        return isinstance(self.row, TakebackList)

    def open(self) -> None:
        """Opens the exchange, and the index; raises SettingsError for what is missing."""
        self._exchange = exchange_of(self.row)
        self.hashlist.index.current()

    def start(self) -> None:
        """Begins to follow."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Ends, without waiting for a clearinghouse that keeps us waiting for news."""
        self._stop.set()
        if self._exchange is not None:
            self._exchange.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(STOP_S)
        self.hashlist.close()

    def standing(self) -> Standing:
        """Gives how it stands."""
        replica = self.hashlist.replica
        fresh = True
        try:
            self.hashlist.require_fresh()
        except StaleListError:
            fresh = False
        kind = type(self.row).__struct_config__.tag
        return Standing(self.name, str(kind), replica.position().digest.entries, replica.complete_as_of(), fresh)

    def sync_once(self) -> SyncReport:
        """Syncs, and says how it ended."""
        exchange = self._exchange or exchange_of(self.row)
        self._exchange = exchange
        try:
            wait_s = self._wait_s if isinstance(exchange, TakebackExchange) else 0
            report = self.hashlist.sync(exchange, wait_s=wait_s)
        except TakebackError as error:
            self._tell(error.code, str(error))
            raise
        self._tell(None, None, report)
        return report

    def _sync_for_ever(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            begin = time.monotonic()
            try:
                report = self.sync_once()
            except TakebackError as error:
                if self._stop.is_set():
                    return
                pause = min(max(self._retry_s, 2 * pause), LONGEST_PAUSE_S)
                log.warning("%s: not synced: %s", self.name, error.code)
            except Exception as error:  # noqa: BLE001 - the edge of a thread: a bug must not stop following
                if self._stop.is_set():
                    return
                pause = min(max(self._retry_s, 2 * pause), LONGEST_PAUSE_S)
                self._tell("unexpected", type(error).__name__)
                log.error("%s: not synced: %s", self.name, type(error).__name__)  # noqa: TRY400 - no text of it
            else:
                pause = self._pause(report, time.monotonic() - begin)

    def _pause(self, report: SyncReport, taken_s: float) -> float:
        if not isinstance(self.row, TakebackList):
            return self.row.every_s
        waited = report.changes or taken_s >= self._wait_s / 2
        return LEAST_PAUSE_S if self._wait_s and waited else NO_WAIT_S

    def _deliver_for_ever(self) -> None:
        pause = DELIVER_EVERY_S
        while not self._stop.wait(pause):
            pause = DELIVER_EVERY_S
            exchange = self._exchange
            if not isinstance(exchange, TakebackExchange) or not self.hashlist.replica.outbox():
                continue
            try:
                deliver_feedback(self.hashlist.replica, exchange)
            except TakebackError as error:
                pause = self._retry_s  # the next sync tells how the list stands, and delivers, too
                log.warning("%s: verdicts wait: %s", self.name, error.code)
            except Exception as error:  # noqa: BLE001 - the edge of a thread
                if not self._stop.is_set():
                    log.error("%s: verdicts wait: %s", self.name, type(error).__name__)  # noqa: TRY400 - no text of it

    def _tell(self, code: str | None, detail: str | None, report: SyncReport | None = None) -> None:
        entries = self.hashlist.replica.position().digest.entries
        cut = None if detail is None else detail[:MAX_DETAIL_CHARACTERS]
        skipped = 0 if report is None else report.skipped
        self._told(FollowedState(self.name, entries, skipped, self._clock.now(), code, cut))


class FollowedLists(Closing):
    """All lists of one installation, in the order of the settings."""

    def __init__(self, settings: PlatformSettings, clock: Clock, told: Told = lambda _: None) -> None:
        self._by_name = {row.name: FollowedList(row, settings, clock, told) for row in settings.lists}

    def __iter__(self) -> Iterator[FollowedList]:
        return iter(self._by_name.values())

    def named(self, name: str) -> FollowedList | None:
        """Gives a list by its name."""
        return self._by_name.get(name)

    def open(self) -> None:
        """Opens every exchange and index."""
        for one in self._by_name.values():
            one.open()

    def start(self) -> None:
        """Begins to follow all of them."""
        for one in self._by_name.values():
            one.start()

    def close(self) -> None:
        """Ends all of them."""
        for one in self._by_name.values():
            with suppress(UnavailableError):
                one.close()
