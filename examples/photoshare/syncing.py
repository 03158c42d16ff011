"""Keeps the list fresh in the background, and screens again when it has changed."""

from __future__ import annotations

import logging
import threading

import takeback
from photoshare.moderation import Moderation

log = logging.getLogger(__name__)


class Syncing:
    """A thread that syncs every few seconds until told to stop."""

    def __init__(self, moderation: Moderation, exchange: takeback.Exchange, seconds: float) -> None:
        self._moderation, self._exchange, self._seconds = moderation, exchange, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="takeback-sync", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the sync that is under way."""
        self._stop.set()
        self._thread.join()

    def once(self) -> None:
        """Syncs; a list that cannot be fetched now is tried again later, and held to its own freshness."""
        try:
            report = self._moderation.hashlist.sync(self._exchange)
        except takeback.TakebackError as error:
            log.warning("sync: %s", error)
            return
        if report.changes and (moved := self._moderation.screen_again()):
            log.info("the list has changed: %d pictures held or released", moved)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self.once()
