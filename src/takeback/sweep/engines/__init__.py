"""Who runs shards: processes of this machine, or a cluster. The sweep itself is the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from takeback.model.sweep import Refused, Report, Shard

#: What is done with a shard. It crosses to other processes and machines, so it is a partial of a module's function.
Work = Callable[[Shard], Report | Refused]
#: Shards that each worker has been given at a time: it begins the next one while the writer keeps its report.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Lost:
    """A shard whose worker died over it (`worker-died`), or whose work failed (`worker-failed`)."""

    shard: Shard
    why: str


Outcome = Report | Refused | Lost


class Engine(Protocol):
    """Places work on workers, and nothing else."""

    @property
    def workers(self) -> int:
        """How many shards are worked on at a time."""
        ...

    def run(self, shards: Iterable[Shard], work: Work) -> Iterator[Outcome]:
        """Gives what becomes of each shard, in any order. Takes shards as there is room for them."""
        ...

    def close(self) -> None:
        """Ends the workers that it started; what they were doing is done again some other time."""
        ...
