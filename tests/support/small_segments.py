"""Pieces of the feed that go over a few places, so that a short story has many of them."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.storage import feed_segments
from takeback.storage.database import Database

_POSTGRESQL = "SELECT pg_get_functiondef('feed_segment_ends'::regproc)"
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'feed_segment%'"


async def make_segments_small(database: Database, places: int, patch: pytest.MonkeyPatch) -> None:
    """Has pieces go over so many places from now on, in the program and in the database's own triggers."""
    whole = f"/ {feed_segments.PLACES}"

    async def work(connection: AsyncConnection) -> None:
        if connection.dialect.name == "postgresql":
            made = str((await connection.execute(text(_POSTGRESQL))).scalar_one())
            assert whole in made
            await connection.exec_driver_sql(made.replace(whole, f"/ {places}"))
            return
        triggers = (await connection.execute(text(_SQLITE))).all()
        assert triggers
        for name, made in triggers:
            assert whole in made
            await connection.exec_driver_sql(f"DROP TRIGGER {name}")
            await connection.exec_driver_sql(made.replace(whole, f"/ {places}"))

    await database.run("small-segments", work)
    patch.setattr(feed_segments, "PLACES", places)
