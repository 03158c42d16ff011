"""Reports to an authority: building one from what is kept, and what a second person approves.

Nothing is built of a match alone (`model.report.refusal`). Whether a file was viewed is read from what the desk showed
to whom. Notes are those that a person set. What was built is sealed and never changed: to say something else, build
another one.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotFoundError
from takeback.exchanges.authority import Authority
from takeback.model.completeness import Completeness, completeness
from takeback.model.evidence import EvidenceKind, Purpose
from takeback.model.filing import FiledFile, Filing, ReportState
from takeback.model.hold import Hold
from takeback.model.operator import Operator, Role
from takeback.model.proposal import Proposal
from takeback.model.report import (
    Account,
    Facts,
    FileHash,
    FileNote,
    Grounds,
    Incident,
    Judged,
    Report,
    ReportedFile,
    Reporter,
    ReportNote,
    Unseen,
    refusal,
)
from takeback.model.review import Seen
from takeback.participant.reports.evidence import EvidenceStore, known_hold
from takeback.platform_settings import PlatformSettings
from takeback.staff.operators import must_be
from takeback.storage import audit, operators
from takeback.storage.database import Database
from takeback.storage.platform import evidence as kept
from takeback.storage.platform import reports, reviews
from takeback.wire.facts import kept_facts, kept_report, report_text

#: Hashes of a file in a report: what they are called there, and what makes them.
HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
NOT_SEEN = "No person has viewed this file. It was found by its fingerprint; a hotline has verified that entry."
STILLS_SEEN = "Of this film a person has viewed still frames."


@dataclass(frozen=True, slots=True)
class Said:
    """What a person of the child-safety role says for a report. Nothing of it is ever filled in by a rule."""

    grounds: Grounds
    notes: tuple[ReportNote, ...] = ()
    file_notes: tuple[FileNote, ...] = ()
    urgent: str | None = None
    info: str | None = None
    incident: Incident = Incident.MATERIAL


@dataclass(frozen=True, slots=True)
class Built:
    """A report as it was built: its row, its documents as they would be sent, and how complete it is."""

    filing: Filing
    documents: Mapping[str, bytes]
    completeness: Completeness


class Reports:
    """The reports of one platform to one authority."""

    def __init__(
        self, settings: PlatformSettings, database: Database, clock: Clock, store: EvidenceStore, authority: Authority
    ) -> None:
        self._settings, self.database, self._clock = settings, database, clock
        self._store, self._authority = store, authority

    async def build(self, operator: Operator, hold_id: str, said: Said) -> Built:
        """Builds a report about a hold's file and seals it. Sends nothing.

        1. Refuses what is not to be reported (ConflictError says why), or what is being reported already.
        2. Takes the file and the platform's facts from the evidence; both reads are in the access log.
        3. Puts together what is known, and refuses what the authority's rules would refuse (InvalidInputError).
        4. Seals it, and keeps everything of this hold for it.
        """
        must_be(operator, Role.CHILD_SAFETY)
        hold, viewed = await self._judge(hold_id, said.grounds)
        file, hashes = await self._file(operator, hold_id)
        report = self._together(hold, await self._facts(operator, hold_id), said, file, hashes, viewed=viewed)
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

        async def work(connection: AsyncConnection) -> None:
            await _no_other(connection, hold_id)
            await reports.add(connection, new, [FiledFile(0, file)])
            await kept.belongs_to(connection, hold_id, id_, text.due_at)
            await audit.record(connection, f"{operator.id}:{id_}:build-report-{said.grounds.value}", new.built_at)

        await self.database.run("build-report", work)
        return Built(new, documents, complete)

    async def show(self, operator: Operator, id_: str) -> Built:
        """Gives a report that was built. What it says is personal data: the access log has who read it."""
        must_be(operator, Role.CHILD_SAFETY)
        filing = await self.find(operator, id_)
        report = await self.read(operator, filing)
        return Built(filing, self._authority.rehearse(report), completeness(report))

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

    async def _judge(self, hold_id: str, grounds: Grounds) -> tuple[Hold, bool]:
        """Gives the hold, and whether somebody has seen its file itself."""

        async def work(connection: AsyncConnection) -> tuple[Hold, bool]:
            hold = await known_hold(connection, hold_id)
            decider = None if hold.decided_by is None else await operators.find(connection, hold.decided_by)
            file = await kept.file_of(connection, hold_id)
            shown = await reviews.viewings(connection, hold_id)
            # what was seen is the desk's copy: of a file that came from elsewhere nobody has seen anything
            viewed = (file is None or file.is_copy) and any(one.how is Seen.SHARP for one in shown)
            tiers = frozenset(finding.tier for finding in hold.findings)
            judged = Judged(hold, None if decider is None else decider.role, viewed, tiers)
            if why := refusal(judged, grounds, Unseen(self._settings.report_unseen)):
                raise ConflictError(why)
            await _no_other(connection, hold_id)
            return hold, viewed

        return await self.database.run("judge-report", work)

    async def _file(self, operator: Operator, hold_id: str) -> tuple[str, tuple[FileHash, ...]]:
        item = await self.database.run("find-file", partial(kept.file_of, hold_id=hold_id))
        if item is None:
            raise NotFoundError("The file of this hold is not kept. Keep it first: `takeback evidence keep`.")
        chunks = await self._store.read(operator, item.id, Purpose.REPORT)

        def hashed() -> tuple[FileHash, ...]:
            digests = {name: hashlib.new(which, usedforsecurity=False) for name, which in HASHES.items()}
            for chunk in chunks:
                for digest in digests.values():
                    digest.update(chunk)
            return tuple(FileHash(name, digest.hexdigest()) for name, digest in digests.items())

        return item.id, await asyncio.to_thread(hashed)

    async def _facts(self, operator: Operator, hold_id: str) -> Facts:
        items = await self.database.run("find-facts", lambda c: kept.of_hold(c, hold_id, EvidenceKind.FACTS))
        if not items:
            return Facts()
        chunks = await self._store.read(operator, items[0].id, Purpose.REPORT)
        return kept_facts(await asyncio.to_thread(b"".join, chunks))

    def _together(
        self, hold: Hold, facts: Facts, said: Said, file: str, hashes: tuple[FileHash, ...], *, viewed: bool
    ) -> Report:
        at, at_means = _moment(hold, facts)
        reported = facts.reported or (None if hold.content.account is None else Account(id=hold.content.account))
        one = ReportedFile(
            evidence=file,
            viewed=viewed,
            metadata_viewed=False,  # the desk shows no metadata to anybody; once it does, that is a viewing of its own
            hashes=hashes,
            matched=tuple(pair for finding in hold.findings for pair in _matched(finding.list, finding.type)),
            notes=said.file_notes,
            original_name=facts.file_name,
            uploaded_at=facts.uploaded_at or hold.content.uploaded_at,
            location=facts.location,
            public=facts.public,
            upload_event=facts.upload_event,
            info=_how_it_was_seen(hold, viewed=viewed),
        )
        return Report(
            incident=said.incident,
            at=at,
            at_means=at_means,
            reporter=reporter_of(self._settings),
            platform=self._settings.report_platform or None,
            urgent=said.urgent,
            notes=said.notes,
            urls=() if facts.location is None else (facts.location,),
            chat=facts.chat,
            chat_service=facts.chat_service,
            reported=reported,
            recipients=facts.recipients,
            victims=facts.victims,
            files=(one,),
            info="\n".join(text for text in (said.info, facts.context) if text) or None,
        )


def _how_it_was_seen(hold: Hold, *, viewed: bool) -> tuple[str, ...]:
    if not viewed:
        return (NOT_SEEN,)
    return (STILLS_SEEN,) if hold.kind == "video" else ()


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


def reporter_of(settings: PlatformSettings) -> Reporter:
    """Gives who reports, by the settings."""
    return Reporter(
        settings.reporter_first_name,
        settings.reporter_last_name,
        settings.reporter_email,
        settings.reporter_legal_url,
        settings.reporter_company_text,
    )


async def _no_other(connection: AsyncConnection, hold_id: str) -> None:
    """Raises ConflictError where there is a report about this hold that was not taken back."""
    for other in await reports.of_hold(connection, hold_id):
        if other.state not in (ReportState.RETRACTED, ReportState.REFUSED):
            raise ConflictError(
                f"There is a report about this hold: {other.id}, {other.state.value}. Send that one, or retract it."
            )


def _moment(hold: Hold, facts: Facts) -> tuple[datetime, str]:
    uploaded = facts.uploaded_at or hold.content.uploaded_at
    return (hold.opened_at, "Time at which it was found") if uploaded is None else (uploaded, "Time of upload")


def _matched(list_: str, type_: str) -> tuple[tuple[str, str], ...]:
    return ("matched-list", list_), ("matched-by", type_)
