"""NCMEC's Hash Sharing API, version 2, as a platform fetches it and votes there.

The list is asked by time: from where the last range ended, up to a few seconds ago, in UTC. Ranges overlap, because an
entry may become visible after the time that it carries; what is here already is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import httpx2
import msgspec

from takeback.closing import Closing
from takeback.errors import NotFoundError, UnavailableError, UntrustedListError
from takeback.exchanges.asking import Asking
from takeback.exchanges.foreign import ForeignVerdict
from takeback.model.feedback import Verdict
from takeback.model.foreign import ForeignBatch
from takeback.model.tier import StrongestAction, Tier
from takeback.wire import ncmec_pages as wire

#: How far behind our clock a range ends, and how far it reaches into the one before, in seconds.
BEHIND_S, OVERLAP_S = 5, 300
BEGINNING = "1970-01-01T00:00:00Z"
_XML = "application/xml; charset=utf-8"


class _Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A range of time, and the page in it that comes next; without `to`, where the next range begins."""

    since: str
    to: str = ""
    next: str = ""


class NcmecExchange(Closing):
    """One list, as one participant. Safe to use from several threads."""

    takes_verdicts = True

    def __init__(
        self,
        address: str,
        user: str,
        password: str,
        *,
        members: tuple[int, ...] = (),
        tier: Tier = Tier.SUBMITTED,
        action: StrongestAction = StrongestAction.HOLD,
        wrong_reason: str = "",
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._asking = Asking(address, auth=(user, password), transport=transport)
        self._members, self._wrong_reason = members, wrong_reason
        self.list_id, self.participant = f"ncmec {address.rstrip('/')}", user
        self.tier, self.action = tier, action

    def close(self) -> None:
        """Ends the connections."""
        self._asking.close()

    def too_old(self, place: str, now: datetime) -> bool:  # noqa: ARG002 - removals stay on this list for ever
        """Never: removals stay there for ever."""
        return False

    def batches(self, place: str, now: datetime) -> Iterator[ForeignBatch]:
        """Gives the pages from a place on; one whose link has grown too old is begun again at its range."""
        here = msgspec.json.decode(place, type=_Place) if place else _Place(BEGINNING)
        if not here.to:
            here = _Place(here.since, _time(now - timedelta(seconds=BEHIND_S)))
        resumed = bool(here.next)
        while True:
            try:
                content = self._asking.ask("GET", here.next or _range(here))
            except (NotFoundError, UnavailableError):
                if not resumed:
                    raise
                here, resumed = _Place(here.since, here.to), False
                continue
            page, resumed = wire.page(content, self._members), False
            if page.next is not None and page.next == here.next:
                raise UntrustedListError("The list goes on without moving. What is here stays as it is.")
            done = page.next is None
            here = _Place(_earlier(here.to)) if done else _Place(here.since, here.to, page.next or "")
            yield ForeignBatch(page.listed, page.gone, msgspec.json.encode(here).decode(), done, skipped=page.skipped)
            if done:
                return

    def send_verdict(self, said: ForeignVerdict) -> None:
        """Votes on an entry. One that has gone meanwhile needs no vote."""
        types = {one.type for one in said.fingerprints}
        voted = next((name for type_, name in wire.VOTED if type_ in types), None)
        if voted is None:
            return
        member, _, id_ = said.entry.partition("-")
        reason = self._reason(voted) if said.verdict is Verdict.WRONG else ""
        path = f"/v2/entries/{quote(member, safe='')}/{quote(id_, safe='')}/{voted}/feedback"
        try:
            self._asking.ask("PUT", path, wire.vote_bytes(said.verdict, reason), _XML)
        except NotFoundError:
            return

    def _reason(self, voted: str) -> str:
        if self._wrong_reason:
            return self._wrong_reason
        offered = wire.reasons(self._asking.ask("GET", f"/v2/feedback/{voted}/reasons"))
        if len(offered) > 1:
            raise UnavailableError("The list offers several reasons for a vote against. Set wrong_reason to one.")
        return offered[0] if offered else ""


def _range(here: _Place) -> str:
    return "/v2/entries?" + urlencode({"to": here.to, "from": here.since})


def _time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _earlier(to: str) -> str:
    return _time(datetime.strptime(to, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - timedelta(seconds=OVERLAP_S))
