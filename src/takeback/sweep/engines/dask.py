"""A Dask cluster: one that runs already, by the address of its scheduler, or processes of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from takeback.closing import Closing
from takeback.errors import SettingsError, UnavailableError
from takeback.model.sweep import Shard
from takeback.sweep.engines import AHEAD, Lost, Outcome, Work

#: Seconds until a scheduler has to answer.
CONNECT_S = 30
#: Workers that may die over a shard before it is given back as lost: the first death takes its neighbours along.
_CONFIG = {"distributed.scheduler.allowed-failures": 1, "logging": {"distributed": "critical"}}


class DaskEngine(Closing):
    """Shards as tasks. Every worker needs takeback[sweep], the lists and the media at the same addresses."""

    def __init__(self, scheduler: str | None = None, workers: int | None = None) -> None:
        try:
            import dask  # noqa: PLC0415 - the extra `sweep`
            import distributed  # noqa: PLC0415
        except ImportError:
            raise SettingsError("Dask is missing. Install takeback[sweep] for --engine dask.") from None
        self._dask: Any = distributed  # it has no types
        dask.config.set(_CONFIG)  # its log would say more of files than ours may
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = self._dask.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        try:
            self._client: Any = self._dask.Client(
                self._cluster if self._cluster is not None else scheduler, timeout=CONNECT_S
            )
        except OSError:
            self.close()
            raise UnavailableError("The Dask scheduler does not answer. Check --scheduler and start it.") from None

    @property
    def workers(self) -> int:
        """How many shards are worked on at a time."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def close(self) -> None:
        """Lets go of the cluster, and ends it where it was started here."""
        if (client := getattr(self, "_client", None)) is not None:
            client.close()
        if self._cluster is not None:
            self._cluster.close()

    def run(self, shards: Iterable[Shard], work: Work) -> Iterator[Outcome]:
        """Gives what becomes of each shard, as it ends."""
        rest, given = iter(shards), {}

        def begin(shard: Shard) -> Any:  # noqa: ANN401 - Dask has no types
            future = self._client.submit(work, shard, pure=False, retries=0)
            given[future.key] = shard
            return future

        first = [begin(shard) for shard in islice(rest, AHEAD * self.workers)]
        ended = self._dask.as_completed(first)
        for future in ended:
            shard, error = given.pop(future.key), future.exception()
            outcome = future.result() if error is None else self._lost(shard, error)
            future.release()
            if (another := next(rest, None)) is not None:
                ended.add(begin(another))
            yield outcome

    def _lost(self, shard: Shard, error: BaseException) -> Lost:
        return Lost(shard, "worker-died" if isinstance(error, self._dask.KilledWorker) else "worker-failed")
