"""The audit on both databases: searched, chained, and closed to whoever would change it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.conftest import Run
from takeback.model.audit import BEGINNING, AuditEvent, ChainReport, check_chain
from takeback.storage import audit
from takeback.storage.audit import Search
from takeback.storage.database import Database
from takeback.storage.migrate import migrate

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def recorded(database: Database, *events: str, at: datetime = NOON) -> None:
    for event in events:
        await database.run("record", lambda connection, event=event: audit.record(connection, event, at))


async def found(database: Database, what: Search, limit: int = audit.PAGE_EVENTS) -> list[AuditEvent]:
    return await database.run("search", lambda connection: audit.search(connection, what, limit=limit))


async def chain(database: Database) -> ChainReport:
    async def work(connection: AsyncConnection) -> ChainReport:
        return check_chain([link async for link in audit.links(connection)])[0]

    return await database.run("chain", work)


async def by_hand(database: Database, *statements: str) -> None:
    async def work(connection: AsyncConnection) -> None:
        for statement in statements:
            await connection.execute(text(statement))

    await database.run("by-hand", work)


#: What somebody who owns the database can do before changing rows.
UNLOCK = {
    "sqlite": ("DROP TRIGGER audit_event_stays", "DROP TRIGGER audit_event_is_kept"),
    "postgresql": ("DROP TRIGGER audit_event_update ON audit_event", "DROP TRIGGER audit_event_delete ON audit_event"),
}


def test_events_are_found(run: Run) -> None:
    async def story(database: Database) -> None:
        await recorded(database, "o-1:p-1:suspend", "o-2:p-1:propose-release", "machine:o-2:add-viewer")
        await recorded(database, "o-1:settings:page_changes:set", "o-10:p_1:suspend", at=NOON + timedelta(days=2))
        assert [event.action for event in await found(database, Search(actor="o-1"))] == ["set", "suspend"]
        assert [event.actor for event in await found(database, Search(subject="p-1"))] == ["o-2", "o-1"]
        assert [event.subject for event in await found(database, Search(action="set"))] == ["settings:page_changes"]
        assert [event.actor for event in await found(database, Search(action="suspend"))] == ["o-10", "o-1"]
        assert await found(database, Search(subject="p_1", until=date(2026, 11, 25))) == []
        (last,) = await found(database, Search(actor="o-10", since=date(2026, 11, 26), until=date(2026, 11, 26)))
        assert (last.at, last.subject) == (NOON + timedelta(days=2), "p_1")
        assert await found(database, Search(since=date(2026, 11, 27))) == []
        first = await found(database, Search(), limit=3)
        rest = await found(database, Search(before=first[-1].id), limit=3)
        assert [event.id for event in first + rest] == [5, 4, 3, 2, 1]

    run(story)


def test_the_database_refuses_to_change_or_delete(run: Run) -> None:
    async def story(database: Database) -> None:
        await recorded(database, "o-1:p-1:suspend", "o-2:p-1:release")
        before = await chain(database)
        for statement in (
            "UPDATE audit_event SET event = 'o-3:p-1:suspend' WHERE id = 1",
            "UPDATE audit_event SET place = NULL, chain = NULL",
            "DELETE FROM audit_event WHERE id = 2",
            *([] if database.is_sqlite else ["TRUNCATE audit_event"]),
        ):
            with pytest.raises(DBAPIError, match="stay as they are"):
                await by_hand(database, statement)
        assert await chain(database) == before == ChainReport(2, None)

    run(story)


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("UPDATE audit_event SET event = 'o-9:p-1:suspend' WHERE id = 2", 2),
        ("UPDATE audit_event SET at = '2026-11-23 12:00:00+00' WHERE id = 3", 3),
        ("DELETE FROM audit_event WHERE id = 2", 3),
        ("DELETE FROM audit_event WHERE id = 1", 2),
    ],
)
def test_who_takes_the_lock_off_is_found(run: Run, tampering: str, broken_at: int) -> None:
    async def story(database: Database) -> None:
        await recorded(database, *(f"o-1:p-{number}:suspend" for number in range(1, 5)))
        assert await chain(database) == ChainReport(4, None)
        unlock = UNLOCK["sqlite" if database.is_sqlite else "postgresql"]
        await by_hand(database, *unlock, tampering.replace("+00", "" if database.is_sqlite else "+00"))
        assert (await chain(database)).broken_at == broken_at

    run(story)


def test_old_events_get_a_chain_and_so_do_those_of_old_processes(empty: Run) -> None:
    async def story(database: Database) -> None:
        old = "INSERT INTO audit_event (id, at, event) VALUES ({}, '2026-11-23 12:00:00', 'operator:p-1:invite')"
        await migrate(database, "0008")
        await by_hand(database, old.format(1), old.format(2))
        await migrate(database)
        assert await chain(database) == ChainReport(2, None)
        await by_hand(database, old.format(3001))
        assert await database.run("count", audit.count_unchained) == 1
        assert await chain(database) == ChainReport(2, None)
        if not database.is_sqlite:
            await by_hand(database, "SELECT setval('audit_event_id_seq', 2)")  # it took a number and was slow
        await recorded(database, "o-1:p-1:suspend")
        assert await chain(database) == ChainReport(4, None)
        assert await database.run("count", audit.count_unchained) == 0

    empty(story)


def test_events_that_race_are_one_chain(run: Run) -> None:
    async def story(database: Database) -> None:
        assert await database.run("head", audit.head) == BEGINNING
        await asyncio.gather(*(recorded(database, *(f"o-{one}:p-{n}:suspend" for n in range(4))) for one in range(4)))
        assert await chain(database) == ChainReport(16, None)
        last = await database.run("links", _hashes)
        assert await database.run("head", audit.head) == last[-1]

    run(story)


async def _hashes(connection: AsyncConnection) -> list[bytes]:
    return [link.hash async for link in audit.links(connection)]
