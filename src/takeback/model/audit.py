"""What was done to a clearinghouse and by whom, and the chain that shows when a record of it was changed.

Each event is hashed together with the hash before it, so nobody can change, take out or slip in one without all that
follow giving other hashes. What the last hash is stands in the public log every day (spec/public-log.md), so the whole
chain cannot be written anew either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

#: The hash before the first event.
BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One event. `id` rises with time; `actor` is an operator, a participant or `machine`; `at` is in UTC."""

    id: int
    at: datetime
    actor: str
    subject: str
    action: str


@dataclass(frozen=True, slots=True)
class Link:
    """One event as it is chained: its place, counted from 1, and the hash that was kept for it (32 bytes)."""

    place: int
    id: int
    at: datetime
    event: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a chain shows: how many events are whole, and the first id that is not as it was written, where there is."""

    whole: int
    broken_at: int | None


def parted(event: str) -> tuple[str, str, str]:
    """Gives actor, subject and action of an event. A subject may hold colons, the other two never do."""
    actor, _, rest = event.partition(":")
    subject, _, action = rest.rpartition(":")
    return actor, subject, action


def chain_hash(before: bytes, id_: int, at: datetime, event: str) -> bytes:
    """Gives the hash (32 bytes) of an event behind the one whose hash is `before`. The event is one line of text."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"takeback audit 1\n{before.hex()}\n{id_}\n{moment}\n{event}".encode()).digest()


def check_chain(links: Iterable[Link], before: bytes = BEGINNING, place: int = 0) -> tuple[ChainReport, bytes]:
    """Says how far a chain holds, from a place (0 is the beginning) and the hash there; and the last hash that holds.

    Links come in the order of their places. A place that is missing breaks it as a changed event does.
    """
    for link in links:
        if link.place != place + 1 or chain_hash(before, link.id, link.at, link.event) != link.hash:
            return ChainReport(place, link.id), before
        before, place = link.hash, link.place
    return ChainReport(place, None), before
