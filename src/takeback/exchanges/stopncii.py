"""StopNCII's API, version 1, as a platform fetches it: a value that is withdrawn there stops matching here.

The list is asked from a time on, which it hands out itself; after a crash the last such time that was kept is asked for
again, and it includes itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode

import httpx2
import msgspec

from takeback.closing import Closing
from takeback.errors import UntrustedListError
from takeback.exchanges.asking import Asking
from takeback.exchanges.foreign import ForeignVerdict
from takeback.model.foreign import ForeignBatch
from takeback.model.tier import StrongestAction, Tier
from takeback.wire import stopncii_pages as wire

FIRST_START = 10
PAGE_RECORDS = 800
#: After so long without a sync, removals may have been forgotten there: everything is fetched anew.
FORGOTTEN = timedelta(days=30)


class _Place(msgspec.Struct, frozen=True):
    start: int
    asked_at: float


class StopNciiExchange(Closing):
    """One list, as one participant. Safe to use from several threads."""

    def __init__(
        self,
        address: str,
        fetch_key: str,
        subscription_key: str,
        *,
        feedback_key: str = "",
        tier: Tier = Tier.SUBMITTED,
        action: StrongestAction = StrongestAction.HOLD,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        def asking(key: str) -> Asking:
            headers = {"x-functions-key": key, "ocp-apim-subscription-key": subscription_key}
            return Asking(address, headers=headers, transport=transport)

        self._fetching = asking(fetch_key)
        self._telling = asking(feedback_key) if feedback_key else None
        self.list_id, self.participant = f"stopncii {address.rstrip('/')}", "csp"
        self.tier, self.action = tier, action

    def close(self) -> None:
        """Ends the connections."""
        self._fetching.close()
        if self._telling is not None:
            self._telling.close()

    @property
    def takes_verdicts(self) -> bool:
        """Whether there is a key for telling."""
        return self._telling is not None

    def too_old(self, place: str, now: datetime) -> bool:
        """Says whether removals since then may have been forgotten there."""
        if not place:
            return False
        return now.timestamp() - msgspec.json.decode(place, type=_Place).asked_at > FORGOTTEN.total_seconds()

    def batches(self, place: str, now: datetime) -> Iterator[ForeignBatch]:
        """Gives the pages from a place on."""
        start = msgspec.json.decode(place, type=_Place).start if place else FIRST_START
        token: str | None = None
        while True:
            asked = {"startTimestamp": str(start), "pageSize": str(PAGE_RECORDS)}
            if token is not None:
                asked["nextPageToken"] = token
            page = wire.page(self._fetching.ask("GET", f"/FetchHashes?{urlencode(asked)}"))
            if page.come_back_at < start or (page.token is not None and page.token == token):
                raise UntrustedListError("The list goes back, or on without moving. What is here stays as it is.")
            kept = msgspec.json.encode(_Place(page.come_back_at, now.timestamp())).decode()
            yield ForeignBatch(page.listed, page.gone, kept, page.token is None, skipped=page.skipped)
            if page.token is None:
                return
            token = page.token

    def send_verdict(self, said: ForeignVerdict) -> None:
        """Says what was found about a value. One that has gone meanwhile needs no verdict."""
        if self._telling is not None and said.fingerprints:
            body = wire.feedback_bytes([(one, said.verdict) for one in said.fingerprints])
            self._telling.ask("POST", "/SubmitFeedback", body, "application/json")
