"""The list for participants who know an entry by its values alone, as StopNCII's clients do (spec/stopncii.md).

Such a client can only be told of a withdrawal by the value itself, and its common form does not listen: what it is told
then it goes on matching. So a withdrawn value goes to nobody who may not have it already, and is kept for telling no
longer than it takes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse import test_entries
from takeback.clearinghouse.by_time import Range, range_since
from takeback.clearinghouse.lookup import LookupIndex
from takeback.clearinghouse.publishing import BATCH
from takeback.clearinghouse.shown import shown_to
from takeback.clearinghouse.trust import take_feedback
from takeback.clock import Clock, today
from takeback.errors import InvalidInputError
from takeback.fingerprints.types import Fingerprint
from takeback.model.entry import KNOWN_BY, EntryId, EntryState
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.participant import Participant, ParticipantState
from takeback.model.view import View
from takeback.storage import entry_prints, header_keys, marks, withdrawals
from takeback.storage.database import Database
from takeback.storage.entries import StoredEntry

#: What a client that has nothing yet begins with, in seconds since 1970.
FIRST_START = 10
#: How long a withdrawn value is kept for telling. A client that has not asked for 30 days begins anew by itself.
TELL_FOR = timedelta(days=31)

_ACTIONS = {Verdict.CONFIRMED: ActionTaken.REMOVED, Verdict.WRONG: ActionTaken.KEPT}
_Prints = dict[EntryId, tuple[Fingerprint, ...]]
_Times = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Record:
    """What has become of one value: of entry `case` (this participant's name for it), in seconds since 1970."""

    case: str
    value: Fingerprint
    state: EntryState
    at: int


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """Records in order of time, when to come back, and what is left of the range, if anything is."""

    records: tuple[Record, ...]
    come_back_at: int
    rest: Range | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a participant says about a value. `verdict` is None where it has not decided."""

    value: Fingerprint
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Heard:
    """How many values had verdicts that were taken, were not decided, and are not on the list."""

    taken: int
    undecided: int
    unknown: int


async def records_since(database: Database, clock: Clock, participant: Participant, start: int) -> Range:
    """Gives what has changed since `start`, and keeps how far this participant has come."""
    asked = await range_since(database, clock, participant, start)
    asked = replace(asked, had=0) if start <= FIRST_START else asked
    if participant.state is ParticipantState.ACTIVE:
        await database.run("told", lambda connection: header_keys.acknowledge(connection, participant.id, asked.after))
    return asked


async def records_of(
    database: Database, index: LookupIndex, participant: Participant, asked: Range, *, start: int, limit: int
) -> RecordsPage:
    """Gives at most `limit` changes of a range as records; one change may be several, or none."""
    shown = shown_to(participant)

    async def work(connection: AsyncConnection) -> tuple[list[StoredEntry], _Prints, _Times, int]:
        rows = await shown.changed(connection, asked.after, limit, until=asked.until)
        # Whoever may have had it is told that it is off the list; nobody else.
        told = [row.id for row in rows if row.state is EntryState.LISTED or 0 < asked.had >= (row.first_listed or 0)]
        prints = await shown.fingerprints_of(connection, told, list(KNOWN_BY.values()))
        for id_, left in (await entry_prints.left_of(connection, told)).items():
            prints[id_] = tuple(one for one in left if one.type in participant.types)
        last = (rows[-1].sequence or 0) if rows else asked.until
        times = await marks.times_of(connection, participant.id, asked.after + 1, last)
        return rows, prints, times, await marks.time_at(connection, participant.id, last)

    rows, prints, times, reached = await database.read("page-by-value", work)
    metrics.PAGES.inc()
    named = [(row, value) for row in rows for value in prints.get(row.id, ()) if _known_by(row, value)]
    # A value that another entry is listed with stays.
    gone = [value for row, value in named if row.state is not EntryState.LISTED]
    others = zip(gone, await _same(index, participant, gone), strict=True)
    kept = {value for value, same in others if any(row.state is EntryState.LISTED for row in same)}
    view, marked = View(participant.view_key), [*times, (asked.until, asked.to)]
    records = tuple(
        # The second before the time at which this participant was first given so much.
        Record(view.name_of(row.id), value, row.state, marked[bisect_left(times, (row.sequence or 0, 0))][1] - 1)
        for row, value in named
        if row.state is EntryState.LISTED or value not in kept
    )
    # A client that asks from the very first time holds nothing. After one page it holds something.
    least = max(start, FIRST_START + 1)
    if len(rows) < limit:
        return RecordsPage(records, max(asked.to, least), None)
    rest = replace(asked, after=rows[-1].sequence or 0)
    return RecordsPage(records, max(reached, least), rest)


async def hear(
    database: Database, clock: Clock, index: LookupIndex, participant: Participant, said: Iterable[Said]
) -> Heard:
    """Takes verdicts on values as verdicts on every entry that is known by one."""
    given, view = list(said), View(participant.view_key)
    known = await _shown_same(index, participant, [one.value for one in given])
    decided = [(one.verdict, rows) for one, rows in zip(given, known, strict=True) if rows and one.verdict is not None]
    verdicts = tuple(
        Feedback(view.name_of(row.id), verdict, _ACTIONS[verdict]) for verdict, rows in decided for row in rows
    )
    if verdicts:
        await take_feedback(database, clock, participant, verdicts)
    unknown = sum(not rows for rows in known)
    return Heard(len(decided), len(given) - len(decided) - unknown, unknown)


async def must_be_on_the_list(index: LookupIndex, participant: Participant, values: Iterable[Fingerprint]) -> None:
    """Raises InvalidInputError for a value that is not: platforms add nothing."""
    for at, rows in enumerate(await _shown_same(index, participant, list(values))):
        if not rows:
            raise InvalidInputError(
                field=f"hashRecords[{at}].hashValue",
                problem="is not on this list, and participants add nothing to it.",
                remedy="Send only what you were given; people in pictures and help lines add what is theirs.",
            )


async def forget_told(database: Database, clock: Clock) -> int:
    """Erases withdrawn values of which everybody has been told, or whose time is over. Gives of how many entries."""
    total, day = 0, today(clock)
    while True:

        async def work(connection: AsyncConnection) -> int:
            told = await header_keys.told_up_to(connection)
            return await withdrawals.forget(connection, day=day, latest=day + TELL_FOR, told=told, limit=BATCH)

        count = await database.run("forget-told", work)
        total += count
        if count < BATCH:
            return total


async def _shown_same(
    index: LookupIndex, participant: Participant, values: list[Fingerprint]
) -> list[list[StoredEntry]]:
    """Gives the entries that are known by each value, of the types that this participant is shown."""
    found = zip(values, await _same(index, participant, values), strict=True)
    return [rows if value.type in participant.types else [] for value, rows in found]


async def _same(index: LookupIndex, participant: Participant, values: list[Fingerprint]) -> list[list[StoredEntry]]:
    """Gives the entries that are known by each value: of the list, or test entries for one who is in the sandbox."""
    if participant.state is ParticipantState.SANDBOX:
        return [test_entries.having(value) for value in values]
    return await index.same(values)


def _known_by(row: StoredEntry, value: Fingerprint) -> bool:
    return value.edit is None and value.type is KNOWN_BY[row.kind]
