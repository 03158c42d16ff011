"""The sealed evidence of a platform: what is kept, who read it and why, and what was erased when.

Only the child-safety role comes in. Every step leaves an event in the audit, whose subject is the item (or the hold):
the access log of an item is what the audit says about it. A row is written before a file and a file is erased before
its row says so: whenever a process is killed, the next purge ends what it had begun.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import log
from takeback.clock import Clock
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    SealedFileError,
    SettingsError,
    TakebackError,
)
from takeback.model.audit import AuditEvent
from takeback.model.evidence import DeletionReceipt, Evidence, EvidenceKind, EvidenceState, LegalHold, Purpose
from takeback.model.hold import Hold
from takeback.model.operator import Operator, Role
from takeback.model.proposal import Proposal
from takeback.participant.holds.held_copies import copies_of
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import AT_THE_MACHINE, must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import holds
from takeback.storage.sealed_files import Chunks, SealedFiles, Source

#: Evidence lies in this folder of `data_dir`.
FOLDER = "evidence"
#: A process that has been writing one file for longer than that was killed.
WRITING_LASTS = timedelta(days=1)
MAX_ORDER_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Checked:
    """How many items open whole, and the ids of those that do not."""

    whole: int
    broken: tuple[str, ...]


class EvidenceStore:
    """The evidence of one platform. Files are read and written in threads."""

    def __init__(self, settings: PlatformSettings, database: Database, clock: Clock) -> None:
        self._settings, self.database, self._clock = settings, database, clock
        self.folder = settings.data_path / FOLDER
        self.files = SealedFiles(self.folder, database.keyring)
        self._copies = copies_of(settings, database)

    def due_from(self, moment: datetime) -> datetime:
        """Gives until when evidence is kept that a report of that moment asks for."""
        return moment + timedelta(days=self._settings.evidence_days)

    async def keep(
        self,
        hold_id: str,
        kind: EvidenceKind,
        source: Source,
        *,
        by: str,
        report: str | None = None,
        is_copy: bool = False,
    ) -> Evidence:
        """Seals what the source holds and gives the item. `by` is an operator's id, or whatever acted.

        Facts that nothing is reported about are kept for `evidence_unreported_days`, all else for `evidence_days`.
        Raises NotFoundError where there is no such hold.
        """
        now = self._clock.now()
        unreported = kind is EvidenceKind.FACTS and report is None
        days = self._settings.evidence_unreported_days if unreported else self._settings.evidence_days
        id_ = f"e-{secrets.token_hex(12)}"
        new = Evidence(id_, hold_id, kind, EvidenceState.WRITING, now, now + timedelta(days=days), report, is_copy)

        async def begin(connection: AsyncConnection) -> None:
            await known_hold(connection, hold_id)
            await kept.begin(connection, new)

        async def end(connection: AsyncConnection) -> Evidence:
            await kept.written(connection, id_, file)
            await audit.record(connection, f"{by}:{id_}:keep-{kind.value}", self._clock.now())
            return await found(connection, id_)

        await self.database.run("begin-evidence", begin)
        file = await asyncio.to_thread(self.files.put, id_, source)
        return await self.database.run("keep-evidence", end)

    async def copy(self, operator: Operator, hold_id: str) -> Evidence:
        """Keeps the sealed copy that the desk has of a hold's file; gives the item that is kept already, where one is.

        Raises NotFoundError where the desk has none: then the platform hands the file in (`takeback evidence keep`).
        """
        must_be(operator, Role.CHILD_SAFETY)

        async def work(connection: AsyncConnection) -> tuple[Evidence | None, str | None]:
            return await kept.file_of(connection, hold_id), (await known_hold(connection, hold_id)).copy

        ours, copy = await self.database.run("find-copy", work)
        if ours is not None:
            return ours
        if copy is None:
            raise NotFoundError("No copy of this hold's file is here. Hand the file in: `takeback evidence keep`.")
        return await self.keep(
            hold_id, EvidenceKind.FILE, Chunks(self._copies.read(copy)), by=operator.id, is_copy=True
        )

    async def hand_in(self, operator: Operator, hold_id: str, source: Source) -> Evidence:
        """Keeps the file of a hold of which the desk has no copy; gives the item. Nobody at the desk has seen it.

        Raises ConflictError where there is a copy: a report says what people have seen, and that was the copy.
        """
        must_be(operator, Role.CHILD_SAFETY)
        hold = await self.database.run("find-hold", partial(known_hold, hold_id=hold_id))
        kept_file = await self.database.run("find-file", partial(kept.file_of, hold_id=hold_id))
        if hold.copy is not None or (kept_file is not None and kept_file.is_copy):
            raise ConflictError("The desk has a copy of this file. Keep that one: leave the file away.")
        return await self.keep(hold_id, EvidenceKind.FILE, source, by=operator.id)

    async def read(self, operator: Operator, id_: str, why: Purpose) -> Iterator[bytes]:
        """Gives what an item holds, in chunks, once the audit says who reads it and why. Never logged, never cached."""
        must_be(operator, Role.CHILD_SAFETY)

        async def work(connection: AsyncConnection) -> Evidence:
            item = await found(connection, id_)
            if item.state is not EvidenceState.KEPT:
                raise NotFoundError(f"This item is {item.state.value}; there is nothing to read.")
            await audit.record(connection, f"{operator.id}:{id_}:read-for-{why.value}", self._clock.now())
            return item

        await self.database.run("read-evidence", work)
        return self.files.read(id_)

    async def show(self, operator: Operator, id_: str) -> tuple[Evidence, LegalHold | None, list[AuditEvent]]:
        """Gives what is known about an item but not what it holds; its order; and its access log, latest first."""
        must_be(operator, Role.CHILD_SAFETY)

        async def work(connection: AsyncConnection) -> tuple[Evidence, LegalHold | None, list[AuditEvent]]:
            item = await found(connection, id_)
            order = await kept.order_of(connection, item.hold)
            return item, order, await audit.search(connection, audit.Search(subject=id_))

        return await self.database.run("show-evidence", work)

    async def list_(self, operator: Operator) -> tuple[list[Evidence], dict[str, LegalHold]]:
        """Gives what is kept, what is due first coming first, and the orders that stand by hold."""
        must_be(operator, Role.CHILD_SAFETY)

        async def work(connection: AsyncConnection) -> tuple[list[Evidence], dict[str, LegalHold]]:
            states = [state for state in EvidenceState if state is not EvidenceState.ERASED]
            rows = await kept.all_(connection, states, limit=self._settings.evidence_list_rows)
            return rows, await kept.orders(connection)

        return await self.database.run("list-evidence", work)

    async def hold_by_law(self, operator: Operator, hold_id: str, order: str) -> LegalHold:
        """Forbids to erase anything of a hold, now and later. `order` is the number of what asks for it.

        The copy that the desk has would end by itself: it is kept as evidence first.
        """
        must_be(operator, Role.CHILD_SAFETY)
        new = LegalHold(hold_id, _order_number(order), operator.id, self._clock.now())

        if (await self.database.run("find-hold", partial(known_hold, hold_id=hold_id))).copy is not None:
            await self.copy(operator, hold_id)

        async def work(connection: AsyncConnection) -> None:
            if await kept.order_of(connection, hold_id) is not None:
                raise ConflictError("An order stands for this hold already. One is enough; note the other outside.")
            await kept.place(connection, new)
            await audit.record(connection, f"{operator.id}:{hold_id}:hold-by-law", self._clock.now())

        await self.database.run("hold-by-law", work)
        return new

    async def purge(self, *, by: str = AT_THE_MACHINE) -> list[str]:
        """Erases what is due and not held by law, and gives the ids. Killed at any moment, the next one goes on."""
        now = self._clock.now()
        before = now - WRITING_LASTS
        due = await self.database.run("claim-due", lambda c: kept.claim_due(c, now, before))
        for item in due:
            await asyncio.to_thread(self.files.erase, item.id)
            await self.database.run("mark-erased", partial(self._mark_erased, item=item, by=by))
        await asyncio.to_thread(self.files.clear_halves, before)
        return [item.id for item in due]

    async def purge_for_ever(self) -> None:
        """Purges every `evidence_purge_s`. Several processes may do so."""
        while True:
            try:
                await self.purge()
            except TakebackError as error:  # the next one goes on
                log.logger().warning("purge", code=error.code)
            except Exception as error:  # noqa: BLE001 - the process edge: a bug must not end the rounds
                log.logger().error("purge", where=log.failure(error))
            await asyncio.sleep(self._settings.evidence_purge_s)

    async def check(self, *, by: str = AT_THE_MACHINE) -> Checked:
        """Opens every kept item and compares it with its row; nothing of it is shown to anybody."""
        items = await self.database.read("list-kept", lambda c: kept.all_(c, [EvidenceState.KEPT]))
        broken = [item.id for item in items if not await asyncio.to_thread(self._opens, item)]
        now = self._clock.now()
        await self.database.run("checked", lambda c: audit.record(c, f"{by}:evidence:check", now))
        return Checked(len(items) - len(broken), tuple(broken))

    async def receipt(self, operator: Operator, id_: str) -> DeletionReceipt:
        """Proves that an item was erased. Raises ConflictError for one that is not."""
        must_be(operator, Role.CHILD_SAFETY)

        async def work(connection: AsyncConnection) -> DeletionReceipt:
            item, event = await found(connection, id_), await kept.erased_event(connection, id_)
            chained = None if event is None else await audit.chained(connection, event)
            if chained is None:
                raise ConflictError(f"This item is {item.state.value}, not erased.")
            link, before = chained
            digest = item.sealed_sha256
            return DeletionReceipt(
                id_, item.hold, item.report, digest, link.event, link.id, link.at, link.place, before, link.hash
            )

        return await self.database.run("deletion-receipt", work)

    async def _mark_erased(self, connection: AsyncConnection, *, item: Evidence, by: str) -> None:
        if (await found(connection, item.id)).state is not EvidenceState.ERASING:
            return  # another process was first
        now = self._clock.now()
        what = f"erase-{item.sealed_sha256.hex()}" if item.sealed_sha256 else "erase-unfinished"
        await kept.erased(
            connection, item.id, at=now, event=await audit.record(connection, f"{by}:{item.id}:{what}", now)
        )

    def _opens(self, item: Evidence) -> bool:
        try:
            size = sum(len(chunk) for chunk in self.files.read(item.id))
            return (size, self.files.sealed_sha256(item.id)) == (item.size, item.sealed_sha256)
        except (SealedFileError, SettingsError, NotFoundError):
            return False


async def release_proposed(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Lifts the order that forbids to erase what is kept for a hold."""
    if await kept.order_of(connection, proposal.subject) is None:
        raise ConflictError("No order stands for this hold any more.")
    await kept.lift(connection, proposal.subject)
    await audit.record(connection, f"{proposal.proposed_by}:{proposal.subject}:lift-order", clock.now())


async def found(connection: AsyncConnection, id_: str) -> Evidence:
    """Gives one item, or raises NotFoundError."""
    item = await kept.find(connection, id_)
    if item is None:
        raise NotFoundError("There is no evidence of that id. See `takeback evidence list`.")
    return item


async def known_hold(connection: AsyncConnection, hold_id: str) -> Hold:
    """Gives a hold, or raises NotFoundError."""
    hold = await holds.find(connection, hold_id)
    if hold is None:
        raise NotFoundError("There is no hold of that id.")
    return hold


def _order_number(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= MAX_ORDER_CHARACTERS or not text.isprintable():
        remedy = f"Give 1 to {MAX_ORDER_CHARACTERS} printable characters: its number, and no person's name."
        raise InvalidInputError(field="order", problem="is not the number of an order.", remedy=remedy)
    return text
