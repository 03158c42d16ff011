"""PostgreSQL ends connections, as when it is started anew: what was not committed is done again, and nothing twice."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import KEYRING, Run
from takeback.storage.database import Database

on_postgresql = pytest.mark.parametrize("address", ["postgresql"], indirect=True)
_CUT = text(
    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_ONE_MORE = text("UPDATE list_state SET head = head + 1")
_HEAD = text("SELECT head FROM list_state")


async def head(connection: AsyncConnection) -> int:
    return int((await connection.execute(_HEAD)).scalar_one())


async def cut(address: str) -> None:
    """Ends every connection to the database but the one that asks for it."""
    other = Database.open(address, KEYRING)
    assert await other.run("cut", lambda connection: connection.scalar(_CUT))
    await other.close()


@on_postgresql
def test_who_comes_after_it_does_not_notice(run: Run, address: str) -> None:
    async def story(database: Database) -> None:
        for ask in (database.read, database.glance, database.ask, database.run):
            await ask("before", head)
            await cut(address)
            assert await ask("after", head) == 0

    run(story)


@on_postgresql
def test_what_was_under_way_is_done_once(run: Run, address: str) -> None:
    async def story(database: Database) -> None:
        tries = 0

        async def work(connection: AsyncConnection) -> int:
            nonlocal tries
            tries += 1
            await connection.execute(_ONE_MORE)
            if tries == 1:
                await cut(address)
            return await head(connection)

        assert await database.run("one-more", work) == 1
        assert (tries, await database.read("head", head)) == (2, 1)

    run(story)


@on_postgresql
def test_what_may_have_been_kept_is_not_done_again(run: Run, address: str) -> None:
    """A connection that is lost at the commit: nobody knows whether it was kept, so it is told and not repeated."""

    async def story(database: Database) -> None:
        tries = 0

        async def work(connection: AsyncConnection) -> None:
            nonlocal tries
            tries += 1
            await connection.execute(_ONE_MORE)
            await cut(address)

        with pytest.raises(Exception, match=r"keep anything now|terminat|closed"):
            await database.run("one-more", work)
        assert tries == 1

    run(story)
