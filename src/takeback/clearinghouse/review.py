"""What operators do about a single entry: look, suspend, release, verify, and let go what is held.

One operator suspends at once: the brake must be quick, and what it breaks is put right again. To release or to verify
takes two: that is what somebody who wants a wrong entry listed would have to get done. Nobody here sees the picture;
what is known are votes, counts, and what people say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.looking import subject_of
from takeback.clearinghouse.publishing import Publisher
from takeback.clearinghouse.trust import JUDGED, prints_of
from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotFoundError
from takeback.model.entry import ENTRY_ID_BYTES, EntryId, EntryState
from takeback.model.operator import Operator, Role
from takeback.model.participant import ParticipantState
from takeback.model.proposal import Proposal
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier, standing
from takeback.model.view import View
from takeback.staff.operators import must_be
from takeback.storage import audit, entries, entry_prints, feedback, hits, participants
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: How many entries that wait for a person are shown at once.
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Details:
    """An entry and what is known of it."""

    entry: StoredEntry
    confirmed: int
    wrong: int
    hits_by_day: dict[date, int]
    fingerprints: int


async def entry_named(database: Database, text: str, *, on_list_of: str | None = None) -> EntryId:
    """Gives the id that 32 hex digits stand for: our own, or that which a participant has for the entry."""
    try:
        id_ = bytes.fromhex(text)
    except ValueError:
        id_ = b""
    if len(id_) != ENTRY_ID_BYTES:
        raise InvalidInputError(field="entry", problem="is not an id.", remedy="Give its 32 hexadecimal digits.")
    if on_list_of is None:
        return id_
    found = await database.read("find-participant", lambda connection: participants.find(connection, on_list_of))
    if found is None or found.state is ParticipantState.LEFT:
        raise NotFoundError("There is no participant of that id, or it has left. See `takeback participant list`.")
    return View(found.view_key).entry_of(text, field="entry")


async def set_aside(database: Database) -> list[StoredEntry]:
    """Gives the entries that wait for a person: suspended ones, and those of a burst."""
    return await database.read("set-aside", lambda connection: entries.set_aside(connection, MOST_SHOWN))


async def look_at(database: Database, id_: EntryId) -> Details:
    """Gives what is known of an entry, and how many fingerprints it has; which, `looking.py` tells."""

    async def work(connection: AsyncConnection) -> Details:
        entry = await _known(connection, id_)
        votes = await feedback.votes_on(connection, id_)
        prints = (await entry_prints.fingerprints_of(connection, [id_])).get(id_, ())
        by_day = await hits.of_entry(connection, id_)
        return Details(entry, votes.confirmed, votes.wrong, by_day, len(prints))

    return await database.run("look-at", work)


async def suspend_entry(database: Database, clock: Clock, operator: Operator, id_: EntryId) -> None:
    """Takes an entry off everybody's list, from the next page on, until two operators release it."""
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> None:
        publisher = await Publisher.begin(connection)
        entry = await _known(connection, id_)
        if entry.suspended_by is SuspendedBy.OPERATOR or entry.state is EntryState.WITHDRAWN:
            raise ConflictError("This entry is off the list already.")
        await publisher.suspend(entry, tier=entry.tier, by=SuspendedBy.OPERATOR)
        await publisher.end()
        await audit.record(connection, f"{operator.id}:{subject_of(id_)}:suspend-entry", clock.now())

    await database.run("suspend-entry", work)


async def release_held(database: Database, clock: Clock, operator: Operator) -> int:
    """Has what came in bursts go out with the next publication, and gives how many entries those are."""
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> int:
        count = await entries.let_go(connection, today(clock))
        await audit.record(connection, f"{operator.id}:burst:release-held", clock.now())
        return count

    return await database.run("release-held", work)


def id_of(subject: str) -> EntryId:
    """Gives the entry that a proposal names."""
    return bytes.fromhex(subject.removeprefix("entry/"))


async def release_entry(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Puts a suspended entry back. Verdicts against it begin anew, and the hits until today brake it no more."""
    publisher = await Publisher.begin(connection)
    entry = await _known(connection, id_of(proposal.subject))
    if entry.state is not EntryState.SUSPENDED:
        raise ConflictError("This entry is not suspended.")
    await feedback.forget_rejections(connection, entry.id)
    votes = await feedback.votes_on(connection, entry.id)
    now = standing(confirmed=votes.confirmed, wrong=0, verified=entry.tier is Tier.VERIFIED)
    await _put_back(publisher, entry, now.tier, clock)


async def verify_entry(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Sets the highest tier, by the hotline's own review; one that is suspended goes back onto the list."""
    publisher = await Publisher.begin(connection)
    entry = await _known(connection, id_of(proposal.subject))
    if entry.state not in JUDGED:
        raise ConflictError("Only what is listed or suspended can be verified.")
    await _put_back(publisher, entry, Tier.VERIFIED, clock)


async def _put_back(publisher: Publisher, entry: StoredEntry, tier: Tier, clock: Clock) -> None:
    await publisher.list_(entry, await prints_of(publisher, entry.id), tier=tier, on=today(clock))
    await entries.set_released(publisher.connection, entry.id, today(clock))
    await publisher.end()


async def _known(connection: AsyncConnection, id_: EntryId) -> StoredEntry:
    found = await entries.by_id(connection, id_)
    if found is None:
        raise NotFoundError("There is no entry of that id.")
    return found
