"""Tells participants that wait as soon as the list has moved on."""

from __future__ import annotations

from takeback.storage import list_state
from takeback.storage.database import Database
from takeback.storage.news import News

#: How often it is looked whether another process has moved the list on, in seconds.
LOOK_EVERY_S = 1.0


def list_news(database: Database) -> News:
    """Gives the news of one process and one list."""

    async def head() -> int:
        return (await database.read("read-head", list_state.read)).head

    return News(head, LOOK_EVERY_S)
