"""What stands in the database of fingerprints: nothing that can be read without the keys, on both databases."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from contract.test_clearinghouse import clock, invited, page, secret
from takeback.clearinghouse import rekeying
from takeback.clearinghouse.checking import findings
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.statistics import list_statistics
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import SettingsError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.change import Upsert
from takeback.model.entry import Age, Kind, Submission, SubmittedEntry
from takeback.model.receipt import receipt_digest
from takeback.storage import entry_prints
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.storage.schema import entry
from takeback.storage.sealing import Keyring

KEYS = {version: secrets.token_bytes(32) for version in (1, 2, 3)}


def drawn(number: int) -> SubmittedEntry:
    """An entry of random values, as a digest is."""
    prints = (
        Fingerprint(FingerprintType.MD5, secrets.token_bytes(16)),
        Fingerprint(FingerprintType.SHA256, secrets.token_bytes(32)),
        Fingerprint(FingerprintType.PDQ, secrets.token_bytes(32), 90),
    )
    return SubmittedEntry(receipt_digest(secret(number)), Kind.IMAGE, prints)


async def versions(database: Database) -> list[int | None]:
    async def work(connection: AsyncConnection) -> list[int | None]:
        return sorted((await connection.execute(select(entry.c.sealed_with))).scalars(), key=lambda one: one or 0)

    return await database.read("look", work)


async def listed(database: Database) -> dict[str, set[Fingerprint]]:
    reader = await invited(database, f"Reader {secrets.token_hex(4)}")
    changes = (await page(database, reader)).changes
    return {str(c.sequence): set(c.entry.fingerprints) for c in changes if isinstance(c, Upsert)}


def test_no_value_stands_in_the_database_as_it_is(run: Run, address: str, tmp_path: Path) -> None:
    sent = [drawn(number) for number in range(3)]

    async def story(database: Database) -> None:
        await take_in(database, Submission(Age.UNSURE, tuple(sent)))
        await publish_waiting(database, clock())
        assert sorted(map(len, (await listed(database)).values())) == [3, 3, 3]

        async def everything(connection: AsyncConnection) -> str:
            tables = ["entry", "fingerprint"]
            return str([(await connection.execute(text(f"SELECT * FROM {t}"))).all() for t in tables])  # noqa: S608

        stored.append(await database.read("look", everything))

    stored: list[str] = []
    run(story)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("clearinghouse.db")]
    on_disk = b"".join(path.read_bytes() for path in files) if address.startswith("sqlite") else b""
    for one in (f for made in sent for f in made.fingerprints):
        assert one.value not in on_disk
        assert one.hex.encode() not in on_disk
        assert repr(one.value) not in stored[0]


def test_the_blind_index_finds_what_is_equal_and_nothing_else(run: Run) -> None:
    first, second = drawn(1), drawn(2)

    async def story(database: Database) -> None:
        await take_in(database, Submission(Age.UNSURE, (first, second)))

        async def found(connection: AsyncConnection, one: Fingerprint) -> list[set[Fingerprint]]:
            ids = await entry_prints.having(connection, one.type, one.value)
            return [set(prints) for prints in (await entry_prints.fingerprints_of(connection, ids)).values()]

        for made in (first, second):
            for one in made.fingerprints[:2]:
                assert await database.read("find", lambda c, one=one: found(c, one)) == [set(made.fingerprints)]
        strange = Fingerprint(FingerprintType.SHA256, secrets.token_bytes(32))
        assert await database.read("find", lambda c: found(c, strange)) == []

    run(story)


def test_what_is_sealed_opens_only_in_its_own_row_and_under_its_own_key(run: Run) -> None:
    async def story(database: Database) -> None:
        await take_in(database, Submission(Age.UNSURE, (drawn(1), drawn(2))))

        async def swap(connection: AsyncConnection) -> None:
            rows = (await connection.execute(select(entry.c.id, entry.c.sealed))).all()
            for (id_, _), (_, other) in zip(rows, reversed(rows), strict=True):
                await connection.execute(update(entry).where(entry.c.id == id_).values(sealed=other))

        await database.run("swap", swap)
        with pytest.raises(SettingsError, match="key-loss"):
            await publish_waiting(database, clock())

        async def unknown(connection: AsyncConnection) -> None:
            await connection.execute(update(entry).values(sealed_with=9))

        await database.run("pretend", unknown)
        with pytest.raises(SettingsError, match="Version 9"):
            await publish_waiting(database, clock())

    run(story)


def test_a_key_is_changed_while_entries_come_and_go(address: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed, unsealed and new rows all end under the newest key; what is cut off in the middle goes on."""
    monkeypatch.setattr(rekeying, "RELOAD_S", 0.02)
    monkeypatch.setattr(rekeying, "BATCH", 7)
    known = {1: KEYS[1]}

    async def story(_: Database) -> None:
        before = Database.open(address, Keyring(lambda: known, seals=False))
        now = Database.open(address, Keyring(lambda: known))
        try:
            await take_in(before, Submission(Age.UNSURE, tuple(drawn(n) for n in range(20))))
            await take_in(now, Submission(Age.UNSURE, tuple(drawn(n) for n in range(20, 40))))
            assert await versions(now) == [None] * 20 + [1] * 20
            await publish_waiting(now, clock())
            as_it_was = await listed(now)
            statistics = await list_statistics(now)
            assert statistics.fingerprints_by_type == {"md5": 40, "sha256": 40, "pdq": 40}

            known[2] = KEYS[2]
            then = Database.open(address, Keyring(lambda: known))
            cut = asyncio.create_task(rekeying.rekey(then, clock()))
            while 2 not in await versions(then):  # noqa: ASYNC110 - the database says it, and nobody else
                await asyncio.sleep(0)
            cut.cancel()
            await asyncio.gather(cut, return_exceptions=True)
            await withdraw(now, (secret(3), secret(33)))
            again = rekeying.rekey(then, clock())
            arriving = take_in(now, Submission(Age.UNSURE, tuple(drawn(n) for n in range(40, 45))))
            await asyncio.gather(again, arriving)
            await rekeying.rekey(then, clock())
            assert await versions(then) == [None] * 2 + [2] * 43
            known.pop(1)
            assert {k: v for k, v in as_it_was.items() if k in await listed(then)} == await listed(then)
            assert (await list_statistics(then)).fingerprints_by_type == {"md5": 43, "sha256": 43, "pdq": 43}
            assert await then.read("check", findings) == []
            await then.close()
        finally:
            await before.close()
            await now.close()

    run(story)


def test_processes_of_before_go_on_beside_those_that_do_not_seal_yet(address: str, empty: Run) -> None:
    async def story(_: Database) -> None:
        beside = Database.open(address, Keyring(lambda: KEYS, seals=False))
        await migrate(beside)
        await take_in(beside, Submission(Age.UNSURE, (drawn(1),)))
        assert await versions(beside) == [None]

        async def as_before(connection: AsyncConnection) -> int:
            return int((await connection.execute(text("SELECT count(*) FROM fingerprint"))).scalar_one())

        assert await beside.read("before", as_before) == 3
        await beside.close()

    empty(story)
