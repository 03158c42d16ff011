"""What the platform has held for long, and a list that finds it: in a sweep, or because the entry is new.

A hold is opened for what was not held for that entry before, whatever was decided then: a sweep that is repeated asks
nobody twice.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
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
from takeback.participant.hash_list import HashList
from takeback.participant.holding import cluster_of, finding_of
from takeback.participant.own_index import FRAMES, PICTURES, nearest
from takeback.participant.own_media import index_of
from takeback.participant.screening import Matched, Screen
from takeback.storage.database import Database
from takeback.storage.platform import holds
from takeback.storage.platform import own_media as store
from takeback.storage.platform.own_media import Followed, OwnMedium

log = logging.getLogger(__name__)

#: Entries that are looked up in one step.
ENTRIES_AT_ONCE = 500
#: Holds that one entry may open in one look: an entry that finds more is hardly what it claims to be.
HOLDS_OF_AN_ENTRY = 1_000
_HOLD_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look for new entries did: entries looked up, media near to them, holds opened.

    `stopped` counts the entries that found more than `HOLDS_OF_AN_ENTRY`; for those no further holds were opened.
    """

    entries: int
    found: int
    opened: int
    stopped: int = 0


async def look_for_new(
    database: Database, hashlist: HashList, clock: Clock, *, name: str, holds_of_an_entry: int = HOLDS_OF_AN_ENTRY
) -> Looked:
    """Looks for what has come to a list since the last time, among what the platform holds, and opens holds.

    Call it after each sync. `name` is what the platform calls the list. May be interrupted at any point: the next one
    goes on. Raises StaleListError when the list is too old to be asked.
    """
    hashlist.require_fresh()
    until = await asyncio.to_thread(hashlist.replica.followed)
    at = await database.read("asked", lambda connection: store.asked(connection, name))
    row = at.number if at is not None and at.identity == until.identity else 0
    total = Looked(0, 0, 0)
    per_entry: Counter[str] = Counter()
    with Screen(hashlist, effort=Effort.PLAIN) as screen:
        while row < until.entry:
            to = min(row + ENTRIES_AT_ONCE, until.entry)
            entries = await asyncio.to_thread(hashlist.replica.entries_between, row, to)
            media = await _near(database, entries.values())
            held = await asyncio.to_thread(_matched, screen, media, name)
            opened = 0
            for medium, findings in held:
                wanted = [one for one in findings if per_entry[one.entry] < holds_of_an_entry]
                if not wanted:
                    continue
                new = await _held(database, medium, wanted, clock)
                opened += new
                if new:
                    names = {one.entry for one in wanted}
                    await asyncio.to_thread(hashlist.replica.count_hits, names, today(clock))
                per_entry.update(one.entry for one in wanted if new)
            stopped = sum(count >= holds_of_an_entry for count in per_entry.values())
            await _keep_place(database, name, Followed(until.identity, to))
            total = Looked(total.entries + len(entries), total.found + len(held), total.opened + opened, stopped)
            row = to
    if total.stopped:
        log.warning("%d entries found more than %d old media each", total.stopped, holds_of_an_entry)
    return total


async def open_hold(
    connection: AsyncConnection, content: Content, kind: Kind, findings: Sequence[Finding], clock: Clock
) -> bool:
    """Opens a hold for what content was found near to, unless it was held for all of that before; says whether."""
    before = await holds.of_content(connection, content.id)
    known = {(one.list, one.entry) for hold in before for one in hold.findings}
    new = tuple(one for one in findings if (one.list, one.entry) not in known)
    if new:
        id_ = secrets.token_hex(_HOLD_ID_BYTES)
        hold = Hold(id_, content, Source.SWEEP, new, cluster_of(new, content.id), clock.now(), kind=kind.value)
        await holds.add(connection, hold)
    return bool(new)


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


def _matched(screen: Screen, media: Sequence[OwnMedium], list_: str) -> list[tuple[OwnMedium, list[Finding]]]:
    """Gives what the list's policy says of media, by their fingerprints alone."""
    held = []
    for medium in media:
        found = screen.check(medium.fingerprints)
        if isinstance(found, Matched):
            held.append((medium, [finding_of(list_, match) for match in found.matches]))
    return held


async def _held(database: Database, medium: OwnMedium, findings: Sequence[Finding], clock: Clock) -> bool:
    async def work(connection: AsyncConnection) -> bool:
        if not await store.numbered(connection, [medium.number]):  # the platform has deleted it meanwhile
            return False
        return await open_hold(connection, medium.content, medium.kind, findings, clock)

    return await database.run("hold old media", work)
