"""Seeing a picture, by whoever asks for it and has it open; each time is kept, and reports say only what was seen.

Nothing here is needed to decide. What is shown is drawn anew by a child process, small, and blurred and grey at first.
"""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotFoundError
from takeback.media import UnscannableReason
from takeback.media.showing import Shown, show
from takeback.model.operator import Operator
from takeback.model.review import Seen, Viewing
from takeback.participant.desk.opening import lease_of, seen_by
from takeback.participant.holds.held_copies import copies_of
from takeback.platform_settings import PlatformSettings
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import reviews


async def look(
    database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str, how: Seen
) -> None:
    """Keeps that somebody sees the picture of a hold that they have open. Sharp comes after blurred.

    Raises NotFoundError where no copy is kept or it cannot be drawn: then nobody has seen anything. Or ConflictError.
    """

    async def allowed(connection: AsyncConnection) -> str:
        hold = await seen_by(connection, operator, id_)
        lease = await lease_of(connection, clock, operator, hold)
        if hold.copy is None:
            raise NotFoundError("No copy of this file is kept here.")
        before = [one for one in await reviews.viewings(connection, id_, operator.id) if one.at >= lease.since]
        if how is Seen.SHARP and not before:
            raise ConflictError("Look at it blurred first.")
        return hold.copy

    async def work(connection: AsyncConnection) -> None:
        await allowed(connection)
        now = clock.now()
        await reviews.add_viewing(connection, Viewing(id_, operator.id, now, how))
        await audit.record(connection, f"{operator.id}:hold/{id_}:view-{how.value}", now)

    await _drawn(database, settings, await database.read("may-look", allowed), how)
    await database.run("look", work)


async def picture(
    database: Database, clock: Clock, settings: PlatformSettings, operator: Operator, id_: str, how: Seen
) -> bytes:
    """Gives the picture as a PNG to whoever asked for it so since they opened it. Raises NotFoundError."""

    async def work(connection: AsyncConnection) -> str:
        hold = await seen_by(connection, operator, id_)
        lease = await lease_of(connection, clock, operator, hold)
        asked = await reviews.viewings(connection, id_, operator.id)
        if hold.copy is None or not any(one.how is how and one.at >= lease.since for one in asked):
            raise NotFoundError("Nobody asked to see this.")
        return hold.copy

    return await _drawn(database, settings, await database.read("picture", work), how)


async def _drawn(database: Database, settings: PlatformSettings, copy: str, how: Seen) -> bytes:
    shown = Shown(settings.desk_picture_pixels, blurred=how is Seen.BLURRED)

    def draw() -> bytes | UnscannableReason:
        return show(b"".join(copies_of(settings, database).read(copy)), shown)

    drawn = await asyncio.to_thread(draw)
    if isinstance(drawn, UnscannableReason):
        raise NotFoundError("This file cannot be shown: it is damaged, or of a kind that is not read here.")
    return drawn
