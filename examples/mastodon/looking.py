"""Asks the agent about what webhooks named, until it has answered."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import takeback
from mastodon.moderation import Moderation
from mastodon.posts import Attachment
from mastodon.server import AwayError, GoneError, RefusedError
from mastodon.store import Store
from takeback.errors import InvalidInputError

log = logging.getLogger(__name__)


class NotYetError(Exception):
    """It is to be tried again later."""


#: A key that is revoked or too busy, a server that is away: with time, or a person, it works again.
LATER = (takeback.TakebackError, AwayError, RefusedError, NotYetError)


class Looking:
    """One thread's work. `storage` is the folder that Mastodon calls `public/system`, or PAPERCLIP_ROOT_PATH."""

    def __init__(
        self, store: Store, agent: takeback.Agent, moderation: Moderation, storage: Path, *, retry_s: float
    ) -> None:
        self._store, self._agent, self._moderation = store, agent, moderation
        self._storage, self._retry_s, self._news = storage, retry_s, threading.Event()

    def tell(self) -> None:
        """Says that there is something to look at."""
        self._news.set()

    def run(self) -> None:
        """Looks for as long as the program runs."""
        while True:
            self._news.clear()
            self.once()
            self._news.wait(self._retry_s)

    def once(self) -> None:
        """Looks at everything that is due. What cannot be looked at now is tried again later."""
        for content, surface in self._store.due(time.time()):
            try:
                self._look(content, surface)
            except LATER as error:
                log.warning("not looked at yet: %s", error)
                self._store.postpone(content, time.time() + self._retry_s)
            else:
                self._store.answered(content)

    def _look(self, content: str, surface: str) -> None:
        attachment = Attachment.of(content)
        files = [] if attachment is None else attachment.files(self._storage)
        if attachment is None or not files:
            log.warning("no file of an attachment is in the storage: deleted meanwhile, or MASTODON_STORAGE is wrong")
            return
        account = f"mastodon/{attachment.account}"
        try:
            answer = self._agent.screen(files[0], surface=surface, content=content, account=account)
        except (InvalidInputError, FileNotFoundError) as error:  # too large for the agent's limit, or just deleted
            log.warning("not looked at: %s", type(error).__name__)
            return
        except OSError as error:  # its sentence names the file
            raise NotYetError(f"the file cannot be read ({type(error).__name__})") from None
        if answer.do != "hold":
            return  # `hide` and `remove` come in the feed of instructions, too
        if answer.hold is None and answer.stale:
            raise NotYetError("a list is too old to be asked")
        try:
            self._moderation.wait(attachment, "unread" if answer.hold is None else "hold")
        except GoneError:
            return  # the account was deleted meanwhile
