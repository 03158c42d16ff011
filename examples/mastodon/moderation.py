"""What happens on the server: moderators hear of every step, and accounts are acted on as far as the operator wants.

Each step may be done again after a crash: what is wanted is worked out from what is kept, and compared with what is so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from mastodon.posts import Attachment
from mastodon.server import RefusedError, Server
from mastodon.store import Store, Told

log = logging.getLogger(__name__)
#: What a report says. It names no list and no match: more people read reports than work at the desk.
SENTENCES = {
    "hold": "A file of this post waits at the desk. It is decided there; nobody has to open it here.",
    "unread": "A file of this post cannot be looked at by machine. Decide about it here.",
    "hide": "The desk wants a file of this post hidden. Mastodon cannot hide one post.",
    "remove": "The desk has decided that a file of this post must go. Please delete the post: only a person can.",
}


class Moderation:
    """Carries things out, one at a time. `actions` says what `hide` and `remove` do to the account, where anything."""

    def __init__(self, store: Store, server: Server, actions: Mapping[str, str]) -> None:
        self._store, self._server, self._actions, self._lock = store, server, actions, threading.Lock()

    def wait(self, attachment: Attachment, doing: str) -> None:
        """Tells moderators of a file that the agent does not allow, unless they know more already."""
        with self._lock:
            if self._store.find(attachment) is None:
                self._tell(attachment, doing)

    def instruct(self, attachment: Attachment, doing: str) -> None:
        """Does what the desk says of a file: hide, remove or restore."""
        with self._lock:
            if doing != "restore":
                told = self._tell(attachment, doing)
                self._settle(attachment.account)
                self._try(self._server.reopen, told.report)  # a moderator has still to look at the post
            elif before := self._store.find(attachment):
                self._store.put(attachment, Told("restore", before.report))
                self._settle(attachment.account)
                self._close(before.report)
                self._store.forget(attachment)

    def _tell(self, attachment: Attachment, doing: str) -> Told:
        before = self._store.find(attachment)
        if before is not None and before.doing == doing:
            return before
        comment = f"Takeback: {SENTENCES[doing]} (post {attachment.post}, file {attachment.id})"
        report = self._store.report_about(attachment.post, doing)
        told = Told(doing, report or self._server.report(attachment.account, attachment.post, comment))
        self._store.put(attachment, told)
        if before is not None:
            self._close(before.report)
        return told

    def _close(self, report: str) -> None:
        if not self._store.stands(report):
            self._try(self._server.resolve, report)

    def _settle(self, account: str) -> None:
        """Brings an account to what its content asks for. What somebody else did to it is left alone."""
        wanted = {self._actions[one] for one in self._store.doings(account) if one in self._actions}
        for action in sorted(wanted):
            self._try(self._act, account, action)
        for action in sorted(self._store.acted(account) - wanted):
            self._try(self._undo, account, action)

    def _act(self, account: str, action: str) -> None:
        if not self._server.stands(account, action):
            self._store.act(account, action)
            self._server.act(account, action)

    def _undo(self, account: str, action: str) -> None:
        if self._server.stands(account, action):
            self._server.undo(account, action)
        self._store.undo(account, action)

    def _try(self, do: Callable[..., None], *words: str) -> None:
        try:
            do(*words)
        except RefusedError as error:  # such as an account of the staff: the report stands, and a person has to
            log.error("left to the moderators: %s", error)  # noqa: TRY400 - where it was raised says nothing more
