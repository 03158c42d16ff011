"""Taking a submission in: all of it or nothing, and once however often it is sent.

The receipt digests are chosen by the person's page and sent again with a retry, so they alone make intake idempotent.
No row ties the entries of one submission together.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clearinghouse.gathering import Gathering
from takeback.clearinghouse.negative import refusal
from takeback.clock import Clock
from takeback.errors import ConflictError, InvalidInputError, TakebackError, TooCommonError
from takeback.fingerprints.types import Fingerprint
from takeback.matching.negative import NegativeList
from takeback.model.channel import BY_HAND, Channel
from takeback.model.entry import (
    ENTRY_ID_BYTES,
    Age,
    EntryId,
    EntryState,
    Kind,
    ReceiptDigest,
    Submission,
    SubmittedEntry,
)
from takeback.model.operator import Operator, Role
from takeback.staff.negative import NegativeGate
from takeback.staff.operators import must_be
from takeback.storage import audit, entries, entry_prints, negative
from takeback.storage.database import Database

#: Submissions that are taken in at a time, at most, and the transactions that share them; on SQLite one has them all.
TOGETHER, AT_ONCE = 100, 2

#: Why a submission is not kept, when the others of its moment are.
Refusal = ConflictError | TooCommonError
Intake = Gathering[Submission, int]
"""Where submissions of the same moment are taken in together."""


def intake(database: Database, gate: NegativeGate, arrived: Callable[[], None] = lambda: None) -> Intake:
    """Gives the one queue of a process; it says when something has come in."""
    at_once = 1 if database.is_sqlite else AT_ONCE
    return Gathering(
        partial(take_in_all, database, gate=gate), most=TOGETHER // at_once, at_once=at_once, afterwards=arrived
    )


async def take_in(
    database: Database,
    submission: Submission,
    gate: NegativeGate | None = None,
    channel: Channel = Channel.BROWSER,
) -> int:
    """Keeps every entry of a submission and gives how many it holds; they wait for the next publication.

    Raises ConflictError when a receipt is known with other fingerprints, or its entry was withdrawn, and TooCommonError
    for what stands on the negative list.
    """
    (outcome,) = await take_in_all(database, [submission], gate=gate, channel=channel)
    if isinstance(outcome, TakebackError):
        raise outcome
    return outcome


async def take_in_all(
    database: Database,
    submissions: Sequence[Submission],
    *,
    gate: NegativeGate | None = None,
    channel: Channel = Channel.BROWSER,
) -> list[int | Refusal]:
    """Takes in what came at the same time, in one transaction; each is kept whole, or refused by itself."""
    outcomes, added = await database.add("take-in", lambda c: _keep(c, submissions, gate, channel))
    metrics.ENTRIES.labels("submitted").inc(added)
    refused = sum(isinstance(outcome, TooCommonError) for outcome in outcomes)
    metrics.ENTRIES.labels("refused-too-common").inc(refused)
    return outcomes


async def take_in_by_hand(
    database: Database, clock: Clock, operator: Operator, submission: Submission, gate: NegativeGate, channel: Channel
) -> int:
    """Keeps a submission that an operator was handed, by the rules of `take_in`, and gives how many entries are new.

    The audit says who did it, by which channel and how many entries are new, and not which.
    """
    must_be(operator, Role.OPERATOR)
    if channel not in BY_HAND:
        raise InvalidInputError(field="channel", problem="is none of these.", remedy=f"Give {' or '.join(BY_HAND)}.")

    async def work(connection: AsyncConnection) -> int:
        (outcome,), added = await _keep(connection, [submission], gate, channel)
        if isinstance(outcome, TakebackError):
            raise outcome
        await audit.record(connection, f"{operator.id}:channel/{channel}:{added}:take-in", clock.now())
        return added

    return await database.run("take-in-by-hand", work)


async def _keep(
    connection: AsyncConnection, submissions: Sequence[Submission], gate: NegativeGate | None, channel: Channel
) -> tuple[list[int | Refusal], int]:
    """Gives what became of each submission, and how many entries are new."""
    # 1. What of it is known already, and what may not be listed?
    receipts = {entry.receipt for submission in submissions for entry in submission.entries}
    known = await _known(connection, receipts)
    too_common = None if gate is None else await _held(connection, gate)
    outcomes: list[int | Refusal] = []
    named: list[tuple[EntryId, SubmittedEntry, Age]] = []
    for submission in submissions:
        # 2. A known receipt must be the same entry, sent again; what is new is nothing that everybody has.
        new = [(at, entry) for at, entry in enumerate(submission.entries) if entry.receipt not in known]
        refused = _contradiction(submission, known) or (too_common and refusal(too_common, new))
        outcomes.append(refused or len(submission.entries))
        if refused is None:
            # 3. Random ids, so that order and neighbourhood tell nothing.
            named += [(secrets.token_bytes(ENTRY_ID_BYTES), entry, submission.age) for _, entry in new]
            known |= {
                entry.receipt: _Known(EntryState.WAITING, entry.kind, frozenset(entry.fingerprints)) for _, entry in new
            }
    # 4. Those who add the same at a time wait for each other in one order, never in a circle.
    named.sort(key=lambda one: one[1].receipt)
    await entries.add_waiting(connection, named, channel)
    return outcomes, len(named)


async def _held(connection: AsyncConnection, gate: NegativeGate) -> NegativeList:
    """Gives the negative list, to which nothing is added meanwhile: the comparison of new values sees what is kept."""
    await negative.hold(connection)
    return await gate.read(connection)


@dataclass(frozen=True, slots=True)
class _Known:
    state: EntryState
    kind: Kind
    fingerprints: frozenset[Fingerprint]


async def _known(connection: AsyncConnection, receipts: Collection[ReceiptDigest]) -> dict[ReceiptDigest, _Known]:
    stored = await entries.by_receipts(connection, receipts, lock=True)
    prints = await entry_prints.fingerprints_of(connection, [entry.id for entry in stored.values()])
    return {
        receipt: _Known(entry.state, entry.kind, frozenset(prints.get(entry.id, ())))
        for receipt, entry in stored.items()
    }


def _contradiction(submission: Submission, known: Mapping[ReceiptDigest, _Known]) -> ConflictError | None:
    for at, entry in enumerate(submission.entries):
        stored = known.get(entry.receipt)
        if stored is None:
            continue
        if stored.state is EntryState.WITHDRAWN:
            return ConflictError(f"entries[{at}].receipt: its entry was withdrawn. Use a new receipt to list it again.")
        if entry.kind is not stored.kind or frozenset(entry.fingerprints) != stored.fingerprints:
            return ConflictError(f"entries[{at}].receipt: is known with other fingerprints. Use a new receipt.")
    return None
