"""Decoys: drawings that are listed, uploaded to one participant, and withdrawn, to learn who really takes things back.

An acknowledged cursor says what a client has read. A decoy says what the service does.
"""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.publishing import Publisher
from takeback.clearinghouse.withdrawal import take_off
from takeback.clock import Clock, today
from takeback.errors import ConflictError, NotFoundError
from takeback.fingerprints.types import Fingerprint
from takeback.model.channel import Channel
from takeback.model.decoy import Decoy
from takeback.model.entry import ENTRY_ID_BYTES, Age, Kind, SubmittedEntry
from takeback.model.operator import Operator, Role
from takeback.model.participant import ParticipantState
from takeback.model.receipt import receipt_digest
from takeback.staff.operators import must_be
from takeback.storage import audit, decoys, entries, participants
from takeback.storage.database import Database

_SECRET_BYTES = 32


async def add_decoy(
    database: Database, clock: Clock, operator: Operator, participant: str, prints: tuple[Fingerprint, ...]
) -> Decoy:
    """Lists a drawing with the next publication, as if a person had sent it. Its receipt is nobody's.

    `prints` are those of the drawing, which nobody else may have.
    """
    must_be(operator, Role.OPERATOR)
    drawing = SubmittedEntry(receipt_digest(secrets.token_bytes(_SECRET_BYTES)), Kind.IMAGE, prints)
    new = Decoy(f"d-{secrets.token_hex(12)}", secrets.token_bytes(ENTRY_ID_BYTES), participant, today(clock))

    async def work(connection: AsyncConnection) -> Decoy:
        found = await participants.find(connection, participant)
        if found is None or found.state is not ParticipantState.ACTIVE:
            raise NotFoundError("There is no live participant of that id. See `takeback participant list`.")
        await entries.add_waiting(connection, [(new.entry, drawing, Age.UNSURE)], Channel.BROWSER)
        await decoys.add(connection, new)
        await audit.record(connection, f"{operator.id}:{new.id}:add-decoy", clock.now())
        return new

    return await database.run("add-decoy", work)


async def withdraw_decoy(database: Database, clock: Clock, operator: Operator, id_: str) -> Decoy:
    """Takes a decoy off the list. From the day after tomorrow on, nobody should find it any more."""
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> Decoy:
        publisher = await Publisher.begin(connection)
        found = await _known(connection, id_)
        if found.withdrawn_on is not None:
            raise ConflictError("This decoy is withdrawn already.")
        entry = await entries.by_id(connection, found.entry)
        await take_off(publisher, [] if entry is None else [entry])
        await decoys.withdrawn(connection, id_, today(clock))
        await audit.record(connection, f"{operator.id}:{id_}:withdraw-decoy", clock.now())
        return await _known(connection, id_)

    return await database.run("withdraw-decoy", work)


async def found_by_hand(database: Database, clock: Clock, operator: Operator, id_: str) -> Decoy:
    """Keeps that the operator saw a participant find it today: for those whose software does not say."""
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> Decoy:
        found = await _known(connection, id_)
        await decoys.found(connection, found.entry, found.participant, today(clock))
        await audit.record(connection, f"{operator.id}:{id_}:saw-decoy-found", clock.now())
        return await _known(connection, id_)

    return await database.run("saw-decoy-found", work)


async def all_decoys(database: Database) -> list[Decoy]:
    """Gives every decoy, newest first."""
    return await database.read("list-decoys", decoys.all_)


async def named_by_decoys(connection: AsyncConnection, day: date) -> set[str]:
    """Gives the ids of participants that found a withdrawn decoy lately."""
    return {one.participant for one in await decoys.all_(connection) if one.is_named(day)}


async def _known(connection: AsyncConnection, id_: str) -> Decoy:
    found = await decoys.find(connection, id_)
    if found is None:
        raise NotFoundError("There is no decoy of that id. See `takeback decoy list`.")
    return found
