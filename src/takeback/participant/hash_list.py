"""The list as a platform holds it: a file that is synced, asked and given feedback."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from takeback.clock import Clock, SystemClock, today
from takeback.closing import Closing
from takeback.errors import StaleListError
from takeback.exchanges.exchange import Exchange
from takeback.exchanges.foreign import ForeignExchange
from takeback.exchanges.public_log import PublicLog
from takeback.matching.policy import Match
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.participant.lists.foreign_sync import sync_foreign
from takeback.participant.lists.index import ListIndex
from takeback.participant.lists.log_check import LogReport, check_log
from takeback.participant.lists.replica import Replica
from takeback.participant.lists.sync import SyncReport, one_at_a_time, sync

#: A list whose last whole sync is older than this is not asked any more.
MAX_AGE = timedelta(hours=24)


class HashList(Closing):
    """A copy of one list. Safe to use from several threads; several processes may read it while one syncs."""

    def __init__(self, path: Path, clock: Clock, max_age: timedelta = MAX_AGE) -> None:
        self._path, self._clock, self._max_age = path, clock, max_age
        self._syncing = threading.Lock()
        self.replica = Replica(path)
        self.index = ListIndex(self.replica, path.with_name(path.name + ".index"))

    @classmethod
    def open(cls, path: str | Path, *, clock: Clock | None = None, max_age: timedelta = MAX_AGE) -> HashList:
        """Opens the file, or begins a new one. A list whose last whole sync is older than `max_age` is not asked."""
        return cls(Path(path), clock or SystemClock(), max_age)

    def close(self) -> None:
        """Closes the files."""
        self.index.close()
        self.replica.close()

    def sync(self, exchange: Exchange | ForeignExchange, *, wait_s: int = 0) -> SyncReport:
        """Delivers feedback and fetches what has changed. May be interrupted at any point; the next one goes on.

        With `wait_s` it waits up to so many seconds for the first change: called in a loop, it has a withdrawal within
        a second and asks seldom.
        """
        with self._syncing, one_at_a_time(self._path):
            try:
                if isinstance(exchange, ForeignExchange):
                    return sync_foreign(self.replica, exchange, self._clock, kept=self.index.current)
                return sync(
                    *(self.replica, exchange, self._clock),
                    wait_s=wait_s,
                    kept=self.index.current,
                    filled=self.index.filled,
                )
            finally:
                self.index.settle()

    def check_log(self, log: PublicLog) -> LogReport:
        """Looks into the public log for every state of the list that was given to us since the last time.

        Raises UntrustedListError when one is missing: then this participant was given another list than others.
        """
        with self._syncing:
            return check_log(self.replica, log)

    def give_feedback(self, match: Match | str, verdict: Verdict, action: ActionTaken) -> None:
        """Keeps what a person found about an entry (a match, or its `entry` id); the next sync delivers it.

        It is on disk when this returns. A later verdict on the same entry replaces an earlier one.
        """
        name = match if isinstance(match, str) else match.entry
        self.replica.put_in_outbox(Feedback(name, verdict, action))

    def count_hits(self, matches: Iterable[Match]) -> None:
        """Counts that an upload matched these entries; the next sync tells how many there were on a day, coarsely.

        By these counts the clearinghouse finds entries that match what they should not. Call it once for each upload.
        """
        self.replica.count_hits({match.entry for match in matches}, today(self._clock))

    def require_fresh(self) -> None:
        """Raises StaleListError unless the last whole sync was issued within the last 24 hours, or what was set."""
        issued = self.replica.complete_as_of()
        if issued is None:
            raise StaleListError("The list has never been synced to its end. Call sync first.")
        if self._clock.now() - issued > self._max_age:
            hours = int(self._max_age.total_seconds() // 3600)
            raise StaleListError(
                f"The list is older than {hours} hours: it would match what was withdrawn and miss what is new. "
                "Sync it; if that fails, the error of sync says why."
            )
