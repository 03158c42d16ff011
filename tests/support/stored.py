"""Stored media and a list that knows some of them, for sweeps."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from support.exchange_simulator import ExchangeSimulator
from takeback import HashList
from takeback.clock import ManualClock
from takeback.fingerprints.types import Fingerprint
from takeback.media import Fingerprinted, Fingerprinter


def prints_of(*pictures: bytes) -> list[tuple[Fingerprint, ...]]:
    """Gives the fingerprints of pictures, as a person's page would make them."""
    with Fingerprinter() as fingerprinter:
        made = [fingerprinter.fingerprint(picture) for picture in pictures]
    assert all(isinstance(one, Fingerprinted) for one in made)
    return [one.fingerprints for one in made if isinstance(one, Fingerprinted)]


def exchange_of_today() -> ExchangeSimulator:
    """Gives an exchange whose pages are of now: workers in other processes look at the real clock."""
    return ExchangeSimulator(clock=ManualClock(datetime.now(UTC)))


def list_of(path: Path, exchange: ExchangeSimulator) -> Path:
    """Syncs a copy of the list, and gives its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with HashList.open(path, clock=exchange.clock) as hashlist:
        hashlist.sync(exchange)
    return path
