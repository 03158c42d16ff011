"""Processes of this machine, one for each processor. One that dies costs its shard and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from takeback.closing import Closing
from takeback.matching.parts import processors
from takeback.model.sweep import Refused, Report, Shard
from takeback.sweep.engines import AHEAD, Lost, Outcome, Work

#: A new process is begun without anything of this one: threads and locks of a server do not survive a fork.
_CONTEXT = multiprocessing.get_context("spawn")
#: Seconds that a process has to end.
END_S = 5.0
_FAILED = "worker-failed"


class LocalEngine(Closing):
    """So many processes; as many as there are processors if None."""

    def __init__(self, workers: int | None = None) -> None:
        self._count = workers or processors()
        self._workers: dict[Connection, _Worker] = {}
        self._closed = False

    @property
    def workers(self) -> int:
        """How many shards are worked on at a time."""
        return self._count

    def close(self) -> None:
        """Ends the processes. Whoever takes outcomes in another thread meanwhile gets no more of them."""
        self._closed = True
        for worker in list(self._workers.values()):
            worker.end()

    def run(self, shards: Iterable[Shard], work: Work) -> Iterator[Outcome]:
        """Gives what becomes of each shard, as it ends."""
        rest, again = iter(shards), deque[Shard]()
        while True:
            self._give(rest, again, work)
            busy = [pipe for pipe, worker in self._workers.items() if worker.given]
            if self._closed or not busy:
                return
            for pipe in wait(busy):
                outcome = self._ended(pipe, again)  # type: ignore[arg-type]  # we waited for connections alone
                self._give(rest, again, work)
                yield outcome

    def _give(self, rest: Iterator[Shard], again: deque[Shard], work: Work) -> None:
        """Hands shards out while there is room; the workers with the least get them first."""
        while not self._closed:
            while len(self._workers) < self._count:
                worker = _Worker()
                self._workers[worker.pipe] = worker
            least = min(self._workers.values(), key=lambda one: len(one.given))
            if len(least.given) >= AHEAD:
                return
            shard = again.popleft() if again else next(rest, None)
            if shard is None:
                return
            least.give(work, shard)

    def _ended(self, pipe: Connection, again: deque[Shard]) -> Outcome:
        worker = self._workers[pipe]
        shard = worker.given.popleft()
        try:
            outcome: Report | Refused | str = pipe.recv()
        except (EOFError, OSError):
            again.extend(worker.given)  # it never looked at those
            worker.end()
            del self._workers[pipe]
            return Lost(shard, "worker-died")
        return Lost(shard, outcome) if isinstance(outcome, str) else outcome


class _Worker:
    """One process, and the shards that it has, in its order."""

    def __init__(self) -> None:
        self.given = deque[Shard]()
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs,), name="takeback-sweep", daemon=True)
        self._process.start()
        theirs.close()

    def give(self, work: Work, shard: Shard) -> None:
        """Sends a shard. One to a process that is dead is found by whoever waits for it."""
        self.given.append(shard)
        with suppress(OSError):
            self.pipe.send((work, shard))

    def end(self) -> None:
        """Ends it; what it decodes with ends when its requests do."""
        self._process.terminate()
        self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    """Does what comes, in order, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the writer decides
    waiting = queue.SimpleQueue[tuple[Work, Shard]]()
    threading.Thread(target=_receive, args=(pipe, waiting), daemon=True).start()
    while True:
        work, shard = waiting.get()
        try:
            outcome: Report | Refused | str = work(shard)
        except Exception:  # noqa: BLE001 - whatever it is, it is this shard's; its text may hold what no log may
            outcome = _FAILED
        pipe.send(outcome)


def _receive(pipe: Connection, waiting: queue.SimpleQueue[tuple[Work, Shard]]) -> None:
    """Takes shards in while one is worked on, so that neither end waits for the other to read."""
    while True:
        try:
            waiting.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)  # nobody is there to report to
