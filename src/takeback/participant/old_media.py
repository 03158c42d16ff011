"""What the platform has held for long, and a list that finds it: in a sweep, or because the entry is new.

A hold is opened for what was not held for that entry before, whatever was decided then: a sweep that is repeated asks
nobody twice.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.matching.films import SCENES_THRESHOLD_BITS
from takeback.matching.thresholds import MOST_BITS
from takeback.model.entry import Kind
from takeback.model.hold import Content, Finding, Hold, Source
from takeback.model.instruction import Doing
from takeback.participant.agent.policies import Do, Policies
from takeback.participant.hash_list import HashList
from takeback.participant.holds.brakes import Brakes
from takeback.participant.holds.holding import cluster_of, finding_of, match_of
from takeback.participant.look_up import LookUp, Matched, Prints
from takeback.participant.own_index import FRAMES, PICTURES, nearest
from takeback.participant.own_media import index_of
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions
from takeback.storage.platform import own_media as store
from takeback.storage.platform.own_media import Followed, OwnMedium

#: Entries that are looked up in one step.
ENTRIES_AT_ONCE = 500
_HOLD_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for new entries did: entries looked up, media that match them, holds opened."""

    entries: int
    found: int
    opened: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What stands between a match and a hold: the platform's policy and its brakes. Without them, all is held."""

    policies: Policies | None = None
    brakes: Brakes | None = None

    @classmethod
    def of(cls, settings: PlatformSettings) -> Holding:
        """Gives those of an installation."""
        return cls(Policies.of(settings), Brakes(settings))

    async def braked(
        self, database: Database, clock: Clock, content: Content, findings: Sequence[Finding], prints: Prints
    ) -> tuple[Finding, ...]:
        """Gives the findings that count here, and counts them as hits for the brakes."""
        if self.brakes is None or not findings:
            return tuple(findings)
        return (await self.brakes.braked(database, clock, content, findings, prints)).findings


async def look_for_new(
    database: Database, hashlist: HashList, clock: Clock, *, name: str, holding: Holding = Holding()
) -> Looked:
    """Looks for what has come to a list since the last time, among what the platform holds, and opens holds.

    Call it after each sync. `name` is what the platform calls the list. May be interrupted at any point: the next one
    goes on. Raises StaleListError when the list is too old to be asked.
    """
    hashlist.require_fresh()
    until = await asyncio.to_thread(hashlist.replica.followed)
    at = await database.read("asked", lambda connection: store.asked(connection, name))
    row = at.number if at is not None and at.identity == until.identity else 0
    total, look_up = Looked(0, 0, 0), LookUp(hashlist, Effort.PLAIN)
    while row < until.entry:
        to = min(row + ENTRIES_AT_ONCE, until.entry)
        entries = await asyncio.to_thread(hashlist.replica.entries_between, row, to)
        media = await _near(database, entries.values())
        matched = await asyncio.to_thread(_matched, look_up, media, name)
        opened = 0
        for medium, findings in matched:
            left = await holding.braked(database, clock, medium.content, findings, medium.fingerprints)
            held = {one.entry for one in await _held(database, medium, left, holding, clock)}
            if held:
                await asyncio.to_thread(hashlist.replica.count_hits, held, today(clock))
            opened += bool(held)
        await _keep_place(database, name, Followed(until.identity, to))
        total = Looked(total.entries + len(entries), total.found + len(matched), total.opened + opened)
        row = to
    return total


async def hold(
    connection: AsyncConnection,
    content: Content,
    kind: Kind,
    findings: Sequence[Finding],
    holding: Holding,
    clock: Clock,
) -> tuple[Finding, ...]:
    """Opens a hold for what content was found near to, as the policy says; gives the findings that are held for.

    What it was held for before is left out. Where the policy hides or removes uploads, old media are hidden: they have
    stood for long, and only a person removes them.
    """
    ruled = {one: _ruling(one, content, holding.policies) for one in findings}
    wanted = [one for one in findings if ruled[one] is not Do.ALLOW]
    if not wanted:
        return ()
    before = await holds.of_content(connection, content.id)
    known = {(one.list, one.entry) for hold in before for one in hold.findings}
    new = tuple(one for one in wanted if (one.list, one.entry) not in known)
    if not new:
        return ()
    id_, now = secrets.token_hex(_HOLD_ID_BYTES), clock.now()
    opened = Hold(id_, content, Source.SWEEP, new, cluster_of(new, content.id), now, kind=kind.value)
    await holds.add(connection, opened)
    if any(ruled[one] in (Do.HIDE, Do.REMOVE) for one in new):
        await instructions.give(connection, content.id, Doing.HIDE, because=id_, at=now)
    return new


def _ruling(one: Finding, content: Content, policies: Policies | None) -> Do:
    if policies is None:
        return Do.HOLD
    ruling = policies.rule(match_of(one), one.list, content.surface, content.region)
    return Do.ALLOW if ruling.dry_run else ruling.do


async def _keep_place(database: Database, name: str, until: Followed) -> None:
    await database.run("asked", lambda connection: store.set_asked(connection, name, until))


async def _near(database: Database, entries: Iterable[tuple[Fingerprint, ...]]) -> list[OwnMedium]:
    """Gives the media that may match any of these entries: what the policy makes of them is asked for afterwards."""
    prints = [one for entry in entries for one in entry]
    index = await index_of(database).current(database)
    asked: list[tuple[str, bytes, int]] = []
    for one in prints:
        if one.type is FingerprintType.PDQ:
            asked += [(PICTURES, one.value, MOST_BITS), (FRAMES, one.value, STRONG_BITS)]
        elif one.type is FingerprintType.VPDQ:
            asked += [(PICTURES, one.value, STRONG_BITS), (FRAMES, one.value, SCENES_THRESHOLD_BITS)]
    numbers = set(await asyncio.to_thread(nearest, index, asked))

    async def work(connection: AsyncConnection) -> list[OwnMedium]:
        return await store.numbered(connection, numbers | await store.numbers_having(connection, prints))

    return await database.read("near own media", work)


def _matched(look_up: LookUp, media: Sequence[OwnMedium], list_: str) -> list[tuple[OwnMedium, list[Finding]]]:
    """Gives which media match the list, by their fingerprints alone."""
    answers = look_up.many([medium.fingerprints for medium in media]) if media else []
    return [
        (medium, [finding_of(list_, match) for match in answer.matches])
        for medium, answer in zip(media, answers, strict=True)
        if isinstance(answer, Matched)
    ]


async def _held(
    database: Database, medium: OwnMedium, findings: Sequence[Finding], holding: Holding, clock: Clock
) -> tuple[Finding, ...]:
    async def work(connection: AsyncConnection) -> tuple[Finding, ...]:
        if not await store.numbered(connection, [medium.number]):  # the platform has deleted it meanwhile
            return ()
        return await hold(connection, medium.content, medium.kind, findings, holding, clock)

    return await database.run("hold old media", work) if findings else ()
