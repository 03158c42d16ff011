"""What HMA does with an exchange of Meta's `threatexchange`: HMA itself is in no package index, so its calls are made.

Deltas are asked for with the checkpoint of the last one, records merged by their keys, and what is left converted to
values that are matched.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from threatexchange.exchanges.impl import ncmec_api
from threatexchange.exchanges.impl.ncmec_api import NCMECCollabConfig, NCMECSignalExchangeAPI
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

from support.waiting import eventually


class Hma:
    """One exchange of HMA's, feeding one bank."""

    def __init__(self, exchange: Any, collab: Any) -> None:
        self.exchange, self.collab = exchange, collab
        self.checkpoint: Any = None
        self.records: dict[Any, Any] = {}
        #: What the last run was told, by key.
        self.told: dict[Any, Any] = {}

    def fetch(self, after_each: Callable[[], None] = lambda: None) -> int:
        """Does one run of the fetcher and gives how many deltas came."""
        deltas, self.told = 0, {}
        for delta in self.exchange.fetch_iter([PdqSignal, VideoMD5Signal], self.checkpoint):
            self.exchange.naive_fetch_merge(self.records, delta.updates)
            before = self.checkpoint and self.checkpoint.get_progress_timestamp()
            assert not before or delta.checkpoint.get_progress_timestamp() >= before, "HMA stops where it goes back"
            self.checkpoint = delta.checkpoint
            self.told |= delta.updates
            deltas += 1
            after_each()
        return deltas

    @property
    def signals(self) -> dict[str, Any]:
        """The values that are matched, and what is known of each."""
        types = [PdqSignal, VideoMD5Signal]
        converted = self.exchange.naive_convert_to_signal_type(types, self.collab, self.records)
        return {value: known for by_value in converted.values() for value, known in by_value.items()}

    @property
    def values(self) -> set[str]:
        """The values that are matched."""
        return set(self.signals)

    def lookup(self, value: str) -> set[str]:
        """Gives the keys that `/m/lookup` finds for a PDQ value: an index of the client's own over what was fetched."""
        pdq = [(one.fingerprints.get("pdq"), key) for key, one in self.records.items()]
        index = PdqSignal.get_index_cls().build([(listed, key) for listed, key in pdq if listed in self.values])
        return {found.metadata for found in index.query(value)}


def ncmec_exchange(base: str, user: str, password: str, only_esp_ids: frozenset[int] = frozenset()) -> Hma:
    """Gives the stock exchange, with an address in the place of one that it knows."""
    collab = NCMECCollabConfig(name="demo", environment=None, only_esp_ids=set(only_esp_ids))  # type: ignore[arg-type]
    collab.environment = SimpleNamespace(value=base)  # type: ignore[assignment]
    return Hma(NCMECSignalExchangeAPI(collab, user, password), collab)


def timed(hma: Hma, patch: pytest.MonkeyPatch) -> list[float]:
    """Gives a list to which each request of the exchange adds its seconds."""
    seconds: list[float] = []
    get = hma.exchange.get_client

    def client(environment: Any) -> Any:
        api = get(environment)
        once = api._get

        def ask(*words: Any, **more: Any) -> Any:
            begin = time.monotonic()
            answer = once(*words, **more)
            seconds.append(time.monotonic() - begin)
            return answer

        patch.setattr(api, "_get", ask)
        return api

    patch.setattr(hma.exchange, "get_client", client)
    return seconds


def without_delay(patch: pytest.MonkeyPatch) -> None:
    """The client of NCMEC's dialect stays five seconds behind its clock: here its clock is six seconds ahead."""
    patch.setattr(ncmec_api, "time", SimpleNamespace(time=lambda: time.time() + 6))


def fetched_until_gone(hma: Hma, value: str) -> None:
    """Fetches until a value is gone: who asks twice in one second hears of a change in the next one."""

    def gone() -> bool:
        hma.fetch()
        return value not in hma.values

    eventually(gone)
