"""Tells the platform's services that wait as soon as there are new instructions."""

from __future__ import annotations

from takeback.storage.database import Database
from takeback.storage.news import News
from takeback.storage.platform import instructions

#: How often it is looked, while somebody waits, whether there is a new one, in seconds.
LOOK_EVERY_S = 0.25


def instruction_news(database: Database) -> News:
    """Gives the news of one process; whoever gives an instruction may be another one."""

    async def latest() -> int:
        return await database.read("latest-instruction", instructions.latest)

    return News(latest, LOOK_EVERY_S)
