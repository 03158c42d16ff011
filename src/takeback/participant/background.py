"""What an agent does by itself beside syncing: verdicts go out, uploads are kept, new entries looked for.

A failure of one round is logged and tried again; nothing that waits is lost.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from takeback import log
from takeback.clock import Clock
from takeback.errors import StaleListError, TakebackError
from takeback.participant.desk.feedback import hand_over
from takeback.participant.followed_lists import FollowedLists
from takeback.participant.old_media import Holding, look_for_new
from takeback.participant.own_media import Gathered, index_of
from takeback.participant.replica import Followed
from takeback.storage.database import Database

#: Seconds between two rounds.
EVERY_S = 1.0


async def work_for_ever(
    database: Database,
    lists: FollowedLists,
    clock: Clock,
    holding: Holding,
    gathered: Gathered,
    *,
    index_every_s: float,
) -> None:
    """Does a round a second; the own index's file is written anew once in `index_every_s` seconds at most."""
    looked: dict[str, Followed] = {}
    while True:
        try:
            await hand_over(database, {one.name: one.hashlist for one in lists})
            await gathered.keep(database)
            await index_of(database).settle(database, every_s=index_every_s)
            for one in lists:
                now = await asyncio.to_thread(one.hashlist.replica.followed)
                if now != looked.get(one.name):
                    with suppress(StaleListError):  # how a list stands is said elsewhere
                        await look_for_new(database, one.hashlist, clock, name=one.name, holding=holding)
                        looked[one.name] = now
        except TakebackError as error:
            log.logger().warning("background", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not end the rounds
            log.logger().error("background", where=log.failure(error))
        await asyncio.sleep(EVERY_S)
