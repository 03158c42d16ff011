"""All that is known about a hold, side by side, so that nobody has to see a picture to decide."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.model.hold import Finding, Hold, HoldState
from takeback.model.operator import Operator, Role
from takeback.model.review import Lease, Review, Viewing
from takeback.model.standing import EntryStanding
from takeback.participant.desk.decisions import OPEN
from takeback.participant.desk.opening import role_of, seen_by
from takeback.storage.database import Database
from takeback.storage.platform import holds, leases, reviews, standings

#: Decided pictures from which on a share is said: fewer say little.
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Known:
    """One finding, in words, with what was decided here about pictures near to the same entry."""

    finding: Finding
    nearness: str
    confirmed: int
    wrong: int
    standing: EntryStanding | None

    @property
    def history(self) -> str:
        """What was decided about it here, in words."""
        decided = self.confirmed + self.wrong
        if not decided:
            return "nothing was decided about it here yet"
        share = f" ({self.confirmed / decided:.0%} right)" if decided >= _ENOUGH else ""
        return f"{self.confirmed} confirmed, {self.wrong} wrong here{share}"


@dataclass(frozen=True, slots=True)
class Facts:
    """One hold, and what is known of entries and account.

    `copies` are those that one decision answers, itself among them; `answered` those that the last decision did.
    `escalated` once, it is child-safety's for ever.
    """

    hold: Hold
    copies: tuple[Hold, ...]
    answered: tuple[Hold, ...]
    known: tuple[Known, ...]
    account: dict[HoldState, int]
    reviews: tuple[Review, ...]
    viewings: tuple[Viewing, ...]
    lease: Lease | None
    escalated: bool


async def facts_of(database: Database, clock: Clock, operator: Operator, id_: str) -> Facts:
    """Gives them for a hold that this operator may look at. Raises NotFoundError or NotAuthorisedError."""

    async def work(connection: AsyncConnection) -> Facts:
        hold = await seen_by(connection, operator, id_)
        names = {(one.list, one.entry) for one in hold.findings}
        stood = await standings.of(connection, names)
        known = []
        for one in hold.findings:
            counts = await holds.outcomes_of_entry(connection, one.list, one.entry)
            confirmed, wrong = counts.get(HoldState.CONFIRMED, 0), counts.get(HoldState.WRONG, 0)
            here = stood.get((one.list, one.entry))
            known.append(Known(one, nearness(one), confirmed, wrong, None if here is None else here.standing))
        account = hold.content.account
        return Facts(
            hold,
            tuple(await holds.in_cluster(connection, hold.cluster, OPEN)),
            tuple(await holds.answered_with(connection, hold)),
            tuple(known),
            {} if account is None else await holds.outcomes_of_account(connection, account, but=hold.cluster),
            tuple(await reviews.of_cluster(connection, hold.cluster)),
            tuple(await reviews.viewings(connection, id_)),
            await leases.of(connection, hold.cluster, clock.now()),
            await role_of(connection, hold) is Role.CHILD_SAFETY,
        )

    return await database.read("facts", work)


def nearness(finding: Finding) -> str:
    """Gives how near a finding is, in plain words."""
    if finding.type == "sha256":
        return "the same file, byte for byte"
    if finding.type == "md5":
        return "the same checksum; other files can have it, too"
    what = "frames of the same film" if finding.type == "vpdq" else "the same picture"
    if finding.distance == 0:
        words = f"very likely {what}"
    elif finding.distance <= finding.threshold // 2:
        words = f"likely {what}, changed a little"
    else:
        words = f"perhaps {what}, changed much, or another one that is alike"
    seen = "" if finding.variant == "upload" else f"; seen in a changed view of the upload ({finding.variant})"
    return f"{words}: {finding.distance} of 256 bits differ, up to {finding.threshold} count{seen}"
