"""Reports to an authority: building one from what is kept, and what a second person approves.

Nothing is built of a match alone (`model.report.refusal`). A report has the file of every content that one decision
answered (`candidates.py`), and says of each by itself whether it was viewed: that is read from what the desk showed to
whom. Notes are those that a person set. What was built is sealed and never changed: to say something else, build
another one instead.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotFoundError
from takeback.exchanges.authority import Authority
from takeback.model.completeness import Completeness, completeness
from takeback.model.evidence import EvidenceKind, Purpose
from takeback.model.filing import FiledFile, Filing, ReportState
from takeback.model.operator import Operator, Role
from takeback.model.proposal import Proposal
from takeback.model.report import Grounds, Report, Said, Unseen, said_in
from takeback.participant.reports.candidates import (
    Candidate,
    ReportedError,
    candidates,
    chosen,
    grounds_for,
    left_out,
    must_be_reportable,
    report_of,
)
from takeback.participant.reports.evidence import EvidenceStore
from takeback.participant.reports.gathering import gather, hashes_of, seen_or_allowed
from takeback.participant.reports.together import together
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import reports
from takeback.wire.facts import kept_report, report_text


@dataclass(frozen=True, slots=True)
class Built:
    """A report as it was built: its row, its files, its documents as they would be sent, and how complete it is.

    `left_out` says of every other content that the same decision answered why it is not in the report.
    """

    filing: Filing
    files: tuple[FiledFile, ...]
    report: Report
    documents: Mapping[str, bytes]
    completeness: Completeness
    left_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be reported about a hold, before anything is built: contents, itself first, and the grounds."""

    contents: list[Candidate]
    grounds: list[Grounds]


class Reports:
    """The reports of one platform to one authority."""

    def __init__(
        self, settings: PlatformSettings, database: Database, clock: Clock, store: EvidenceStore, authority: Authority
    ) -> None:
        self._settings, self.database, self._clock = settings, database, clock
        self._store, self._authority = store, authority
        self._unseen = Unseen(settings.report_unseen)

    async def offer(self, operator: Operator, hold_id: str, *, instead: str | None = None) -> Offer:
        """Gives what may be reported about a hold. Raises what forbids it, ReportedError where it was done."""
        must_be(operator, Role.CHILD_SAFETY)
        found = await self._candidates(hold_id, instead)
        return Offer(found, grounds_for(found, self._unseen))

    async def build(
        self,
        operator: Operator,
        hold_id: str,
        said: Said,
        *,
        without: Collection[str] = (),
        instead: str | None = None,
    ) -> Built:
        """Builds a report about a hold and the copies that the same decision answered, and seals it. Sends nothing.

        `without` are copies to leave out, `instead` is a report that this one replaces.

        1. Refuses what is not to be reported (ConflictError says why), or what is being reported already.
        2. Keeps each file, and reads it and the platform's facts from the evidence; every read is in the access log.
        3. Leaves out copies that nobody has seen, unless they are byte for byte one that somebody has, or policy lets.
        4. Puts together what is known, and refuses what the authority's rules would refuse (InvalidInputError).
        5. Seals it, keeps everything of these holds for it, and takes back the one that it replaces.
        """
        must_be(operator, Role.CHILD_SAFETY)
        found = await self._candidates(hold_id, instead)
        must_be_reportable(found, said.grounds, self._unseen)
        every = [await gather(self._store, operator, one) for one in chosen(found, without)]
        told = seen_or_allowed(found, every, said.grounds, self._unseen)
        report = together(self._settings, said, told)
        documents, complete = self._authority.rehearse(report), completeness(report)
        id_ = f"r-{secrets.token_hex(12)}"
        text = await self._store.keep(
            hold_id, EvidenceKind.REPORT, BytesIO(report_text(report)), by=operator.id, report=id_
        )
        new = Filing(
            id_,
            hold_id,
            self._authority.name,
            text.id,
            said.grounds,
            complete.score,
            operator.id,
            self._clock.now(),
        )
        files = tuple(FiledFile(place, one.evidence, one.hold.id) for place, one in enumerate(told))
        inside = [file.hold for file in files]

        async def work(connection: AsyncConnection) -> None:
            if instead is not None:
                await _replace(connection, operator, instead, new)
            for hold in inside:
                if other := await report_of(connection, hold, instead=instead):
                    raise ReportedError(other)
            await reports.add(connection, new, files)
            await kept.belongs_to(connection, inside, id_, text.due_at)
            await audit.record(connection, f"{operator.id}:{id_}:build-report-{said.grounds.value}", new.built_at)

        try:
            await self.database.run("build-report", work)
        except ConflictError:  # somebody was faster: nobody needs this text
            await self.database.run("let-go", lambda c: kept.let_go(c, text.id, self._clock.now()))
            raise
        return Built(new, files, report, documents, complete, left_out(found, inside, self._unseen))

    async def show(self, operator: Operator, id_: str) -> Built:
        """Gives a report that was built. What it says is personal data: the access log has who read it."""
        filing = await self.find(operator, id_)
        report = await self.read(operator, filing)

        async def work(connection: AsyncConnection) -> tuple[list[FiledFile], list[Candidate]]:
            return await reports.files(connection, id_), await candidates(connection, filing.hold, instead=id_)

        files, found = await self.database.run("show-report", work)
        outside = left_out(found, [file.hold for file in files], self._unseen)
        documents = self._authority.rehearse(report)
        return Built(filing, tuple(files), report, documents, completeness(report), outside)

    async def rehearse(self, operator: Operator, id_: str) -> int:
        """Does all of sending but the sending, and gives how many files would go.

        Raises what is wrong: a document that breaks a rule, a file that does not open, or is not the one described.
        """
        filing = await self.find(operator, id_)
        report = await self.read(operator, filing)
        self._authority.rehearse(report)
        for file in report.files:
            if await hashes_of(self._store, operator, file.evidence) != file.hashes:
                raise ConflictError(f"The file {file.evidence} is not the one that this report describes. Build anew.")
        return len(report.files)

    async def list_(self, operator: Operator) -> list[Filing]:
        """Gives the latest reports, without what they say."""
        must_be(operator, Role.CHILD_SAFETY)
        rows = self._settings.evidence_list_rows
        return await self.database.run("list-reports", lambda c: reports.list_(c, limit=rows))

    async def find(self, operator: Operator, id_: str) -> Filing:
        """Gives one, without what it says, or raises NotFoundError."""
        must_be(operator, Role.CHILD_SAFETY)
        return await self.database.run("find-report", partial(found, id_=id_))

    async def read(self, operator: Operator, filing: Filing) -> Report:
        """Gives what a report says, from its evidence."""
        chunks = await self._store.read(operator, filing.evidence, Purpose.REPORT)
        return kept_report(await asyncio.to_thread(b"".join, chunks))

    async def said(self, operator: Operator, id_: str) -> tuple[Said, list[str]]:
        """Gives what a person said for a report, so that it can be corrected, and the holds whose files it has."""
        filing = await self.find(operator, id_)
        files = await self.database.run("report-files", partial(reports.files, id_=id_))
        return said_in(await self.read(operator, filing), filing.grounds), [file.hold for file in files]

    async def _candidates(self, hold_id: str, instead: str | None) -> list[Candidate]:
        return await self.database.run("judge-report", lambda c: candidates(c, hold_id, instead=instead))


async def _replace(connection: AsyncConnection, operator: Operator, id_: str, new: Filing) -> None:
    """Takes back a report that another one replaces: one that nobody has begun to send."""
    former = await found(connection, id_)
    if former.hold != new.hold:
        raise ConflictError("That report is about another hold.")
    if former.state in (ReportState.BUILT, ReportState.APPROVED):
        await reports.save(connection, replace(former, state=ReportState.RETRACTED))
        await audit.record(connection, f"{operator.id}:{id_}:report-{ReportState.RETRACTED.value}", new.built_at)
    elif former.state.stands_in_the_way:
        raise ReportedError(former)


async def approve_proposed(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Approves a report, so that it may be sent to the authority itself."""
    filing = await found(connection, proposal.subject)
    if filing.state is not ReportState.BUILT:
        raise ConflictError(f"This report is {filing.state.value}: only one that is built can be approved.")
    await reports.save(connection, replace(filing, state=ReportState.APPROVED, approval=proposal.id))
    await audit.record(connection, f"{proposal.proposed_by}:{filing.id}:approved", clock.now())


async def found(connection: AsyncConnection, id_: str) -> Filing:
    """Gives one report, or raises NotFoundError."""
    filing = await reports.find(connection, id_)
    if filing is None:
        raise NotFoundError("There is no report of that id. See `takeback report status`.")
    return filing
