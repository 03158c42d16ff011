"""Pieces of the feed, on both databases: what is in one is what its rows are, or it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import LIST, clock, invited, page, secret, submission
from support.filling import put
from support.small_segments import make_segments_small
from takeback.clearinghouse import packing, rekeying
from takeback.clearinghouse.checking import findings
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.packing import pack_feed
from takeback.clearinghouse.publishing import Publisher, publish_waiting
from takeback.clearinghouse.stretches import Stretches
from takeback.clearinghouse.withdrawal import withdraw
from takeback.model.change import Change, Tombstone, Upsert
from takeback.model.entry import EntryId
from takeback.model.list_digest import ListDigest
from takeback.model.participant import Participant
from takeback.model.suspension import SuspendedBy
from takeback.storage import entries, feed, feed_segments, list_state
from takeback.storage.database import Database
from takeback.storage.feed_rows import FeedRow, rows_after
from takeback.storage.schema import entry, feed_segment
from takeback.wire import changes as wire

#: Places in a piece of these stories, and entries on the list.
PLACES, ENTRIES = 4, 21


async def listed(database: Database, patch: pytest.MonkeyPatch) -> Participant:
    """A list with pieces to come, and somebody who reads it."""
    await make_segments_small(database, PLACES, patch)
    await take_in(database, submission(*range(ENTRIES)))
    await publish_waiting(database, clock())
    return await invited(database)


async def there(database: Database) -> set[int]:
    return set(
        (await database.read("numbers", lambda c: c.execute(feed_segment.select()))).scalars()  # the first column
    )


async def changes(database: Database, reader: Participant, after: int = 0, limit: int = 100) -> Sequence[Change]:
    return (await page(database, reader, after=after, limit=limit)).changes


async def suspend(database: Database, id_: EntryId) -> None:
    async def work(connection: AsyncConnection) -> None:
        publisher = await Publisher.begin(connection)
        entry = await entries.by_id(connection, id_)
        assert entry is not None
        await publisher.suspend(entry, tier=entry.tier, by=SuspendedBy.OPERATOR)
        await publisher.end()

    await database.run("suspend", work)


async def ids(database: Database) -> list[bytes]:
    head = (await database.read("head", list_state.read)).head
    return await database.read("ids", lambda c: feed.ids_between(c, 0, head // PLACES * PLACES))


def refused(*_: object) -> NoReturn:
    raise AssertionError("what is packed is read as it is packed")


def test_what_is_packed_reads_as_its_rows_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        reader = await listed(database, monkeypatch)
        ways = [(after, limit) for after in range(ENTRIES) for limit in (1, 3, PLACES, 7, 100)]
        before = [await changes(database, reader, *way) for way in ways]
        ids_before = await ids(database)
        assert await pack_feed(database) == ENTRIES // PLACES
        assert await pack_feed(database) == 0
        assert [await changes(database, reader, *way) for way in ways] == before
        assert await ids(database) == ids_before
        assert await database.read("check", findings) == []

        monkeypatch.setattr(feed, "rows_after", refused)
        packed = ENTRIES // PLACES * PLACES
        assert len(await changes(database, reader, 0, packed)) == packed
        with pytest.raises(AssertionError, match="as it is packed"):
            await changes(database, reader, packed)

    run(story)


def test_a_page_of_some_types_is_cut_from_what_is_packed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        await listed(database, monkeypatch)

        async def types(connection: AsyncConnection) -> bytes:
            stretch = await Stretches(0).after(connection, 0, 100, ENTRIES, frozenset({"md5"}))
            return b"".join(stretch.behind)

        before = await database.read("some", types)
        await pack_feed(database)
        monkeypatch.setattr(feed_segments, "find", find_and_count := Counted(feed_segments.find))
        assert await database.read("some", types) == before
        assert find_and_count.calls
        assert b'"md5"' in before
        assert b'"sha256"' not in before

    run(story)


class Counted:
    """A function, and how often it was called."""

    def __init__(self, function: object) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *given: object) -> object:
        self.calls += 1
        return self.function(*given)  # type: ignore[operator]  # a function


def test_any_change_ends_the_piece_that_it_is_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        reader = await listed(database, monkeypatch)
        await pack_feed(database)
        everything = {0, 1, 2, 3, 4}
        assert await there(database) == everything
        first, *_ = await ids(database)
        await suspend(database, first)
        assert await there(database) == everything - {0}
        for number in range(ENTRIES):
            await withdraw(database, (secret(number),))
            assert await database.read("check", findings) == []
        assert await there(database) == set()
        found = await changes(database, reader)
        assert len(found) == ENTRIES
        assert all(isinstance(one, Tombstone) for one in found)

        # Of places that all are left there is a piece, too, and one of those that hold tombstones.
        assert await pack_feed(database) == (ENTRIES * 2 + 1) // PLACES
        assert await changes(database, reader) == found
        assert await database.read("check", findings) == []

    run(story)


def test_a_program_of_before_ends_it_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has never heard of pieces: whoever takes an entry from its place, the database itself deletes them."""

    async def story(database: Database) -> None:
        await listed(database, monkeypatch)
        await pack_feed(database)
        moved = update(entry).where(entry.c.sequence == 6).values(sequence=100)
        await database.run("moves", lambda connection: connection.execute(moved))
        assert await there(database) == {0, 2, 3, 4}
        gone = text("DELETE FROM entry WHERE sequence = 12")
        await database.run("goes", lambda connection: connection.execute(gone))
        assert await there(database) == {0, 3, 4}

    run(story)


def test_what_changes_while_it_is_packed_is_not_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        await listed(database, monkeypatch)
        (row,) = await database.read("rows", lambda c: rows_after(c, PLACES, 2 * PLACES, 1))
        rows_of = packing._rows

        async def read(database: Database, number: int) -> list[FeedRow]:
            rows = await rows_of(database, number)
            if number == 1:
                await suspend(database, row.id)
            return rows

        monkeypatch.setattr(packing, "_rows", read)
        assert await pack_feed(database) == ENTRIES // PLACES - 1
        assert await there(database) == {0, 2, 3, 4}
        assert await database.read("check", findings) == []

    run(story)


def test_what_is_too_long_is_read_row_by_row(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        reader = await listed(database, monkeypatch)
        before = await changes(database, reader)
        monkeypatch.setattr(feed_segments, "MAX_BYTES", 10)
        assert await pack_feed(database) == ENTRIES // PLACES
        assert await pack_feed(database) == 0
        assert await changes(database, reader) == before
        assert await database.read("check", findings) == []

    run(story)


def test_the_check_sees_a_piece_that_is_not_as_its_rows_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        await listed(database, monkeypatch)
        await pack_feed(database)
        other = update(feed_segment).where(feed_segment.c.number == 2).values(ids=bytes(16 * PLACES))
        await database.run("damage", lambda connection: connection.execute(other))
        assert any("pieces of the feed" in one for one in await database.read("check", findings))

    run(story)


def test_another_key_leaves_no_piece_under_the_one_before(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "RELOAD_S", 0.01)

    async def story(database: Database) -> None:
        reader = await listed(database, monkeypatch)
        before = await changes(database, reader)
        await pack_feed(database)
        old = update(feed_segment).where(feed_segment.c.number < 3).values(sealed_with=1)
        await database.run("of-before", lambda connection: connection.execute(old))
        assert await pack_feed(database) == 3  # what another key has sealed is packed again
        await database.run("of-before", lambda connection: connection.execute(old))
        await rekeying.rekey(database, clock())
        assert await there(database) == {3, 4}
        await pack_feed(database)
        assert await changes(database, reader) == before

    run(story)


def test_pieces_are_as_long_as_the_database_s_own_triggers_take_them_to_be(run: Run) -> None:
    async def story(database: Database) -> None:
        await put(database, 2 * feed_segments.PLACES)
        assert await pack_feed(database) == 2
        for place, left in ((feed_segments.PLACES, {1}), (feed_segments.PLACES + 1, set())):
            moved = update(entry).where(entry.c.sequence == place).values(sequence=10_000 + place)
            await database.run("moves", lambda connection, moved=moved: connection.execute(moved))
            assert await there(database) == left

    run(story)


def test_a_page_in_bytes_is_the_same_however_it_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(database: Database) -> None:
        reader, time = await listed(database, monkeypatch), clock()

        async def written() -> bytes:
            return await page_bytes_for(database, time, reader, Stretches(0), list_id=LIST, after=3, limit=11)

        before = await written()
        await pack_feed(database)
        assert await written() == before
        assert isinstance((await changes(database, reader))[0], Upsert)

    run(story)


def test_what_is_in_memory_is_over_with_the_first_change(run: Run) -> None:
    """Of one place and of the end of the feed, for two participants, the second of whom is given what is in memory."""

    async def story(database: Database) -> None:
        await take_in(database, submission(*range(6)))
        await publish_waiting(database, clock())
        readers, stretches = [await invited(database, name) for name in ("First", "Second")], Stretches(10**6)

        async def shown(after: int, limit: int) -> list[tuple[list[type], int, ListDigest | None]]:
            pages = [
                wire.page(
                    await page_bytes_for(
                        *(database, clock(), one, stretches), list_id=LIST, after=after, limit=limit, acknowledges=False
                    )
                )
                for one in readers
            ]
            return [([type(change) for change in one.changes], one.next, one.head) for one in pages]

        seen: list[object] = []
        for number in (None, 2, 4):
            if number is not None:
                await withdraw(database, (secret(number),))
            state = await database.read("state", list_state.read)
            whole, again = await shown(0, 100), await shown(0, 100)
            assert whole == again == [(whole[0][0], state.head, state.digest)] * 2
            assert whole[0][0].count(Tombstone) == len(seen)
            assert await shown(state.head, 100) == [([], state.head, state.digest)] * 2
            assert whole not in seen
            seen.append(whole)

    run(story)
