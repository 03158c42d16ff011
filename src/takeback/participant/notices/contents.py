"""What a valid notice names: hidden at once where that is set, and held until a person has looked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock
from takeback.errors import ConflictError, NotFoundError
from takeback.fingerprints.types import Fingerprint
from takeback.model import notice as said
from takeback.model.hold import Content, Hold, HoldState, Source
from takeback.model.instruction import Doing
from takeback.model.notice_log import NoticeEvent
from takeback.model.received_notice import Copy, Flag, NoticeState, ReceivedNotice, hides_at_once
from takeback.participant.holds.holding import CLUSTER_BYTES
from takeback.participant.notices.tasks import SEARCH
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import holds, instructions, notice_contents, notice_log, notice_tasks, notices, notifiers
from takeback.storage.platform.notice_contents import NoticeContent
from takeback.storage.platform.notice_tasks import Task

#: Pieces of content that one call may name, at most.
MAX_CONTENTS = 100


@dataclass(frozen=True, slots=True)
class Named:
    """A piece of content that a notice names. `kind` is image or video. `prints` are searched for copies of it."""

    content: Content
    kind: str = "image"
    prints: tuple[Fingerprint, ...] = ()
    flags: frozenset[Flag] = frozenset()


async def name_contents(
    database: Database, clock: Clock, settings: PlatformSettings, number: str, named: Iterable[Named]
) -> list[NoticeContent]:
    """Takes in what the platform found at the places of an open notice, and gives all of its content.

    What is named already stays as it is, so the call may be repeated. Raises NotFoundError or ConflictError.
    """
    now = clock.now()

    async def work(connection: AsyncConnection) -> list[NoticeContent]:
        notice = await notices.find(connection, number)
        if notice is None:
            raise NotFoundError("There is no notice of that number.")
        if notice.state is not NoticeState.OPEN:
            raise ConflictError(f"The notice is {notice.state.value}. Content is named for open ones.")
        await take_in(connection, settings, notice, named, now)
        return await notice_contents.of(connection, number)

    return await database.run("name-contents", work)


async def take_in(
    connection: AsyncConnection,
    settings: PlatformSettings,
    notice: ReceivedNotice,
    named: Iterable[Named],
    now: datetime,
) -> None:
    """Holds and hides what an open notice names, and has copies of it searched."""
    known = {one.content for one in await notice_contents.of(connection, notice.number)}
    new = [one for one in named if one.content.id not in known]
    if not new:
        return
    suspended = await is_suspended(connection, notice, now)
    hidden = 0
    for one in new:
        hide = hides_at_once(notice, one.flags, setting=settings.notice_hide_at_once, suspended=suspended)
        added = await hold_and_hide(connection, notice, one, Copy.NAMED, now, hide=hide)
        hidden += added.hidden_at is not None
    await notice_log.record(connection, notice.number, NoticeEvent.NAMED, now, {"contents": len(new)})
    if hidden:
        await notice_log.record(connection, notice.number, NoticeEvent.HIDDEN, now, {"contents": hidden})
    await notice_tasks.plan(connection, Task(notice.number, SEARCH, now))


async def hold_and_hide(
    connection: AsyncConnection,
    notice: ReceivedNotice,
    one: Named,
    how: Copy,
    now: datetime,
    *,
    hide: bool,
    distance: int | None = None,
    like: str | None = None,
) -> NoticeContent:
    """Has a piece of content wait for a person, and be hidden meanwhile. `like` is the content that it is a copy of.

    What waits already because of another notice waits once, for the earlier of both clocks.
    """
    waiting = await notice_contents.open_hold_of(connection, one.content.id)
    if waiting is None:
        waiting = _hold(notice, one, like or one.content.id, now)
        await holds.add(connection, waiting)
    else:
        if notice.due_at is not None:
            await notice_contents.hurry(connection, waiting.id, notice.due_at)
        if notice.child and waiting.state is HoldState.OPEN:
            await holds.move(connection, [waiting.id], HoldState.ESCALATED)
    hidden_at = now if hide else None
    if hide:
        await instructions.give(connection, one.content.id, Doing.HIDE, because=notice.number, at=now)
    added = NoticeContent(notice.number, one.content.id, how, waiting.id, distance, one.flags, hidden_at)
    await notice_contents.add(connection, added, one.prints)
    return added


async def is_suspended(connection: AsyncConnection, notice: ReceivedNotice, now: datetime) -> bool:
    """Whether a person has suspended the notifier. The person in the picture never is."""
    if notice.notifier is None or notice.signer is said.Signer.DEPICTED:
        return False
    until = (await notifiers.find(connection, notice.notifier)).suspended_until
    return until is not None and now < until


def _hold(notice: ReceivedNotice, one: Named, like: str, now: datetime) -> Hold:
    # Where a child is said to be shown, only the child-safety role looks.
    state = HoldState.ESCALATED if notice.child else HoldState.OPEN
    cluster = hashlib.sha256(f"takeback cluster of notices 1\n{like}".encode()).digest()[:CLUSTER_BYTES]
    return Hold(
        secrets.token_hex(16),
        one.content,
        Source.NOTICE,
        (),
        cluster,
        now,
        due_at=notice.due_at,
        kind=one.kind,
        state=state,
    )
