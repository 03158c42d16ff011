"""A Ray cluster, for platforms that run one already; `pip install ray` beside takeback[sweep]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from takeback.closing import Closing
from takeback.errors import SettingsError
from takeback.model.sweep import Refused, Report, Shard
from takeback.sweep.engines import AHEAD, Lost, Outcome, Work


class RayEngine(Closing):
    """Shards as tasks of one processor each. Every node needs takeback[sweep], the lists and the media."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        try:
            import ray  # noqa: PLC0415 - not an extra: it is 490 MiB, and whoever wants it has it
        except ImportError:
            raise SettingsError("Ray is missing. Install ray for --engine ray.") from None
        self._ray: Any = ray
        here = {} if address else {"num_cpus": workers}
        ray.init(address=address, include_dashboard=False, log_to_driver=False, **here)

    @property
    def workers(self) -> int:
        """How many shards are worked on at a time."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def close(self) -> None:
        """Lets go of the cluster, and ends it where it was started here."""
        self._ray.shutdown()

    def run(self, shards: Iterable[Shard], work: Work) -> Iterator[Outcome]:
        """Gives what becomes of each shard, as it ends."""
        rest, task = iter(shards), self._ray.remote(max_retries=0)(_call)
        given = {task.remote(work, shard): shard for shard in islice(rest, AHEAD * self.workers)}
        while given:
            [ended], _ = self._ray.wait(list(given), num_returns=1)
            shard = given.pop(ended)
            outcome = self._outcome(ended, shard)
            if (another := next(rest, None)) is not None:
                given[task.remote(work, another)] = another
            yield outcome

    def _outcome(self, ended: Any, shard: Shard) -> Outcome:  # noqa: ANN401 - Ray's reference
        try:
            outcome: Report | Refused = self._ray.get(ended)
        except self._ray.exceptions.RayTaskError:
            return Lost(shard, "worker-failed")
        except self._ray.exceptions.RayError:
            return Lost(shard, "worker-died")
        return outcome


def _call(work: Work, shard: Shard) -> Report | Refused:
    return work(shard)
