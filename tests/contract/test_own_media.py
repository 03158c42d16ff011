"""Fingerprints of what the platform holds, on both databases: found by equality and by distance, and gone at once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from contract.conftest import Run
from support.exchange_simulator import ExchangeSimulator, md5, name, pdq, sha256
from takeback import HashList
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import Kind
from takeback.model.hold import Content, Source, Surface
from takeback.participant import own_media
from takeback.participant.old_media import Holding, look_for_new
from takeback.participant.own_index import OwnIndex
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import holds
from takeback.storage.platform import own_media as store
from takeback.storage.platform.own_media import OwnMedium
from takeback.storage.platform.schema import own_media as table


def held(number: int, *prints: Fingerprint, kind: Kind = Kind.IMAGE) -> OwnMedium:
    return OwnMedium(Content(f"post/{number}"), kind, prints)


def frame(value: int, at: int) -> Fingerprint:
    return Fingerprint(FingerprintType.VPDQ, value.to_bytes(32, "big"), 100, at)


def wide(number: int) -> int:
    """A value far from every other one."""
    return random.Random(number).getrandbits(256)


def test_the_same_file_is_found_by_its_sha256_and_by_md5_only_without_one(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        content = Content("post/1", Surface.PROFILE, "DE", "user/7")
        await own_media.put(database, [OwnMedium(content, Kind.IMAGE, (md5(1), sha256(1), pdq(wide(1))))])
        await own_media.put(database, [held(2, md5(1), sha256(2))])  # another file with the same MD5
        assert await own_media.exact(database, (sha256(1), md5(1))) == [content]
        assert [one.id for one in await own_media.exact(database, (md5(1),))] == ["post/1", "post/2"]
        assert await own_media.exact(database, (sha256(3), md5(1))) == []

    on_platform(story)


def test_what_is_near_comes_nearest_first_and_is_gone_with_the_content(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        value = wide(1)
        await own_media.put(database, [held(n, pdq(value ^ (2**n - 1))) for n in (30, 10, 20)])
        await own_media.put(database, [held(99, frame(value ^ 1, 3), kind=Kind.VIDEO)])
        found = await own_media.near(database, (pdq(value),), 20)
        assert [(content.id, bits) for content, bits in found] == [("post/99", 1), ("post/10", 10), ("post/20", 20)]
        assert await own_media.remove(database, ["post/10", "post/7"]) == 1
        assert [c.id for c, _ in await own_media.near(database, (pdq(value),), 31)] == ["post/99", "post/20", "post/30"]

    on_platform(story)


def test_the_same_again_writes_nothing_and_a_change_replaces(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        one = held(1, sha256(1), pdq(wide(1)))
        assert await own_media.put(database, [one, one]) == 1
        before, _ = await database.read("followed", store.followed)
        assert await own_media.put(database, [one]) == 0
        assert (await database.read("followed", store.followed))[0] == before
        assert await own_media.put(database, [held(1, sha256(2), pdq(wide(2)))]) == 1
        assert await own_media.near(database, (pdq(wide(1)),), 31) == []
        assert await own_media.exact(database, (sha256(1),)) == []
        assert len(await own_media.near(database, (pdq(wide(2)),), 31)) == 1
        assert await database.read("count", store.count) == 1

    on_platform(story)


def test_no_value_stands_in_the_table(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        prints = (md5(wide(4) >> 128), sha256(wide(1)), pdq(wide(2)), frame(wide(3), 4))
        await own_media.put(database, [held(1, *prints)])
        (row,) = (await database.read("rows", lambda c: c.execute(select(table)))).all()
        stored = b"".join(one for one in row if isinstance(one, bytes))
        for one in prints:
            assert one.value[:8] not in stored
        (kept,) = await database.read("kept", lambda c: store.numbered(c, [row.number]))
        assert kept.fingerprints == prints

    on_platform(story)


def test_an_index_file_follows_and_holds_nothing_of_what_has_gone(on_platform: Run, tmp_path: Path) -> None:
    path = tmp_path / "own.index"

    async def story(database: Database) -> None:
        await own_media.put(database, [held(n, pdq(wide(n))) for n in range(50)])
        with OwnIndex(path) as first:
            assert await first.settle(database)
            assert not await first.settle(database)
            assert wide(7).to_bytes(32, "big") in path.read_bytes()
            await own_media.remove(database, ["post/7"])
            with OwnIndex(path) as second:  # another process: from the file, and what came after it
                assert len(await second.current(database)) == 49
            assert await first.settle(database)
        assert wide(7).to_bytes(32, "big") not in path.read_bytes()
        path.write_bytes(path.read_bytes()[:-1])
        with OwnIndex(path) as third:  # damaged: made anew
            assert len(await third.current(database)) == 49

    on_platform(story)


def test_an_index_that_is_too_far_behind_is_made_anew(on_platform: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "REMEMBERED", 3)

    async def story(database: Database) -> None:
        with OwnIndex(None) as index:
            await own_media.put(database, [held(n, pdq(wide(n))) for n in range(9)])
            assert len(await index.current(database)) == 9
            for n in range(6):
                await own_media.remove(database, [f"post/{n}"])
            assert len(await index.current(database)) == 3

    on_platform(story)


def test_a_new_entry_finds_old_media_at_once(on_platform: Run, tmp_path: Path) -> None:
    exchange = ExchangeSimulator()
    value = wide(1)

    async def story(database: Database) -> None:
        film = [frame(wide(20), 0), frame(wide(21), 4), frame(wide(22), 8)]
        await own_media.put(database, [held(1, sha256(1), pdq(value ^ 0b111)), held(2, sha256(2), pdq(wide(2)))])
        await own_media.put(database, [held(3, sha256(3), *film, kind=Kind.VIDEO), held(4, md5(9), sha256(9))])
        with HashList.open(tmp_path / "list.db", clock=exchange.clock) as hashlist:
            hashlist.sync(exchange)
            assert (await look_for_new(database, hashlist, exchange.clock, name="ours")).entries == 0
            exchange.put(name(1), sha256(5), pdq(value))
            exchange.put(name(2), *film)
            exchange.put(name(3), md5(9), sha256(9))
            hashlist.sync(exchange)
            looked = await look_for_new(database, hashlist, exchange.clock, name="ours")
            assert (looked.entries, looked.found, looked.opened) == (3, 3, 3)
            for content, entry, type_ in (("post/1", 1, "pdq"), ("post/3", 2, "vpdq"), ("post/4", 3, "sha256")):
                (hold,) = await database.read("holds", lambda c, content=content: holds.of_content(c, content))
                assert (hold.source, hold.findings[0].entry) == (Source.SWEEP, name(entry))
                assert (hold.findings[0].list, hold.findings[0].type) == ("ours", type_)
            # Listed anew at another tier: it is looked up again, and asks nobody twice.
            exchange.put(name(1), sha256(5), pdq(value))
            hashlist.sync(exchange)
            looked = await look_for_new(database, hashlist, exchange.clock, name="ours")
            assert (looked.entries, looked.found, looked.opened) == (1, 1, 0)

    on_platform(story)


def test_an_entry_that_finds_too_much_is_stopped_by_the_brake(on_platform: Run, tmp_path: Path) -> None:
    exchange = ExchangeSimulator()
    holding = Holding.of(PlatformSettings(brake_contents_an_hour=3))

    async def story(database: Database) -> None:
        await own_media.put(database, [held(n, sha256(n), pdq(wide(1) ^ n)) for n in range(1, 8)])
        with HashList.open(tmp_path / "list.db", clock=exchange.clock) as hashlist:
            exchange.put(name(1), pdq(wide(1)))
            hashlist.sync(exchange)
            looked = await look_for_new(database, hashlist, exchange.clock, name="ours", holding=holding)
            assert (looked.found, looked.opened) == (7, 3)

    on_platform(story)


def test_uploads_are_gathered_and_kept_together(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        gathered = own_media.Gathered()
        for number in range(2_500):
            gathered.add(held(number, sha256(number)))
        gathered.add(held(9_999))  # nothing to keep
        await gathered.keep(database)
        await gathered.keep(database)
        assert await database.read("count", store.count) == 2_500

    on_platform(story)


def test_of_an_upload_only_its_own_values_are_kept() -> None:
    prints = (
        sha256(1),
        pdq(1),
        Fingerprint(FingerprintType.PDQ, bytes(32), 100, variant="mirrored"),
        frame(3, 0),
        frame(4, 0),
        frame(5, 1),
    )
    made = own_media.kept(Content("post/1"), Kind.VIDEO, prints)
    assert made.fingerprints == (sha256(1), pdq(1), frame(3, 0), frame(5, 1))
