"""Feedback goes back by itself: from the decision to the outbox of its list, from there with the next sync."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

from takeback.participant.hash_list import HashList
from takeback.storage.database import Database
from takeback.storage.platform import feedback_due

#: Verdicts that are handed over at a time.
BATCH = 500


async def hand_over(database: Database, lists: Mapping[str, HashList]) -> int:
    """Puts what was decided into the outboxes of the lists that are here, and gives how many verdicts those were.

    Interrupted at any point it loses nothing: a verdict is forgotten only when the outbox has it, and one that is put
    there twice counts once. What is about a list that is not here waits.
    """
    handed = 0
    for name, one, at in await database.read("feedback-due", lambda c: feedback_due.all_(c, limit=BATCH)):
        if name not in lists:
            continue
        await asyncio.to_thread(lists[name].give_feedback, one.entry, one.verdict, one.action)
        handed_over = partial(feedback_due.done, list_=name, entry=one.entry, at=at)
        await database.run("feedback-handed-over", handed_over)
        handed += 1
    return handed
