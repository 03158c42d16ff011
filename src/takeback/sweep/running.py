"""Running a sweep: shards go out to workers, reports come in, and one writer keeps each of them whole or not at all.

A shard is done when the transaction that keeps its report has ended: what was found, what could not be scanned, the
fingerprints that are kept, and the holds. Killed at any moment, the next run does again what had no report yet.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, NotFoundError, SettingsError, StaleListError, UnavailableError
from takeback.model.entry import Kind
from takeback.model.hold import Content, Finding
from takeback.model.sweep import Options, Progress, Refused, Report, Scanned, Shard, Sweep, SweepState
from takeback.participant.hash_list import HashList
from takeback.participant.look_up import Prints
from takeback.participant.old_media import Holding, hold
from takeback.participant.own_media import index_of
from takeback.storage.database import Database
from takeback.storage.platform import own_media as own
from takeback.storage.platform import sweeps
from takeback.storage.platform.own_media import OwnMedium
from takeback.storage.platform.sweeps import Found
from takeback.sweep.engines import Engine, Lost
from takeback.sweep.planning import content_id
from takeback.sweep.scanning import Task, opened_list, scan

#: Shards that are read at a time to be given out.
_SHARDS_AT_ONCE = 16
#: Is told how far the sweep is, after every shard.
Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Running:
    """How a sweep is run. Without `holding` it only reports: nothing is held, and no hit is counted.

    `reads` and `object_bytes` are as in `scanning.Task`; `max_age_h` says by name of which lists a copy may be how old.
    """

    reads: int
    object_bytes: int
    holding: Holding | None = None
    max_age_h: Mapping[str, int] = field(default_factory=dict)


async def run(
    database: Database, clock: Clock, name: str, engine: Engine, running: Running, watch: Watch = lambda _: None
) -> Progress:
    """Does what is left of a sweep, and gives how far it is: to the end, unless it was cancelled meanwhile.

    Raises NotFoundError, ConflictError where it is not planned to its end, StaleListError when a list is too old.
    """
    found = await database.read("sweep", lambda connection: sweeps.find(connection, name))
    if found is None:
        raise NotFoundError("There is no sweep of that name. Plan it first.")
    if found.state is SweepState.PLANNING:
        raise ConflictError("This sweep was not planned to its end. Plan it again.")
    with opened_lists(found.options, running.max_age_h) as lists:
        for hashlist in lists.values():
            hashlist.require_fresh()
            await asyncio.to_thread(hashlist.index.settle)  # one file, which all workers map
        running_now = SweepState.RUNNING
        await database.run("run sweep", lambda c: sweeps.set_state(c, name, running_now, clock.now()))
        writer = _Writer(database, clock, found, running, lists)
        await writer.hold_what_was_found()
        ended = await _to_the_end(writer, engine, _task(found, running), watch)
        if ended:
            done = SweepState.DONE
            await database.run("end sweep", lambda c: sweeps.set_state(c, name, done, clock.now()))
        if found.options.keep:
            await index_of(database).settle(database)
    return await database.read("sweep", lambda connection: sweeps.progress(connection, name))


async def cancel(database: Database, clock: Clock, name: str) -> None:
    """Has a running sweep stop after the shards that are being kept. It can be resumed."""

    async def work(connection: AsyncConnection) -> None:
        found = await sweeps.find(connection, name)
        if found is None:
            raise NotFoundError("There is no sweep of that name.")
        if found.state is not SweepState.DONE:
            await sweeps.set_state(connection, name, SweepState.CANCELLED, clock.now())

    await database.run("cancel sweep", work)


@contextmanager
def opened_lists(options: Options, max_age_h: Mapping[str, int] | None = None) -> Iterator[Mapping[str, HashList]]:
    """Opens the lists of a sweep, by the names of their files."""
    with ExitStack() as stack:
        opened = {}
        for file in map(Path, options.lists):
            if not file.is_file():
                raise SettingsError("A list of this sweep is not there any more. Plan a sweep with the lists of now.")
            opened[file.stem] = stack.enter_context(opened_list(str(file), (max_age_h or {}).get(file.stem)))
        yield opened


def still_listed(findings: Sequence[Finding], lists: Mapping[str, HashList]) -> tuple[Finding, ...]:
    """Gives the findings whose entries are on their lists now: what was withdrawn since counts no more."""
    return tuple(one for one in findings if one.list in lists and lists[one.list].replica.has(one.entry))


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Keeps a second process of this machine from running the same sweep; raises UnavailableError while one does."""
    with path.open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError("Another process runs this sweep. `takeback sweep status` says how far.") from None
        yield


def _task(found: Sweep, running: Running) -> Task:
    options = found.options
    lists = tuple((name := Path(file).stem, file, running.max_age_h.get(name)) for file in options.lists)
    return Task(found.source, lists, options.effort, options.keep, running.reads, running.object_bytes)


async def _to_the_end(writer: _Writer, engine: Engine, task: Task, watch: Watch) -> bool:
    """Runs shards until none is left, those that were cut meanwhile, too; False when it was cancelled."""
    loop = asyncio.get_running_loop()

    def shards() -> Iterator[Shard]:  # runs in the engine's thread
        after = 0
        while part := asyncio.run_coroutine_threadsafe(writer.waiting(after), loop).result():
            yield from part
            after = part[-1].number

    watch(await writer.progress())
    while await writer.waiting(0, limit=1):
        outcomes = engine.run(shards(), partial(scan, task))
        while (outcome := await asyncio.to_thread(next, outcomes, None)) is not None:
            if isinstance(outcome, Report):
                await writer.keep(outcome)
            elif isinstance(outcome, Refused):
                raise (StaleListError if outcome.code == StaleListError.code else SettingsError)(outcome.text)
            else:
                await writer.isolate(outcome)
            watch(await writer.progress())
            if await writer.is_cancelled():
                return False
    return True


class _Writer:
    """The one who keeps what workers report."""

    def __init__(
        self, database: Database, clock: Clock, sweep: Sweep, running: Running, lists: Mapping[str, HashList]
    ) -> None:
        self._database, self._clock, self._name, self._options = database, clock, sweep.name, sweep.options
        self._running, self._lists = running, lists
        self._progress: Progress | None = None

    async def progress(self) -> Progress:
        """Gives how far the sweep is: counted once, then kept up."""
        if self._progress is None:
            self._progress = await self._database.read("sweep", lambda c: sweeps.progress(c, self._name))
        return self._progress

    async def waiting(self, after: int, limit: int = _SHARDS_AT_ONCE) -> list[Shard]:
        """Gives shards that are not done."""
        return await self._database.read("shards", lambda c: sweeps.waiting(c, self._name, after, limit))

    async def is_cancelled(self) -> bool:
        """Whether somebody has cancelled it."""
        found = await self._database.read("sweep", lambda c: sweeps.find(c, self._name))
        return found is None or found.state is SweepState.CANCELLED

    async def keep(self, report: Report) -> None:
        """Keeps a report, whole or not at all."""
        contents = [self._content(content_id(one.item.key)) for one in report.scanned]
        pairs = list(zip(report.scanned, contents, strict=True))
        left = [await self._braked(at, one.findings, one.fingerprints) for one, at in pairs]

        async def work(connection: AsyncConnection) -> tuple[bool, list[Finding]]:
            if not await sweeps.keep(connection, self._name, report, [content.id for content in contents]):
                return False, []
            if self._options.keep:
                media = [OwnMedium(at, one.kind, one.fingerprints) for one, at in pairs if one.fingerprints]
                await own.put(connection, media)
            held: list[Finding] = []
            for (one, at), findings in zip(pairs, left, strict=True):
                held += await self._hold(connection, at, one.kind, findings)
            return True, held

        kept, held = await self._database.run("keep shard", work)
        self._count(held)
        before = await self.progress()
        if kept:
            self._progress = replace(
                before,
                shards_done=before.shards_done + 1,
                files_done=before.files_done + len(report.scanned),
                bytes_done=before.bytes_done + sum(one.item.size for one in report.scanned),
                hits=before.hits + sum(bool(one.findings) for one in report.scanned),
                unscannable=before.unscannable + sum(one.reason is not None for one in report.scanned),
                worker_seconds=before.worker_seconds + report.seconds,
            )

    async def isolate(self, lost: Lost) -> None:
        """Cuts a shard in two whose worker died over it, until the file that did it stands alone and is reported."""
        if len(lost.shard.items) > 1:
            await self._database.run("cut shard", lambda c: sweeps.cut(c, self._name, lost.shard))
            before = await self.progress()
            self._progress = replace(before, shards=before.shards + 1)
            return
        scanned = tuple(Scanned(item, Kind.IMAGE, reason=lost.why) for item in lost.shard.items)
        await self.keep(Report(lost.shard.number, scanned, 0.0))

    async def hold_what_was_found(self) -> None:
        """Opens holds for what earlier runs only reported, where the entries are still listed."""
        if self._running.holding is None:
            return
        async for one in sweeps.found(self._database, self._name):
            self._count(await self._hold_one(one))

    async def _hold_one(self, one: Found) -> list[Finding]:
        content = self._content(one.content)
        medium = await self._database.read("own medium", lambda c: own.of_content(c, content.id))
        prints = () if medium is None else medium.fingerprints
        left = await self._braked(content, still_listed(one.findings, self._lists), prints)
        return await self._database.run("hold old media", lambda c: self._hold(c, content, one.kind, left))

    async def _braked(self, content: Content, findings: Sequence[Finding], prints: Prints) -> tuple[Finding, ...]:
        holding = self._running.holding
        return () if holding is None else await holding.braked(self._database, self._clock, content, findings, prints)

    async def _hold(
        self, connection: AsyncConnection, content: Content, kind: Kind, findings: Sequence[Finding]
    ) -> list[Finding]:
        """Gives the findings that a hold was opened for."""
        holding = self._running.holding
        if holding is None or not findings:
            return []
        return list(await hold(connection, content, kind, findings, holding, self._clock))

    def _count(self, held: Sequence[Finding]) -> None:
        """Counts hits for the clearinghouses' brakes."""
        for name, hashlist in self._lists.items():
            for entry in (one.entry for one in held if one.list == name):
                hashlist.replica.count_hits((entry,), today(self._clock))

    def _content(self, id_: str) -> Content:
        return Content(id_, self._options.surface, self._options.region)
