"""The restore drill, and what `takeback db check` sees: on both databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from contract.conftest import KEYRING, Run, in_a_thread
from contract.test_clearinghouse import clock, invited, page, secret, states, submission
from support.postgres import new_database
from takeback.clearinghouse.backups import backup, move, restore
from takeback.clearinghouse.checking import findings
from takeback.clearinghouse.intake import take_in
from takeback.clearinghouse.publishing import publish_waiting
from takeback.clearinghouse.trust import take_feedback
from takeback.clearinghouse.withdrawal import withdraw
from takeback.errors import ConflictError, InvalidInputError, SettingsError
from takeback.model.change import Upsert
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.receipt import ReceiptState
from takeback.storage.copying import counts_of
from takeback.storage.database import Database
from takeback.storage.migrate import migrate
from takeback.storage.sealing import Keyring


async def fill(database: Database) -> None:
    """A list with a life: listed, judged, suspended, withdrawn and waiting."""
    readers = [await invited(database, f"Reader {n}") for n in range(2)]
    await take_in(database, submission(*range(1, 9)))
    await publish_waiting(database, clock())
    for reader in readers:
        first = await page(database, reader)
        names = [c.entry.entry for c in first.changes if isinstance(c, Upsert)]
        wrong = Feedback(names[0], Verdict.WRONG, ActionTaken.KEPT)
        await take_feedback(
            database, clock(), reader, (wrong, Feedback(names[1], Verdict.CONFIRMED, ActionTaken.REMOVED))
        )
    await withdraw(database, (secret(1), secret(2)))
    await take_in(database, submission(20))


async def seen(database: Database) -> tuple[object, ...]:
    """What everybody sees of it."""
    counts = await database.read("count", counts_of)
    head = (await page(database, await invited(database, "Looker"))).head
    return counts, head, await states(database, *range(1, 9), 20)


def test_a_backup_is_restored(run: Run, address: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Everything is lost, and what was there is back. In durability/test_restore_drill.py others write meanwhile."""
    file = tmp_path / "of-today.takeback"
    if address.startswith("sqlite"):
        fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    else:
        fresh = new_database(request.getfixturevalue("postgres"))

    async def story(database: Database) -> None:
        await fill(database)
        await backup(database, file)
        assert file.stat().st_mode & 0o777 == 0o600
        with pytest.raises(InvalidInputError, match="exists"):
            await backup(database, file)
        with pytest.raises(ConflictError, match="not empty"):
            await restore(database, file)
        as_it_was = await seen(database)
        again = Database.open(fresh, KEYRING)
        try:
            await migrate(again)
            await restore(again, file)
            assert await seen(again) == as_it_was
            assert await again.read("check", findings) == []
            await take_in(again, submission(30))  # and life goes on, in PostgreSQL's numbering too
            await publish_waiting(again, clock())
            assert await states(again, 30, 1) == [ReceiptState.LISTED, ReceiptState.UNLISTED]
        finally:
            await again.close()

    run(story)
    assert not [
        path.name for path in tmp_path.iterdir() if "part" in path.name or path.name.startswith("of-today.takeback-")
    ]


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ("DELETE FROM entry WHERE state = 'listed' AND id NOT IN (SELECT entry FROM feedback)", ConflictError),
        ("DELETE FROM entry WHERE id IN (SELECT entry FROM feedback)", ConflictError),
        ("UPDATE list_state SET digest = zeroblob(32)", ConflictError),
        ("UPDATE alembic_version SET version_num = 'later'", SettingsError),
        ("UPDATE entry SET sealed = zeroblob(60) WHERE state = 'listed'", SettingsError),
        (None, InvalidInputError),
    ],
)
def test_a_damaged_backup_is_refused(tmp_path: Path, damage: str | None, error: type[Exception]) -> None:
    """Nothing of it is kept, whatever is wrong with it. The file is the same, whichever database it is of."""
    file = tmp_path / "damaged.takeback"

    async def story() -> None:
        database = Database.open(f"sqlite:///{tmp_path / 'whole.db'}", KEYRING)
        await migrate(database)
        await fill(database)
        await backup(database, file)
        await database.close()
        if damage is None:
            file.write_bytes(b"something else" * 1000)
        else:
            with sqlite3.connect(file) as broken:
                broken.executescript(damage)
            broken.close()
        empty = Database.open(f"sqlite:///{tmp_path / 'empty.db'}", KEYRING)
        try:
            await migrate(empty)
            with pytest.raises(error):
                await restore(empty, file)
            assert (await empty.read("count", counts_of))["entry"] == 0
        finally:
            await empty.close()

    in_a_thread(story)


def test_a_backup_without_its_keys_is_worth_nothing(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "alone.takeback"

    async def story(database: Database) -> None:
        await fill(database)
        await backup(database, file)
        thief = Database.open(f"sqlite:///{tmp_path / 'thief.db'}", Keyring(lambda: {2: bytes(32)}))
        try:
            await migrate(thief)
            with pytest.raises(SettingsError, match="key-loss"):
                await restore(thief, file)
        finally:
            await thief.close()

    run(story)


def test_sqlite_moves_to_postgresql(tmp_path: Path, postgres: str) -> None:
    """Verified count by count and by digest; a second move finds the place taken."""
    old, new = f"sqlite:///{tmp_path / 'old.db'}", new_database(postgres)

    async def story() -> None:
        source, target = Database.open(old, KEYRING), Database.open(new, KEYRING)
        try:
            await migrate(source)
            await migrate(target)
            await fill(source)
            counts = await move(source, target)
            assert counts == await target.read("count", counts_of)
            assert await seen(target) == await seen(source)
            with pytest.raises(ConflictError, match="not empty"):
                await move(source, target)
        finally:
            await source.close()
            await target.close()

    in_a_thread(story)


#: What takes the audit's guard away, on SQLite and on PostgreSQL.
DISARM = {True: "DROP TRIGGER audit_event_stays", False: "DROP TRIGGER audit_event_update ON audit_event"}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE list_state SET entries = entries + 1", "digest"),
        ("UPDATE list_state SET head = 3", "behind the head"),
        ("UPDATE entry SET listed_on = '2026-11-24' WHERE state = 'withdrawn'", "something of them was kept"),
        ("UPDATE entry SET sealed = NULL WHERE state = 'waiting'", "no fingerprint"),
        ("UPDATE audit_event SET event = 'nobody'", "audit"),
    ],
)
def test_the_check_sees_what_is_wrong(run: Run, damage: str, said: str) -> None:
    async def story(database: Database) -> None:
        await fill(database)
        assert await database.read("check", findings) == []
        if damage.startswith("UPDATE audit_event"):  # the database itself refuses that, until somebody disarms it
            await database.run("disarm", lambda connection: connection.execute(text(DISARM[database.is_sqlite])))
        await database.run("damage", lambda connection: connection.execute(text(damage)))
        wrong = await database.read("check", findings)
        assert any(said in sentence for sentence in wrong), wrong

    run(story)
