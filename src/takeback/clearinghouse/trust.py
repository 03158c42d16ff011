"""What participants say about entries, and what it changes. The rule itself is `model.tier.RULES`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.publishing import BATCH, Publisher
from takeback.clearinghouse.test_entries import is_test
from takeback.clock import Clock, today
from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import EntryId, EntryState
from takeback.model.feedback import Feedback
from takeback.model.participant import Participant, ParticipantState
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier, standing
from takeback.model.view import View
from takeback.storage import decoys, entries, entry_prints, feedback
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: Only what was published can be judged.
JUDGED = frozenset({EntryState.LISTED, EntryState.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Taken:
    """How many verdicts were taken in, and how many were about entries that are not on this participant's list."""

    taken: int
    unknown: int


async def take_feedback(
    database: Database, clock: Clock, participant: Participant, verdicts: tuple[Feedback, ...]
) -> Taken:
    """Keeps verdicts, each in place of this participant's earlier one, and moves the entries that they move."""
    view = View(participant.view_key)
    named = [(view.entry_of(v.entry, field=f"feedback[{at}].entry"), v) for at, v in enumerate(verdicts)]

    if participant.state is not ParticipantState.ACTIVE:  # in the sandbox: nothing of it touches the list
        known = sum(is_test(id_) for id_, _ in named)
        return Taken(known, len(named) - known)

    async def work(connection: AsyncConnection) -> Taken:
        publisher = await Publisher.begin(connection)
        taken = 0
        for id_, verdict in named:
            entry = await entries.by_id(connection, id_)
            if entry is None:
                continue
            await decoys.found(connection, id_, participant.id, today(clock))
            if entry.state not in JUDGED:
                continue
            await feedback.give(connection, id_, participant.id, verdict.verdict, verdict.action, today(clock))
            await move(publisher, entry, clock)
            taken += 1
        if taken:
            await publisher.end()
        return Taken(taken, len(named) - taken)

    return await database.run("take-feedback", work)


async def recount_votes_of(database: Database, clock: Clock, participant: str) -> None:
    """Moves every entry that a participant has judged to where the votes that count put it.

    For one that has just been suspended, or has left: its verdicts count only while it is active.
    """
    judged = await database.read("judged-by", lambda connection: feedback.judged_by(connection, participant))
    for begin in range(0, len(judged), BATCH):
        part = judged[begin : begin + BATCH]
        await database.run("recount-votes", partial(recount, clock=clock, ids=part))


async def recount(connection: AsyncConnection, clock: Clock, ids: Sequence[EntryId]) -> None:
    """Moves published entries to where the votes that count now put them."""
    publisher = await Publisher.begin(connection)
    for id_ in ids:
        entry = await entries.by_id(connection, id_)
        if entry is not None and entry.state in JUDGED:
            await move(publisher, entry, clock)
    await publisher.end()


async def move(publisher: Publisher, entry: StoredEntry, clock: Clock) -> None:
    """Puts a published entry where its votes put it. What something else has suspended, votes leave as it is."""
    votes = await feedback.votes_on(publisher.connection, entry.id)
    now = standing(confirmed=votes.confirmed, wrong=votes.wrong, verified=entry.tier is Tier.VERIFIED)
    is_suspended = entry.state is EntryState.SUSPENDED
    if is_suspended and entry.suspended_by not in (None, SuspendedBy.VOTES):
        return
    if now.suspended and not is_suspended:
        await publisher.suspend(entry, tier=now.tier, by=SuspendedBy.VOTES)
    elif not now.suspended and (is_suspended or now.tier is not entry.tier):
        await publisher.list_(entry, await prints_of(publisher, entry.id), tier=now.tier, on=today(clock))


async def prints_of(publisher: Publisher, id_: EntryId) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of an entry, as the publisher's transaction sees them."""
    return (await entry_prints.fingerprints_of(publisher.connection, [id_]))[id_]
