"""The same picture elsewhere on the platform: what is bit for bit the same is hidden, what is near waits for a person.

47 U.S.C. 223a(a)(3)(B) asks for known identical copies. A near picture may be another one: nobody's is hidden for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock
from takeback.fingerprints.evidence import MIN_PDQ_QUALITY
from takeback.fingerprints.types import Fingerprint
from takeback.model.hold import Content
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, NoticeState, ReceivedNotice, hides_at_once
from takeback.participant.notices.contents import Named, hold_and_hide, is_suspended
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import notice_contents, notice_log, notice_tasks, notices
from takeback.storage.platform.notice_contents import NoticeContent
from takeback.storage.platform.notice_tasks import Task
from takeback.storage.platform.own_media import OwnMedium

#: Content, how it is like what was named, the distance in bits where it is near, and the named content.
Found = tuple[Content, Copy, int | None, str]


class OwnMedia(Protocol):
    """The platform's own fingerprint store (`participant.own_media`)."""

    async def of(self, database: Database, contents: Collection[str]) -> list[OwnMedium]:
        """Gives what is kept of these pieces of content."""
        ...

    async def exact(self, database: Database, fingerprints: Sequence[Fingerprint]) -> list[Content]:
        """Gives the content that has one of these exact fingerprints."""
        ...

    async def near(
        self, database: Database, fingerprints: Sequence[Fingerprint], radius_bits: int
    ) -> list[tuple[Content, int]]:
        """Gives the content within a distance (bits) of one of these PDQ values, and how far it is."""
        ...


async def search(database: Database, clock: Clock, settings: PlatformSettings, media: OwnMedia, task: Task) -> None:
    """Looks for copies of what a notice names, hides the same ones, holds the near ones, and logs what it looked for.

    The platform gave their fingerprints when it named the content, or its own store has them. Without any there is
    nothing to look for; that is logged, too.
    """
    prints = await database.read(
        "prints-of-notice", lambda connection: notice_contents.take_prints(connection, task.notice)
    )
    bare = [content for content, ones in prints.items() if not ones]
    prints |= {one.content.id: one.fingerprints for one in await media.of(database, bare)}
    found = await _found(database, media, prints, settings.notice_copy_radius_bits)
    now = clock.now()

    async def work(connection: AsyncConnection) -> int:
        if not await notice_tasks.finish(connection, task, now):
            return 0
        await notice_contents.erase_prints(connection, task.notice)
        notice = await notices.find(connection, task.notice)
        if notice is None or notice.state not in {NoticeState.OPEN, NoticeState.REMOVED}:
            return 0
        hidden, exact, near = await _take(connection, settings, notice, found, task)
        facts: dict[str, str | int | bool] = {
            "fingerprints": sum(map(len, prints.values())),
            "types": ",".join(sorted({one.type.value for some in prints.values() for one in some})),
            "radius_bits": settings.notice_copy_radius_bits,
            "exact": exact,
            "near": near,
            "hidden": hidden,
        }
        await notice_log.record(connection, task.notice, NoticeEvent.SEARCHED, now, facts)
        return exact + near

    metrics.NOTICE_COPIES.inc(await database.run("search-copies", work))


async def _found(
    database: Database, media: OwnMedia, prints: dict[str, tuple[Fingerprint, ...]], radius_bits: int
) -> list[Found]:
    found: dict[str, Found] = {}
    for named, ones in prints.items():
        if not ones:
            continue
        for content in await media.exact(database, ones):
            found[content.id] = (content, Copy.EXACT, None, named)
        clear = [one for one in ones if one.quality is None or one.quality >= MIN_PDQ_QUALITY]
        for content, distance in await media.near(database, clear, radius_bits):
            # What is the same is also near: it is told once, as what it is.
            before = found.get(content.id)
            if before is None or (before[2] is not None and distance < before[2]):
                found[content.id] = (content, Copy.NEAR, distance, named)
    return [one for id_, one in found.items() if id_ not in prints]


async def _take(
    connection: AsyncConnection, settings: PlatformSettings, notice: ReceivedNotice, found: Iterable[Found], task: Task
) -> tuple[int, int, int]:
    known = {one.content: one for one in await notice_contents.of(connection, notice.number)}
    new = [one for one in found if one[0].id not in known]
    same = [one for one in new if one[1] is Copy.EXACT]
    hide = len(same) <= settings.notice_copies_hidden and await _may_hide(connection, settings, notice, known, task)
    hidden = 0
    for content, how, distance, like in new:
        hides = hide and how is Copy.EXACT
        # What is near is a cluster of its own: a decision about one says nothing about the other.
        of = like if how is Copy.EXACT else None
        added = await hold_and_hide(
            connection, notice, Named(content), how, task.due_at, hide=hides, distance=distance, like=of
        )
        hidden += added.hidden_at is not None
    if hidden:
        await notice_log.record(connection, notice.number, NoticeEvent.HIDDEN, task.due_at, {"contents": hidden})
    return hidden, len(same), len(new) - len(same)


async def _may_hide(
    connection: AsyncConnection,
    settings: PlatformSettings,
    notice: ReceivedNotice,
    known: dict[str, NoticeContent],
    task: Task,
) -> bool:
    # Copies fare as what they are copies of: where a person looks first, a person looks first at all of them.
    flags = frozenset(flag for one in known.values() for flag in one.flags)
    suspended = await is_suspended(connection, notice, task.due_at)
    return hides_at_once(notice, flags, setting=settings.notice_hide_at_once, suspended=suspended)
