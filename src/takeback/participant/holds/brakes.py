"""Brakes between a match and what follows from it: the platform's own word counts before the list's.

- What is near to the negative bank is a picture that everybody has: no match counts.
- An entry that hits too many contents or accounts in an hour is quarantined here: a person decides.
- A person may have confirmed an entry, or found that it counts for nothing here.

Nothing here can make more of a match than its evidence: what is only perceptually near is held for a person, whoever
confirmed the entry (matching/policy.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import NotFoundError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.feedback import ActionTaken, Feedback, Verdict
from takeback.model.hold import Content, Finding
from takeback.model.operator import Operator, Role
from takeback.model.standing import EntryStanding, Stood
from takeback.model.tier import StrongestAction
from takeback.platform_settings import PlatformSettings
from takeback.staff.negative import NegativeGate
from takeback.staff.operators import must_be
from takeback.storage import audit
from takeback.storage.database import Database
from takeback.storage.platform import feedback_due, standings

#: An hour, over which hits are counted.
WINDOW = timedelta(hours=1)
#: Stands in the audit, and where it is asked who did it.
BY_BRAKE = "brake"


@dataclass(frozen=True, slots=True)
class Braked:
    """What is left of matches. `findings` count as their list says, or as a person here did.

    `quarantined` are those of entries that hit too much: they open no hold and hide nothing until a person decides.
    `harmless`: it is near to the negative bank, and nothing counts.
    """

    findings: tuple[Finding, ...]
    quarantined: tuple[Finding, ...] = ()
    harmless: bool = False


class Brakes:
    """The brakes of one process."""

    def __init__(self, settings: PlatformSettings) -> None:
        self._settings, self._gate = settings, NegativeGate()

    async def braked(
        self,
        database: Database,
        clock: Clock,
        content: Content,
        findings: Sequence[Finding],
        prints: Sequence[Fingerprint],
    ) -> Braked:
        """Gives what counts of the matches of one content, whose own fingerprints these are. Counts its hits."""
        if not findings:
            return Braked(())

        async def work(connection: AsyncConnection) -> Braked:
            # 1. Everybody has it.
            if (await self._gate.read(connection)).first_in(prints) is not None:
                return Braked((), harmless=True)
            # 2. What a person here made of the entries.
            known = await standings.of(connection, {(one.list, one.entry) for one in findings})
            # 3. Who hits too much stops here, from this hit on.
            for list_, entry in sorted({(one.list, one.entry) for one in findings} - known.keys()):
                if (stood := await self._counted(connection, clock.now(), content, list_, entry)) is not None:
                    known[list_, entry] = stood
            return _left(findings, {name: stood.standing for name, stood in known.items()})

        return await database.run("brakes", work)

    async def _counted(
        self, connection: AsyncConnection, now: datetime, content: Content, list_: str, entry: str
    ) -> Stood | None:
        contents, accounts = await standings.hit(
            connection, list_, entry, content=content.id, account=content.account, now=now, since=now - WINDOW
        )
        limits = self._settings
        if contents <= limits.brake_contents_an_hour and accounts <= limits.brake_accounts_an_hour:
            return None
        stood = Stood(list_, entry, EntryStanding.QUARANTINED, now, BY_BRAKE)
        await standings.put(connection, stood)
        await audit.record(connection, f"{BY_BRAKE}:{subject_of(list_, entry)}:quarantine", now)
        return stood


def _left(findings: Iterable[Finding], known: dict[tuple[str, str], EntryStanding]) -> Braked:
    left, quarantined = [], []
    for one in findings:
        match known.get((one.list, one.entry)):
            case EntryStanding.DECONFIRMED:
                continue
            case EntryStanding.QUARANTINED:
                quarantined.append(one)
            case EntryStanding.CONFIRMED:
                left.append(confirmed_here(one))
            case None:
                left.append(one)
    return Braked(tuple(left), tuple(quarantined))


def confirmed_here(finding: Finding) -> Finding:
    """Gives a finding of an entry that a person here has confirmed: the same file may be removed by a policy.

    That is all: what is only near to it is not the same file, and waits for a person.
    """
    same_file = finding.type == FingerprintType.SHA256
    return replace(finding, action=StrongestAction.REMOVE.value) if same_file else finding


async def decide_entry(
    database: Database, clock: Clock, operator: Operator, list_: str, entry: str, standing: EntryStanding | None
) -> None:
    """Says how an entry stands here; None: as its list says, and its hits are counted anew.

    That one counts for nothing is told to its list. Raises NotAuthorisedError.
    """
    must_be(operator, Role.OPERATOR)

    async def work(connection: AsyncConnection) -> None:
        now = clock.now()
        known = await standings.of(connection, [(list_, entry)])
        if standing is None:
            if not known:
                raise NotFoundError("Nothing is said of this entry here. See `takeback desk brake list`.")
            await standings.forget(connection, list_, entry)
        else:
            await standings.put(connection, Stood(list_, entry, standing, now, operator.id))
        if standing is EntryStanding.DECONFIRMED:
            said = Feedback(entry, Verdict.WRONG, ActionTaken.KEPT)
            await feedback_due.put(connection, list_, said, now)
        doing = "release" if standing is None else standing.value
        await audit.record(connection, f"{operator.id}:{subject_of(list_, entry)}:{doing}", now)

    await database.run("decide-entry", work)


async def standing_entries(
    database: Database, operator: Operator, standing: EntryStanding, *, limit: int
) -> list[Stood]:
    """Gives the entries that stand so, the latest first."""
    must_be(operator, Role.OPERATOR)
    return await database.read("standings", lambda connection: standings.all_(connection, standing, limit=limit))


async def forget_old_hits(database: Database, clock: Clock) -> None:
    """Forgets hits that count no more."""
    before = clock.now() - WINDOW
    await database.run("forget-hits", lambda connection: standings.forget_hits(connection, before))


def subject_of(list_: str, entry: str) -> str:
    """Gives what stands in the audit for an entry; an event has 200 characters."""
    return f"entry/{list_}/{entry}"[:120]
