"""The public log on both databases: what stands in it, who can read what from it, and that it never forks."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import invited, page, secret, submission
from takeback.clearinghouse import public_log
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.log_files import LogFiles, LogIdentity
from takeback.clearinghouse.public_log import ENTRIES_TOGETHER, STATES_TOGETHER, publish, state_salt
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.receipts import logged_of
from takeback.clearinghouse.withdrawal import withdraw
from takeback.clock import ManualClock
from takeback.errors import SettingsError, UnavailableError
from takeback.model.change import ChangePage
from takeback.model.list_digest import EMPTY, ListDigest
from takeback.model.public_log import LoggedEntry, gone_leaf, listed_leaf, opening, state_hash
from takeback.model.receipt import receipt_digest
from takeback.storage import public_log as storage
from takeback.storage.database import Database
from takeback.wire.checkpoint import Checkpoint
from takeback.wire.log_leaves import DayBody, StatesBody, leaf_of
from takeback.wire.tiles import check_growth, proven_leaves

IDENTITY = LogIdentity("test.example/list", Ed25519PrivateKey.from_private_bytes(bytes(32)))
DAY = timedelta(days=1)


def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 12, tzinfo=UTC))


def log_in(folder: Path) -> LogFiles:
    return LogFiles(folder / "log", IDENTITY)


def leaves_in(folder: Path) -> list[bytes]:
    files = log_in(folder)
    return [leaf for _, leaf in proven_leaves(files.fetch, files.checkpoint())]


def days_in(folder: Path) -> list[DayBody]:
    return [day for leaf in leaves_in(folder) if isinstance(day := leaf_of(leaf), DayBody)]


async def logged(database: Database, number: int) -> LoggedEntry | None:
    return (await logged_of(database, (secret(number),)))[0]


def test_an_entry_is_in_the_log_and_then_gone(run: Run, tmp_path: Path) -> None:
    """By what its secret makes, and by nothing that anybody else could make."""

    async def story(database: Database) -> None:
        now = clock()
        await take_in(database, submission(1, 2, 3))
        await publish_waiting(database, now)
        await withdraw(database, (secret(3),))  # before the day ended: it never gets a leaf
        assert (await publish(database, now, IDENTITY, tmp_path)).day == date(2026, 11, 23)
        opening_ = opening(receipt_digest(secret(1)))
        one = await logged(database, 1)
        assert one is not None
        assert leaves_in(tmp_path)[one.leaf] == listed_leaf(opening_, one.content)
        assert await logged(database, 3) is None
        assert gone_leaf(opening_) not in leaves_in(tmp_path)

        await withdraw(database, (secret(1),))
        assert await logged(database, 1) is None
        now.advance(DAY)
        await publish(database, now, IDENTITY, tmp_path)
        assert leaves_in(tmp_path).count(gone_leaf(opening_)) == 1
        assert gone_leaf(opening(receipt_digest(secret(2)))) not in leaves_in(tmp_path)
        assert gone_leaf(opening(receipt_digest(secret(3)))) not in leaves_in(tmp_path)
        now.advance(DAY)
        await publish(database, now, IDENTITY, tmp_path)
        assert leaves_in(tmp_path).count(gone_leaf(opening_)) == 1

        async def salts(connection: AsyncConnection) -> list[bool]:
            rows = await connection.execute(
                text("SELECT salt IS NULL, content IS NULL, gone IS NULL FROM logged_entry")
            )
            return sorted(bool(one) for row in rows for one in row)

        assert await database.run("salts", salts) == [False, False, False, True, True, True]

    run(story)


def test_days_are_closed_once_and_numbers_of_few_do_not_show(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        now, page_digest = clock(), "ab" * 32
        await take_in(database, submission(*range(25)))
        await publish_waiting(database, now)
        sizes = []
        for _ in range(3):
            sizes.append((await publish(database, now, IDENTITY, tmp_path, page=page_digest)).size)
            now.advance(timedelta(hours=7))
        assert sizes == [ENTRIES_TOGETHER + 2, ENTRIES_TOGETHER + 3, 2 * ENTRIES_TOGETHER + 5]
        first, second = days_in(tmp_path)
        assert (first.day, second.day) == (date(2026, 11, 23), date(2026, 11, 24))
        assert (first.since, second.since) == (0, ENTRIES_TOGETHER + 2)
        assert (first.page, first.listed, first.added) == (page_digest, {"submitted under-18": 20}, {})
        assert (second.listed, second.added) == ({"submitted under-18": 20}, {"submitted under-18": 20})
        await withdraw(database, tuple(secret(n) for n in range(19)))
        now.advance(DAY)
        await publish(database, now, IDENTITY, tmp_path)
        third = days_in(tmp_path)[-1]
        assert (third.listed, third.withdrawn, third.taken_back) == ({}, {"submitted under-18": 10}, 10)

    run(story)


def test_every_state_that_a_participant_saw_is_there_and_says_nothing_to_others(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        now, reader = clock(), await invited(database)
        seen = [await page(database, reader)]
        for number in range(5):
            await take_in(database, submission(number))
            await publish_waiting(database, now)
            seen.append(await page(database, reader))
            await withdraw(database, (secret(number),))
            seen.append(await page(database, reader))
        await publish(database, now, IDENTITY, tmp_path)
        first = leaf_of(leaves_in(tmp_path)[0])
        assert isinstance(first, StatesBody)
        assert len(first.states) == STATES_TOGETHER

        def hashed(one: ChangePage, place: int, salt: bytes | None = None, digest: ListDigest | None = None) -> str:
            known = salt or state_salt(IDENTITY, one.next)
            return state_hash(IDENTITY.list_id, one.next, digest or one.head or EMPTY, known, place).hex()

        assert {hashed(one, 0) for one in seen} <= set(first.states)
        assert len({hashed(one, 0) for one in seen}) == 11
        assert days_in(tmp_path)[0].state == hashed(seen[-1], ENTRIES_TOGETHER + 1)
        assert hashed(seen[1], 0, digest=EMPTY.with_entry(1)) not in first.states
        # Who has the only picture on the list knows its state, and still not the salt.
        assert hashed(seen[1], 0, salt=hashlib.sha256(b"").digest()) not in first.states

        await publish(database, now, IDENTITY, tmp_path)  # nothing has changed, and nobody can see that
        later = leaf_of(leaves_in(tmp_path)[-1])
        assert isinstance(later, StatesBody)
        assert set(later.states).isdisjoint(first.states)
        assert hashed(seen[-1], ENTRIES_TOGETHER + 2) in later.states
        assert hashed(seen[-2], ENTRIES_TOGETHER + 2) not in later.states

    run(story)


def test_the_log_grows_and_never_forks(run: Run, tmp_path: Path) -> None:
    """Each checkpoint that ever stood there is a beginning of each later one."""

    async def story(database: Database) -> None:
        now, seen, files = clock(), [Checkpoint(0, b"")], log_in(tmp_path)
        for number in range(9):
            await take_in(database, submission(*range(number * 5, number * 5 + 5)))
            await publish_waiting(database, now)
            await withdraw(database, (secret(number * 5),))
            now.advance(DAY / 2)
            await publish(database, now, IDENTITY, tmp_path)
            seen.append(files.checkpoint())
        assert seen[-1].size > 256
        for old, new in itertools.combinations(seen, 2):
            check_growth(files.fetch, old, new)
        assert not (tmp_path / "log" / "tile" / "0" / "000.p").exists(), "partial tiles go when the whole one is there"

    run(story)


def test_what_is_cut_off_is_done_by_the_next_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off before each single file that is moved to its place, and before each transaction."""

    class CutOffError(Exception):
        pass

    left = 0

    def breaking(does: object) -> object:
        def wrapped(*given: object, **named: object) -> object:
            nonlocal left
            if left == 0:
                raise CutOffError
            left -= 1
            return does(*given, **named)  # type: ignore[operator]

        return wrapped

    async def story(database: Database) -> None:
        now, files, seen = clock(), log_in(tmp_path), list[Checkpoint]()
        nonlocal left
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", breaking(Path.replace))
            patch.setattr(storage, "append", breaking(storage.append))
            for calls in itertools.count():
                await take_in(database, submission(*range(calls * 5, calls * 5 + 5)))
                await publish_waiting(database, now)
                now.advance(DAY)
                left = calls
                try:
                    await publish(database, now, IDENTITY, tmp_path)
                except CutOffError:
                    seen.append(files.checkpoint())
                    continue
                break
        assert calls > 4, "it was cut off in the middle; otherwise this shows nothing"
        last = files.checkpoint()
        for one in seen:
            check_growth(files.fetch, one, last)
        assert [leaf for _, leaf in proven_leaves(files.fetch, last)] == await database.run(
            "leaves", lambda connection: storage.leaves_from(connection, 0, last.size + 1)
        )
        for number in range(5 * (calls + 1)):
            assert await logged(database, number) is not None

    run(story)


def test_files_that_are_lost_are_made_again(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        now = clock()
        await publish(database, now, IDENTITY, tmp_path)
        before = log_in(tmp_path).checkpoint()
        await publish(database, now, IDENTITY, tmp_path / "elsewhere")
        after = log_in(tmp_path / "elsewhere")
        check_growth(after.fetch, before, after.checkpoint())

    run(story)


def test_a_database_from_a_backup_takes_back_what_was_signed(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        now = clock()
        await take_in(database, submission(1))
        await publish_waiting(database, now)
        for _ in range(3):
            now.advance(DAY)
            await publish(database, now, IDENTITY, tmp_path)
        before = log_in(tmp_path).checkpoint()
        await by_hand(database, *UNLOCK[database.is_sqlite], "DELETE FROM log_leaf WHERE place > 70")
        now.advance(DAY)
        assert (await publish(database, now, IDENTITY, tmp_path)).day == date(2026, 11, 27)
        check_growth(log_in(tmp_path).fetch, before, log_in(tmp_path).checkpoint())
        assert [one.day.day for one in days_in(tmp_path)] == [24, 25, 26, 27]

    run(story)


#: What somebody who owns the database can do before changing leaves.
UNLOCK = {
    True: ("DROP TRIGGER log_leaf_stays", "DROP TRIGGER log_leaf_is_kept"),
    False: ("DROP TRIGGER log_leaf_update ON log_leaf", "DROP TRIGGER log_leaf_delete ON log_leaf"),
}


async def by_hand(database: Database, *statements: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        for statement in statements:
            await connection.execute(text(statement))

    await database.run("by-hand", work)


def test_no_fork_is_signed(run: Run, tmp_path: Path) -> None:
    """Leaves that were signed cannot be changed in the database; who forces it gets no signature."""

    async def story(database: Database) -> None:
        now = clock()
        await publish(database, now, IDENTITY, tmp_path)
        change = "UPDATE log_leaf SET data = (SELECT data FROM log_leaf WHERE place = 1) WHERE place = 2"
        for refused in (change, "DELETE FROM log_leaf WHERE place = 2"):
            with pytest.raises(DBAPIError, match="stay as they are"):
                await by_hand(database, refused)
        await by_hand(database, *UNLOCK[database.is_sqlite], change)
        with pytest.raises(SettingsError, match="Nothing was signed"):
            await publish(database, now, IDENTITY, tmp_path)

    run(story)


def test_another_key_does_not_go_on(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        await publish(database, clock(), IDENTITY, tmp_path)
        other = LogIdentity(IDENTITY.list_id, Ed25519PrivateKey.generate())
        with pytest.raises(SettingsError, match="log-signing-key"):
            await publish(database, clock(), other, tmp_path)

    run(story)


def test_one_process_writes(run: Run, tmp_path: Path) -> None:
    async def story(database: Database) -> None:
        with public_log._one_at_a_time(tmp_path / "log"), pytest.raises(UnavailableError):
            await publish(database, clock(), IDENTITY, tmp_path)

    run(story)
