"""Sweeps on both databases: what is kept of them, when, and what is done with what they find."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract.conftest import Run
from support.exchange_simulator import ExchangeSimulator, name
from support.inline_engine import InlineEngine
from support.pictures import half_size_jpeg, photograph, truncated
from support.stored import exchange_of_today, list_of, prints_of
from takeback.agent_settings import PolicyRow
from takeback.errors import ConflictError, NotFoundError, StaleListError
from takeback.model.entry import Kind
from takeback.model.hold import Content, Finding, Hold, Surface
from takeback.model.instruction import Doing
from takeback.model.sweep import Options, Progress, SweepState
from takeback.participant import own_media
from takeback.participant.agent.policies import Policies
from takeback.participant.old_media import Holding, hold
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions, sweeps
from takeback.storage.platform import own_media as store
from takeback.sweep.planning import plan
from takeback.sweep.running import Running, cancel, run

COFFEE, ROCKET = photograph("coffee.png"), photograph("rocket.jpg")
FILES = {
    "a/copy.jpg": half_size_jpeg(COFFEE),
    "a/same.png": COFFEE,
    "b/broken.png": truncated(COFFEE),
    "b/empty.jpg": b"",
    "b/note.txt": b"a note",
    "b/rocket.jpg": ROCKET,
}


@dataclass
class Stored:
    folder: Path
    exchange: ExchangeSimulator
    list: Path

    async def plan(self, database: Database, **options: object) -> Progress:
        given = Options((str(self.list),), **options)  # type: ignore[arg-type]
        return await plan(database, self.exchange.clock, "one", str(self.folder), given, files=2, bytes_=10**9)

    async def run(self, database: Database, engine: InlineEngine, holding: Holding | None = None) -> Progress:
        return await run(database, self.exchange.clock, "one", engine, Running(1, 10**9, holding))


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    folder = tmp_path_factory.mktemp("stored")
    for key, content in FILES.items():
        file = folder / "media" / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    exchange = exchange_of_today()
    (coffee,) = prints_of(COFFEE)
    exchange.put(name(1), *coffee)
    return Stored(folder / "media", exchange, list_of(folder / "ours.db", exchange))


async def found(database: Database) -> dict[str, tuple[str | None, list[str]]]:
    return {
        one.key: (one.reason, [finding.type for finding in one.findings]) async for one in sweeps.found(database, "one")
    }


async def held(database: Database, content: str) -> list[Hold]:
    return await database.read("holds", lambda connection: holds.of_content(connection, content))


async def state(database: Database) -> SweepState:
    one = await database.read("sweep", lambda connection: sweeps.find(connection, "one"))
    assert one is not None
    return one.state


ALL = {
    "a/copy.jpg": (None, ["pdq"]),
    "a/same.png": (None, ["sha256"]),
    "b/broken.png": ("damaged", []),
    "b/empty.jpg": ("empty", []),
    "b/note.txt": ("unsupported-format", []),
}


def test_a_sweep_reports_what_it_finds_and_every_reason_and_holds_only_when_told(
    on_platform: Run, stored: Stored
) -> None:
    async def story(database: Database) -> None:
        planned = await stored.plan(database, surface=Surface.PROFILE, region="DE")
        assert (planned.shards, planned.files, planned.files_done) == (3, 6, 0)
        done = await stored.run(database, InlineEngine())
        assert (done.shards_done, done.files_done, done.hits, done.unscannable) == (3, 6, 2, 3)
        assert await found(database) == ALL
        assert await state(database) is SweepState.DONE
        assert await held(database, "a/copy.jpg") == []

        # What was only reported is held by the next run; the same again holds nothing twice and reads nothing.
        for _ in range(2):
            engine = InlineEngine()
            await stored.run(database, engine, Holding())
            assert engine.ran == []
            (copied,) = await held(database, "a/copy.jpg")
        (same,) = await held(database, "a/same.png")
        assert copied.cluster == same.cluster
        assert (copied.source.value, copied.content.surface, copied.content.region) == ("sweep", Surface.PROFILE, "DE")

        # Fingerprints were kept: of everything that could be read byte for byte.
        assert await database.read("count", store.count) == 5
        near = await own_media.near(database, prints_of(COFFEE)[0], 31)
        assert [content.id for content, _ in near] == ["a/same.png", "a/copy.jpg"]

    on_platform(story)


def test_a_file_that_kills_its_worker_is_found_alone_and_reported(on_platform: Run, stored: Stored) -> None:
    async def story(database: Database) -> None:
        await stored.plan(database)
        engine = InlineEngine(deadly=frozenset({"b/broken.png"}))
        done = await stored.run(database, engine)
        assert (done.files_done, done.unscannable, done.shards, done.shards_done) == (6, 3, 4, 4)
        assert await found(database) == {**ALL, "b/broken.png": ("worker-died", [])}
        assert ("b/broken.png",) in engine.ran

    on_platform(story)


def test_cancelled_it_stops_and_resumed_it_goes_on(on_platform: Run, stored: Stored) -> None:
    async def story(database: Database) -> None:
        await stored.plan(database)
        loop = asyncio.get_running_loop()

        def stop() -> None:  # in the engine's thread
            asyncio.run_coroutine_threadsafe(cancel(database, stored.exchange.clock, "one"), loop).result()

        stopped = await stored.run(database, InlineEngine(before=stop))
        assert (stopped.shards_done, await state(database)) == (1, SweepState.CANCELLED)
        again = InlineEngine()
        assert (await stored.run(database, again)).shards_done == 3
        assert len(again.ran) == 2
        assert await state(database) is SweepState.DONE

    on_platform(story)


POLICIES = [
    # rows, what the list allows for the exact match, what is held, what the platform is told
    ((PolicyRow(name="off", do="off"),), "remove", [], []),
    ((PolicyRow(name="try", do="remove", dry_run=True),), "remove", [], []),
    ((PolicyRow(name="near", do="off", within_bits=0), PolicyRow(name="all", do="hold")), "remove", ["pdq"], []),
    ((PolicyRow(name="hide", do="remove"),), "remove", ["sha256", "pdq"], [Doing.HIDE]),
    ((PolicyRow(name="hide", do="remove"),), "hold", ["sha256", "pdq"], []),
]


def test_the_policy_rules_on_old_media_and_nothing_is_removed_by_machine(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        for number, (rows, action, wanted, told) in enumerate(POLICIES):
            content = Content(f"post/{number}")
            exact = Finding("ours", name(1), "sha256", 0, 0, "strong", "upload", "confirmed", action)
            near = Finding("ours", name(2), "pdq", 9, 31, "strong", "upload", "confirmed", "hold")
            holding, clock = Holding(Policies.of(PlatformSettings(policies=rows))), exchange_of_today().clock
            for again in (False, True):
                opened = await database.run(
                    "hold",
                    lambda c, one=content, how=holding, f=(exact, near), at=clock: hold(c, one, Kind.IMAGE, f, how, at),
                )
                assert [one.type for one in opened] == ([] if again else wanted)
            given = await database.read("told", lambda connection: instructions.after(connection, 0, limit=9))
            assert [one.doing for one in given if one.content == content.id] == told

    on_platform(story)


def test_without_keep_no_fingerprint_is_kept(on_platform: Run, stored: Stored) -> None:
    async def story(database: Database) -> None:
        await stored.plan(database, keep=False)
        await stored.run(database, InlineEngine())
        assert await database.read("count", store.count) == 0

    on_platform(story)


def test_what_was_withdrawn_since_is_not_held(on_platform: Run, tmp_path: Path, stored: Stored) -> None:
    exchange = exchange_of_today()
    (coffee,) = prints_of(COFFEE)
    exchange.put(name(7), *coffee)
    list_ = list_of(tmp_path / "theirs.db", exchange)
    other = Stored(stored.folder, exchange, list_)

    async def story(database: Database) -> None:
        await other.plan(database)
        assert (await other.run(database, InlineEngine())).hits == 2
        exchange.withdraw(name(7))
        list_of(list_, exchange)
        await other.run(database, InlineEngine(), Holding())
        assert await held(database, "a/same.png") == []

    on_platform(story)


def test_a_list_that_is_too_old_and_sweeps_that_are_none(on_platform: Run, tmp_path: Path, stored: Stored) -> None:
    list_ = list_of(tmp_path / "old.db", ExchangeSimulator())  # as of its own, earlier day

    async def story(database: Database) -> None:
        with pytest.raises(NotFoundError):
            await stored.run(database, InlineEngine())
        old = Stored(stored.folder, stored.exchange, list_)
        await old.plan(database)
        with pytest.raises(StaleListError):
            await old.run(database, InlineEngine())
        with pytest.raises(ConflictError):
            await stored.plan(database)

    on_platform(story)
