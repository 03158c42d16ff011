"""What every list of others can do. It proves nothing, so the platform says how far it believes the entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from takeback.fingerprints.types import Fingerprint
from takeback.model.feedback import Verdict
from takeback.model.foreign import ForeignBatch
from takeback.model.tier import StrongestAction, Tier


@dataclass(frozen=True, slots=True)
class ForeignVerdict:
    """What a person found about an entry of such a list; without fingerprints, it has gone meanwhile."""

    entry: str
    fingerprints: tuple[Fingerprint, ...]
    verdict: Verdict


@runtime_checkable
class ForeignExchange(Protocol):
    """A place that a list of others can be fetched from."""

    @property
    def list_id(self) -> str:
        """The list's name, the same for ever."""
        ...

    @property
    def participant(self) -> str:
        """Who we are there."""
        ...

    @property
    def tier(self) -> Tier:
        """How far its entries are believed."""
        ...

    @property
    def action(self) -> StrongestAction:
        """The most that is done by machine."""
        ...

    @property
    def takes_verdicts(self) -> bool:
        """Whether it can be told what a person found."""
        ...

    def too_old(self, place: str, now: datetime) -> bool:
        """Says whether it is so long since `place` that the list has to be fetched from its beginning."""
        ...

    def batches(self, place: str, now: datetime) -> Iterator[ForeignBatch]:
        """Gives what has changed since a place, part by part; an empty text is the beginning."""
        ...

    def send_verdict(self, said: ForeignVerdict) -> None:
        """Hands one verdict over; repeating it is safe."""
        ...
