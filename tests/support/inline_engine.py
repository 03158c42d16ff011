"""An engine that works in this process, and loses what a test tells it to lose; and what workers do in tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from takeback.model.entry import Kind
from takeback.model.sweep import Report, Scanned, Shard
from takeback.sweep.engines import Lost, Outcome, Work


@dataclass
class InlineEngine:
    """Loses every shard that holds an object of one of these keys; runs `before` before each outcome is kept."""

    deadly: frozenset[str] = frozenset()
    before: Callable[[], object] = lambda: None
    workers: int = 1
    ran: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, shards: Iterable[Shard], work: Work) -> Iterator[Outcome]:
        for shard in shards:
            keys = tuple(item.key for item in shard.items)
            self.ran.append(keys)
            outcome = Lost(shard, "worker-died") if self.deadly & set(keys) else work(shard)
            self.before()
            yield outcome

    def close(self) -> None:
        return


def report(shard: Shard) -> Report:
    """Finds nothing; dies over `die` and fails over `fail`."""
    keys = {item.key for item in shard.items}
    if "die" in keys:
        os._exit(1)
    if "fail" in keys:
        raise ValueError
    return Report(shard.number, tuple(Scanned(item, Kind.IMAGE) for item in shard.items), 0.5)
