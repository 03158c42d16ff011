"""From matches to a hold: what is kept of them, and which copies belong together."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import FingerprintType
from takeback.matching.policy import Match, strength
from takeback.matching.thresholds import Grade
from takeback.model.hold import Content, Finding, Hold, HoldState, Source
from takeback.model.tier import StrongestAction, Tier
from takeback.storage.platform import holds

CLUSTER_BYTES = 16
#: Stands where a rule decided, and not a person.
BY_POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Listed:
    """A match, and the name of the list on which its entry stands."""

    list: str
    match: Match


def finding_of(list_: str, match: Match) -> Finding:
    """Gives a match as a hold keeps it."""
    return Finding(
        list_,
        match.entry,
        match.type.value,
        match.distance,
        match.threshold,
        match.grade.value,
        match.variant,
        match.tier.value,
        match.action.value,
        match.listed_on,
    )


def match_of(finding: Finding) -> Match:
    """Gives the match that a finding was, for a policy to rule on."""
    return Match(
        finding.entry,
        FingerprintType(finding.type),
        finding.distance,
        finding.threshold,
        Tier(finding.tier),
        StrongestAction(finding.action),
        finding.listed_on or date.min,
        grade=Grade(finding.grade),
        variant=finding.variant,
    )


def findings_of(found: Iterable[Listed]) -> tuple[Finding, ...]:
    """Gives what a hold keeps of matches, the strongest first."""
    ordered = sorted(found, key=lambda one: (*strength(one.match), one.list))
    return tuple(finding_of(one.list, one.match) for one in ordered)


def cluster_of(findings: Sequence[Finding], content: str) -> bytes:
    """Gives what is the same for copies of one picture: they are strongly near the same entry. The first one decides.

    What is only probably a copy is a cluster of its own: a decision about it says nothing about others.
    """
    first = findings[0]
    alone = "" if first.grade == Grade.STRONG.value else content
    text = f"{first.list}\n{first.entry}\n{alone}"
    return hashlib.sha256(text.encode()).digest()[:CLUSTER_BYTES]


async def hold_again(connection: AsyncConnection, content: str, found: Sequence[Listed]) -> Hold | None:
    """Gives the hold that this content has already and that still says something about these matches, or None.

    One in which a person found them wrong says something as long as no other entry is matched.
    """
    before = await holds.latest_of(connection, content)
    if before is None or before.state is not HoldState.WRONG:
        return before
    judged = {(one.list, one.entry) for one in before.findings}
    return before if {(one.list, one.match.entry) for one in found} <= judged else None


async def open_hold(
    connection: AsyncConnection,
    content: Content,
    source: Source,
    found: Sequence[Listed],
    *,
    at: datetime,
    kind: str = "image",
    by_policy: bool = False,
    copy: str | None = None,
) -> Hold:
    """Opens a hold; `by_policy`, it is confirmed by a rule, which the platform's staff can undo."""
    findings = findings_of(found)
    new = Hold(
        secrets.token_hex(16),
        content,
        source,
        findings,
        cluster_of(findings, content.id),
        at,
        copy=copy,
        kind=kind,
        state=HoldState.CONFIRMED if by_policy else HoldState.OPEN,
        decided_by=BY_POLICY if by_policy else None,
        decided_at=at if by_policy else None,
    )
    await holds.add(connection, new)
    return new
