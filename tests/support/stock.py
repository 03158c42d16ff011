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
from threatexchange.signal_type.md5 import VideoMD5Signal
from threatexchange.signal_type.pdq.signal import PdqSignal

from support.waiting import eventually


class Hma:
    """One exchange of HMA's, feeding one bank."""

    def __init__(self, exchange: Any, collab: Any) -> None:
        self.exchange, self.collab = exchange, collab
        self.checkpoint: Any = None
        self.records: dict[Any, Any] = {}

    def fetch(self, after_each: Callable[[], None] = lambda: None) -> int:
        """Does one run of the fetcher and gives how many deltas came."""
        deltas = 0
        for delta in self.exchange.fetch_iter([PdqSignal, VideoMD5Signal], self.checkpoint):
            self.exchange.naive_fetch_merge(self.records, delta.updates)
            before = self.checkpoint and self.checkpoint.get_progress_timestamp()
            assert not before or delta.checkpoint.get_progress_timestamp() >= before, "HMA stops where it goes back"
            self.checkpoint = delta.checkpoint
            deltas += 1
            after_each()
        return deltas

    @property
    def values(self) -> set[str]:
        """The values that are matched."""
        types = [PdqSignal, VideoMD5Signal]
        converted = self.exchange.naive_convert_to_signal_type(types, self.collab, self.records)
        return {value for by_value in converted.values() for value in by_value}


def without_delay(patch: pytest.MonkeyPatch) -> None:
    """The client of NCMEC's dialect stays five seconds behind its clock: here its clock is six seconds ahead."""
    patch.setattr(ncmec_api, "time", SimpleNamespace(time=lambda: time.time() + 6))


def fetched_until_gone(hma: Hma, value: str) -> None:
    """Fetches until a value is gone: who asks twice in one second hears of a change in the next one."""

    def gone() -> bool:
        hma.fetch()
        return value not in hma.values

    eventually(gone)
