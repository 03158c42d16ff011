"""A participant's list, filled as its feed would fill it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from takeback import HashList
from takeback.clock import ManualClock
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import ChangePage, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.list_digest import digest_of
from takeback.model.tier import StrongestAction, Tier

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def opened(path: Path) -> HashList:
    """Opens the list at the time at which it was filled."""
    return HashList.open(path, clock=ManualClock(NOW))


def fill(hashlist: HashList, entries: Sequence[tuple[Fingerprint, ...]], at: datetime = NOW) -> None:
    """Puts one entry for each on the list, named by `name` in their order, as one page of its feed, issued at `at`."""
    listed = [
        ListedEntry(
            *(
                name(number),
                number + 1,
                _kind(prints),
                Age.UNDER_18,
                Tier.SUBMITTED,
                StrongestAction.HOLD,
                date(2026, 1, 1),
            ),
            prints,
        )
        for number, prints in enumerate(entries)
    ]
    changes = tuple(Upsert(entry) for entry in listed)
    hashlist.replica.keep(ChangePage("bench", "p-1", 0, len(changes), at, changes, digest_of(listed)))


def name(at: int) -> str:
    """Gives the name of the entry that was put there."""
    return f"{at:032x}"


def _kind(prints: tuple[Fingerprint, ...]) -> Kind:
    return Kind.VIDEO if any(one.type is FingerprintType.VPDQ for one in prints) else Kind.IMAGE
