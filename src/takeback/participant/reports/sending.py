"""Sends a report, step by step, so that a process may be killed between any two and no second report is ever made.

What is about to be done is written down before it is done, and what came of it afterwards. Found again:

- `opening`: nobody knows whether one was opened. An unfinished report is nothing, the authority deletes it: open one.
- a file that is `uploading`: it may be in the report or not. Retract the report and begin anew.
- one that is `uploaded` or `described` is in it: it is not uploaded again.
- `finishing`: ask the authority to finish it again. One that is finished says so. One that it does not know is
  `unclear`: a person asks, with the authority's name of the last call, before anything else is done.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from io import BufferedWriter
from pathlib import Path
from typing import NoReturn

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, InvalidInputError, NotFoundError, TakebackError, UnavailableError
from takeback.exchanges.authority import Authority, Given
from takeback.model.evidence import Purpose
from takeback.model.filing import Door, FiledFile, FileState, Filing, ReportState
from takeback.model.hold import HoldState
from takeback.model.operator import Operator, Role
from takeback.model.report import Report, ReportedFile
from takeback.participant.reports.evidence import EvidenceStore
from takeback.participant.reports.evidence import found as evidence
from takeback.participant.reports.reports import found
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import holds, reports
from takeback.wire.facts import kept_report

#: Whoever sends or retracts holds a lock on this file of the evidence's folder; the system lets it go with the process.
LOCK = "reports.lock"
#: How often one call of `send` begins anew, when reports expire or uploads are in doubt.
BEGINNINGS = 3
_MAX_PROBLEM = 300

Doors = Mapping[Door, Callable[[], Authority]]
Rest = Callable[[], Awaitable[Filing]]


class BusyError(ConflictError):
    """A report is being sent or taken back, by this process or another one."""

    def __init__(self) -> None:
        super().__init__("A report is being sent just now. Wait for it.")


class Sending:
    """Sends reports to one authority, through its test or its production door."""

    def __init__(self, database: Database, clock: Clock, store: EvidenceStore, doors: Doors) -> None:
        self._database, self._clock, self._store, self._doors = database, clock, store, doors

    async def send(self, operator: Operator, id_: str, door: Door) -> Filing:
        """Sends a report, or goes on where it was left; gives it as it then is.

        Production takes one that a second person approved. What went through the test may still be sent. Raises
        ConflictError where it must not be sent, and whatever went wrong on the way; calling again goes on.
        """
        rest = await self.begin(operator, id_, door)
        return await rest()

    async def begin(self, operator: Operator, id_: str, door: Door) -> Rest:
        """Takes a report up, and gives what sends it: for whoever has somebody waiting meanwhile.

        Until that has ended, nothing else is sent from this platform: it has to be called. Raises ConflictError where
        the report must not be sent, BusyError where one is being sent.
        """
        must_be(operator, Role.CHILD_SAFETY)
        with ExitStack() as stack:
            stack.enter_context(_alone(self._store.folder))
            authority = stack.enter_context(closing(self._doors[door]()))
            filing = await self._database.run("take-up-report", partial(_take_up, id_=id_, door=door))
            held = stack.pop_all()

        async def rest() -> Filing:
            with held:
                run = _Run(self._database, self._clock, self._store, operator, authority, filing)
                return await run.to_the_end()

        return rest

    async def retract(self, operator: Operator, id_: str) -> Filing:
        """Takes a report back that is not finished. Raises ConflictError for one that is."""
        must_be(operator, Role.CHILD_SAFETY)
        with _alone(self._store.folder):
            filing = await self._database.run("find-report", partial(found, id_=id_))
            if filing.state.ended:
                raise ConflictError(f"This report is {filing.state.value}.")
            state = ReportState.RETRACTED
            if filing.theirs is not None and filing.door is not None:
                with closing(self._doors[filing.door]()) as authority:
                    state = await _taken_back(authority, filing)
            done = replace(filing, state=state)
            await self._note(operator, done, f"report-{state.value}")
        if state is not ReportState.RETRACTED:
            raise ConflictError(f"It could not be taken back: it is {state.value}.")
        return done

    async def settle(self, operator: Operator, id_: str, *, stands: bool) -> Filing:
        """Says what the authority answered about an unclear report: that it stands, or that there is none."""
        must_be(operator, Role.CHILD_SAFETY)
        filing = await self._database.run("find-report", partial(found, id_=id_))
        if filing.state is not ReportState.UNCLEAR:
            raise ConflictError(f"This report is {filing.state.value}, not unclear.")
        now = self._clock.now()
        done = replace(filing, state=ReportState.FINISHED, finished_at=now) if stands else _unsent(filing)
        await self._note(operator, done, "settle-report-stands" if stands else "settle-report-none")
        return done

    async def _note(self, operator: Operator, changed: Filing, action: str) -> None:
        async def work(connection: AsyncConnection) -> None:
            await reports.save(connection, changed)
            await audit.record(connection, f"{operator.id}:{changed.id}:{action}", self._clock.now())

        await self._database.run("note-report", work)


class _BeginAnewError(Exception):
    """The report that was open is gone; another one has to be opened."""


class _Run:
    """One report on its way. `filing` is always as the database has it."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        store: EvidenceStore,
        operator: Operator,
        authority: Authority,
        filing: Filing,
    ) -> None:
        self._database, self._clock, self._store, self._operator = database, clock, store, operator
        self._authority, self.filing = authority, filing

    async def to_the_end(self) -> Filing:
        try:
            chunks = await self._store.read(self._operator, self.filing.evidence, Purpose.REPORT)
            report = kept_report(await asyncio.to_thread(b"".join, chunks))
            for _ in range(BEGINNINGS):
                try:
                    await self._once(report)
                except _BeginAnewError:
                    continue
                return self.filing
            raise UnavailableError("The report had to be begun anew too often. Send it again later.")
        except TakebackError as error:
            await self._save(replace(self.filing, problem=str(error)[:_MAX_PROBLEM]))
            raise

    async def _once(self, report: Report) -> None:
        if self.filing.state is ReportState.OPENING:
            await self._open(report)
        if self.filing.state is ReportState.OPEN:
            await self._hand_in(report)
        if self.filing.state is ReportState.FINISHING:
            await self._finish()

    async def _open(self, report: Report) -> None:
        try:
            given = await asyncio.to_thread(self._authority.open, report)
        except InvalidInputError:
            await self._save(replace(self.filing, state=ReportState.REFUSED))
            raise
        now = self._clock.now()
        opened = replace(
            self.filing, state=ReportState.OPEN, theirs=given.id, opened_at=now, request=given.request, problem=None
        )

        async def work(connection: AsyncConnection) -> None:
            await reports.save(connection, opened)
            for file in await reports.files(connection, opened.id):
                await reports.save_file(connection, opened.id, replace(file, state=FileState.WAITING, theirs=None))

        await self._database.run("report-opened", work)
        self.filing = opened

    async def _hand_in(self, report: Report) -> None:
        try:
            for file in await self._database.run("report-files", partial(reports.files, id_=self.filing.id)):
                await self._hand_in_one(file, report.files[file.place])
        except NotFoundError:  # it has expired: whatever was in it is deleted
            await self._save(replace(self.filing, state=ReportState.OPENING, theirs=None))
            raise _BeginAnewError from None
        await self._save(replace(self.filing, state=ReportState.FINISHING))

    async def _hand_in_one(self, file: FiledFile, about: ReportedFile) -> None:
        theirs = self.filing.theirs or ""
        if file.state is FileState.UPLOADING:
            await self._begin_anew()
        if file.state is FileState.WAITING:
            await self._save_file(replace(file, state=FileState.UPLOADING))
            item = await self._database.run("find-evidence", partial(evidence, id_=file.evidence))
            chunks = await self._store.read(self._operator, item.id, Purpose.REPORT)
            try:
                given = await asyncio.to_thread(self._authority.upload, theirs, chunks, item.size)
            except InvalidInputError:  # something else arrived than was sent
                await self._begin_anew()
            file = replace(file, state=FileState.UPLOADED, theirs=given.id)
            await self._save_file(file, given)
        if file.state is FileState.UPLOADED:
            try:
                given = await asyncio.to_thread(self._authority.describe, theirs, file.theirs or "", about)
            except InvalidInputError:
                await asyncio.to_thread(self._authority.retract, theirs)
                await self._save(replace(self.filing, state=ReportState.REFUSED))
                raise
            await self._save_file(replace(file, state=FileState.DESCRIBED), given)

    async def _finish(self) -> None:
        try:
            given = await asyncio.to_thread(self._authority.finish, self.filing.theirs or "")
        except (NotFoundError, ConflictError) as error:
            await self._save(replace(self.filing, state=ReportState.UNCLEAR))
            raise ConflictError(
                f"Nobody knows whether this report stands ({error}) Ask the authority, then `takeback report settle`."
            ) from None
        now = self._clock.now()
        trial = self.filing.door is Door.TEST
        if trial:
            done = replace(_unsent(self.filing), tried_at=now)
        else:
            done = replace(self.filing, state=ReportState.FINISHED, finished_at=now)
        done = replace(done, request=given.request, problem=None)

        async def work(connection: AsyncConnection) -> None:
            await reports.save(connection, done)
            action = "try-report" if trial else "send-report"
            await audit.record(connection, f"{self._operator.id}:{done.id}:{action}", now)
            if not trial:  # the year begins when the report stands
                files = await reports.files(connection, done.id)
                inside = {done.hold, *(file.hold for file in files)}
                await kept.belongs_to(connection, inside, done.id, self._store.due_from(now))

        await self._database.run("report-finished", work)
        self.filing = done

    async def _begin_anew(self) -> NoReturn:
        """Takes back the report that is open; raises what has it begun anew."""
        state = await _taken_back(self._authority, self.filing)
        if state is not ReportState.RETRACTED:
            await self._save(replace(self.filing, state=state))
            raise ConflictError(f"This report is {state.value}, though it was never finished from here.")
        await self._save(replace(self.filing, state=ReportState.OPENING, theirs=None))
        raise _BeginAnewError

    async def _save(self, changed: Filing) -> None:
        await self._database.run("report-state", partial(reports.save, changed=changed))
        self.filing = changed

    async def _save_file(self, file: FiledFile, given: Given | None = None) -> None:
        changed = self.filing if given is None else replace(self.filing, request=given.request)

        async def work(connection: AsyncConnection) -> None:
            await reports.save_file(connection, changed.id, file)
            await reports.save(connection, changed)

        await self._database.run("report-file-state", work)
        self.filing = changed


async def _take_up(connection: AsyncConnection, id_: str, door: Door) -> Filing:
    filing = await found(connection, id_)
    if filing.state.ended:
        raise ConflictError(f"This report is {filing.state.value}. Nothing is sent twice.")
    if filing.state in (ReportState.BUILT, ReportState.APPROVED):
        if door is Door.PRODUCTION and filing.state is not ReportState.APPROVED:
            raise ConflictError(
                "No second person has approved this report. Propose it: `takeback report propose`; or try the test."
            )
        await _must_be_confirmed_still(connection, filing)
        filing = replace(filing, state=ReportState.OPENING, door=door, problem=None)
        await reports.save(connection, filing)
    elif filing.door is not door:
        raise ConflictError(f"This report is on its way through the {filing.door} door. Send it there, or retract it.")
    return filing


async def _must_be_confirmed_still(connection: AsyncConnection, filing: Filing) -> None:
    """Raises ConflictError where a decision was undone, or another one made, since the report was built."""
    for file in await reports.files(connection, filing.id):
        hold = await holds.find(connection, file.hold)
        if hold is None or hold.state is not HoldState.CONFIRMED:
            state = "gone" if hold is None else hold.state.value
            raise ConflictError(f"The hold {file.hold} is {state} by now. Build the report anew without it.")


async def _taken_back(authority: Authority, filing: Filing) -> ReportState:
    """Retracts an open report; says `finished` where it stands already, and `unclear` where nobody knows."""
    try:
        await asyncio.to_thread(authority.retract, filing.theirs or "")
    except ConflictError:
        return ReportState.FINISHED
    except NotFoundError:  # expired; or finished and not known by that number any more
        return ReportState.UNCLEAR if filing.state is ReportState.FINISHING else ReportState.RETRACTED
    return ReportState.RETRACTED


def _unsent(filing: Filing) -> Filing:
    """Gives a report as it was before it was sent."""
    state = ReportState.BUILT if filing.approval is None else ReportState.APPROVED
    return replace(filing, state=state, door=None, theirs=None, opened_at=None)


def _alone(folder: Path) -> BufferedWriter:
    """Gives the lock: a file to be closed. Raises BusyError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / LOCK).open("wb")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise BusyError from None
    return file
