"""A pass over media that a platform has stored: what it goes over, in parts, and what became of each file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import Effort
from takeback.model.entry import Kind
from takeback.model.hold import Finding, Surface


class SweepState(StrEnum):
    """Where a sweep is: planning → planned → running → done, and cancelled from any of them. Resuming leads back."""

    PLANNING = "planning"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Options:
    """How a sweep goes over its media. `lists` are the files of the platform's copies of lists.

    `keep` adds the fingerprints of what it reads to the platform's own; `surface` and `region` are those of all of it.
    """

    lists: tuple[str, ...]
    effort: Effort = Effort.FIRST
    keep: bool = True
    surface: Surface = Surface.PUBLIC
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep. `source` is a folder, or an address of object storage."""

    name: str
    source: str
    options: Options
    state: SweepState
    planned_at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A stored object: its key below the source, and its size in bytes when it was listed."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a sweep: what one worker does before it reports."""

    number: int
    items: tuple[Item, ...]

    @property
    def bytes(self) -> int:
        """Bytes of all of its objects."""
        return sum(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One object that was read. `reason` says why there is no perceptual fingerprint, where there is none."""

    item: Item
    kind: Kind
    fingerprints: tuple[Fingerprint, ...] = ()
    findings: tuple[Finding, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of every object of a shard, and how many seconds its worker took."""

    shard: int
    scanned: tuple[Scanned, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Refused:
    """No shard can be done here, and why: a list that is too old, a setting that is wrong. By its code and text."""

    shard: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is. Seconds are those of all workers together."""

    shards: int
    shards_done: int
    files: int
    files_done: int
    bytes: int
    bytes_done: int
    hits: int
    unscannable: int
    worker_seconds: float
