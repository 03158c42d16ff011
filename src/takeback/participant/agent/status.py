"""How the lists of an agent stand, from their copies and from what the last syncs left behind."""

from __future__ import annotations

from takeback.participant.lists.followed_lists import FollowedLists
from takeback.storage.database import Database
from takeback.storage.platform import followed_lists
from takeback.wire.screening import ListBody


async def lists_now(database: Database, lists: FollowedLists) -> list[ListBody]:
    """Gives every list of the settings, in their order."""
    states = await database.read("followed-lists", followed_lists.everything)
    rows = []
    for one in lists:
        now, state = one.standing(), states.get(one.name)
        rows.append(
            ListBody(
                now.name,
                now.kind,
                now.entries,
                now.fresh,
                now.complete_as_of,
                None if state is None else state.tried_at,
                0 if state is None else state.skipped,
                None if state is None else state.error,
                None if state is None else state.detail,
            )
        )
    return rows
