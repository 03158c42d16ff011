"""Reads what the desk decides, in order, and keeps the place: what was carried out is never asked for again."""

from __future__ import annotations

import logging
import time

import takeback
from mastodon.moderation import Moderation
from mastodon.posts import Attachment
from mastodon.server import AwayError, GoneError, RefusedError
from mastodon.store import Store

log = logging.getLogger(__name__)
#: Seconds that the agent keeps a question while there is nothing new.
WAIT_S = 30


class Following:
    """One thread's work."""

    def __init__(self, store: Store, agent: takeback.Agent, moderation: Moderation, *, retry_s: float) -> None:
        self._store, self._agent, self._moderation, self._retry_s = store, agent, moderation, retry_s

    def run(self) -> None:
        """Follows for as long as the program runs."""
        while True:
            try:
                self.once()
            except (takeback.TakebackError, AwayError, RefusedError) as error:
                log.warning("instructions wait: %s", error)
                time.sleep(self._retry_s)

    def once(self) -> None:
        """Carries out what is new. Stops at what cannot be done now: a later instruction may undo an earlier one."""
        for one in self._agent.instructions(self._store.place(), wait_s=WAIT_S).instructions:
            attachment = Attachment.of(one.content)
            if attachment is not None:
                try:
                    self._moderation.instruct(attachment, one.doing)
                except GoneError:
                    log.info("an account of an instruction is gone")
            self._store.move(one.sequence)
