"""A platform's database: its schema, what is held, and what the platform is told to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from contract.conftest import Run
from takeback.clock import ManualClock
from takeback.model.hold import Content, Finding, Hold, Source, Surface
from takeback.model.instruction import Doing
from takeback.model.operator import Role
from takeback.staff.operators import add_operator
from takeback.storage.database import Database
from takeback.storage.migrate import PLATFORM, is_current
from takeback.storage.platform import holds, instructions
from takeback.storage.platform.schema import metadata

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_the_steps_lead_to_the_schema_that_is_written(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        def differences(connection: Connection) -> list[object]:
            return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)

        assert await database.run("compare", lambda connection: connection.run_sync(differences)) == []
        assert await is_current(database, steps=PLATFORM)

    on_platform(story)


def test_what_is_held_comes_back_as_it_was(on_platform: Run) -> None:
    finding = Finding("ours", "ab" * 16, "pdq", 12, 31, "strong", "upload", "submitted", "hold", date(2026, 1, 2))
    content = Content("post/1", Surface.PROFILE, "DE", "user/7", NOW - timedelta(hours=1))
    kept = Hold("h-1", content, Source.UPLOAD, (finding,), bytes(16), NOW, NOW + timedelta(hours=48), "c-1")

    async def story(database: Database) -> None:
        await database.run("hold", lambda connection: holds.add(connection, kept))
        assert await database.run("find", lambda connection: holds.find(connection, "h-1")) == kept
        assert await database.run("find", lambda connection: holds.find(connection, "h-2")) is None

    on_platform(story)


def test_the_platform_reads_its_instructions_in_order(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        for doing in Doing:
            await database.run(
                "give", lambda c, doing=doing: instructions.give(c, "post/1", doing, because="h-1", at=NOW)
            )
        given = await database.run("read", lambda connection: instructions.after(connection, 0, limit=2))
        assert [one.doing for one in given] == [Doing.HIDE, Doing.RESTORE]
        (last,) = await database.run(
            "read", lambda connection: instructions.after(connection, given[-1].sequence, limit=2)
        )
        assert (last.doing, last.at) == (Doing.REMOVE, NOW)

    on_platform(story)


def test_the_audit_of_a_desk_cannot_be_changed(on_platform: Run) -> None:
    async def story(database: Database) -> None:
        await add_operator(database, ManualClock(NOW), "Ana", Role.ADMINISTRATOR)
        for statement in ("DELETE FROM audit_event", "UPDATE audit_event SET event = 'a:b:c'"):
            with pytest.raises(DBAPIError, match="stay as they are"):
                await database.run("forge", lambda c, statement=statement: c.execute(text(statement)))

    on_platform(story)
