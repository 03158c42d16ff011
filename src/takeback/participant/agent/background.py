"""What an agent does by itself beside syncing: verdicts go out, uploads are kept, new entries looked for.

A failure of one round is logged and tried again; nothing that waits is lost.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from takeback import log
from takeback.clock import Clock
from takeback.errors import StaleListError, TakebackError
from takeback.participant.desk.feedback import hand_over
from takeback.participant.holds.brakes import forget_old_hits
from takeback.participant.holds.held_copies import erase_copies
from takeback.participant.lists.followed_lists import FollowedLists
from takeback.participant.lists.replica import Followed
from takeback.participant.old_media import Holding, look_for_new
from takeback.participant.own_media import Gathered, index_of
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database

#: Seconds between two rounds.
EVERY_S = 1.0
TIDY_EVERY = timedelta(hours=1)


async def work_for_ever(
    database: Database, lists: FollowedLists, clock: Clock, settings: PlatformSettings, gathered: Gathered
) -> None:
    """Does a round a second, and tidies up once an hour."""
    holding = Holding.of(settings)
    looked: dict[str, Followed] = {}
    tidied = datetime.min.replace(tzinfo=UTC)
    while True:
        try:
            await hand_over(database, {one.name: one.hashlist for one in lists})
            await gathered.keep(database)
            await index_of(database).settle(database, every_s=settings.own_index_every_s)
            for one in lists:
                now = await asyncio.to_thread(one.hashlist.replica.followed)
                if now != looked.get(one.name):
                    with suppress(StaleListError):  # how a list stands is said elsewhere
                        await look_for_new(database, one.hashlist, clock, name=one.name, holding=holding)
                        looked[one.name] = now
            if clock.now() - tidied >= TIDY_EVERY:
                await erase_copies(database, clock, settings)
                await forget_old_hits(database, clock)
                tidied = clock.now()
        except TakebackError as error:
            log.logger().warning("background", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not end the rounds
            log.logger().error("background", where=log.failure(error))
        await asyncio.sleep(EVERY_S)
