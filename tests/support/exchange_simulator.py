"""A clearinghouse in memory that can be made to fail, lie and change between any two pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from takeback.clock import ManualClock
from takeback.errors import UnavailableError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import Change, ChangePage, Tombstone, Upsert
from takeback.model.entry import Age, Kind, ListedEntry
from takeback.model.feedback import Feedback
from takeback.model.hits import Hits
from takeback.model.list_digest import digest_of
from takeback.model.tier import STRONGEST_ACTION, Tier

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class ExchangeSimulator:
    """Keeps what is listed by name, and the latest change of each name by its sequence."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(NOON))
    list_id: str = "test.example/list"
    participant: str = "p-1"
    latest: dict[str, Change] = field(default_factory=dict)
    sequence: int = 0
    received: list[Feedback] = field(default_factory=list)
    counted: list[Hits] = field(default_factory=list)
    #: Calls that still answer before the connection breaks; None for ever.
    calls_left: int | None = None
    #: What happens to a page on its way.
    tamper: Callable[[ChangePage], ChangePage] = lambda page: page

    def put(self, name: str, *fingerprints: Fingerprint, tier: Tier = Tier.SUBMITTED) -> None:
        """Lists an entry, or changes it."""
        self.sequence += 1
        entry = ListedEntry(
            name,
            self.sequence,
            Kind.IMAGE,
            Age.UNDER_18,
            tier,
            STRONGEST_ACTION[tier],
            date(2026, 11, 24),
            fingerprints,
        )
        self.latest[name] = Upsert(entry)

    def withdraw(self, name: str) -> None:
        """Takes an entry off."""
        self.sequence += 1
        self.latest[name] = Tombstone(name, self.sequence)

    def live(self) -> dict[str, ListedEntry]:
        """What is on the list now."""
        return {name: change.entry for name, change in self.latest.items() if isinstance(change, Upsert)}

    def changes(self, after: int, limit: int) -> ChangePage:
        """One page, as the real feed gives it."""
        self._answer()
        waiting = sorted((c for c in self.latest.values() if c.sequence > after), key=lambda change: change.sequence)
        complete = len(waiting) <= limit
        page = ChangePage(
            self.list_id,
            self.participant,
            after,
            self.sequence if complete else waiting[limit - 1].sequence,
            self.clock.now(),
            tuple(waiting[:limit]),
            digest_of(self.live().values()) if complete else None,
        )
        self.clock.advance(timedelta(seconds=1))
        return self.tamper(page)

    def send_feedback(self, verdicts: tuple[Feedback, ...]) -> None:
        """Takes verdicts in."""
        self._answer()
        self.received.extend(verdicts)

    def send_hits(self, counted: tuple[Hits, ...]) -> None:
        """Takes counts in."""
        self._answer()
        self.counted.extend(counted)

    def _answer(self) -> None:
        if self.calls_left is not None:
            if self.calls_left == 0:
                raise UnavailableError("The connection broke.")
            self.calls_left -= 1


def name(number: int) -> str:
    """An entry's name."""
    return f"{number:032x}"


def pdq(value: int, edit: str | None = None) -> Fingerprint:
    """A PDQ fingerprint of these bits."""
    return Fingerprint(FingerprintType.PDQ, value.to_bytes(32, "big"), 100, edit=edit)


def sha256(value: int) -> Fingerprint:
    """A SHA-256 fingerprint."""
    return Fingerprint(FingerprintType.SHA256, value.to_bytes(32, "big"))


def md5(value: int) -> Fingerprint:
    """An MD5 fingerprint."""
    return Fingerprint(FingerprintType.MD5, value.to_bytes(16, "big"))


def changed(**to: object) -> Callable[[ChangePage], ChangePage]:
    """A way to tamper: these fields are replaced."""
    return lambda page: replace(page, **to)  # type: ignore[arg-type]
