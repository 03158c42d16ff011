"""A notice comes in: kept whatever is missing, its clock begun when nothing is, and what it names hidden in one step.

Whoever gets a receipt can rely on all of it: the notice, its clock and the hiding are one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback import metrics
from takeback.clock import Clock
from takeback.errors import ConflictError
from takeback.model import notice_clock
from takeback.model.notice import Authority, Notice, Part, Place, Statement, missing_parts
from takeback.model.notice_log import NoticeEvent
from takeback.model.notice_places import Places, places_text
from takeback.model.notice_receipt import digest_of, new_number, new_secret
from takeback.model.received_notice import NoticeState, ReceivedNotice, must_lead, received
from takeback.participant.notices.contents import Named, take_in
from takeback.participant.notices.following import opened_by
from takeback.participant.notices.tasks import CONFIRM
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import notice_log, notice_tasks, notices
from takeback.storage.platform.notice_tasks import Task
from takeback.wire import notice as wire

#: The lane of everybody who is no trusted flagger.
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the submitter keeps. `secret` is shown once and kept nowhere. `missing` is what the law still asks for."""

    notice: ReceivedNotice
    secret: str
    missing: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What completes a notice. What is None or empty was not given."""

    places: tuple[Place, ...] = ()
    statements: frozenset[Statement] = frozenset()
    authority: Authority | None = None
    signature: str | None = None
    email: str | None = None

    def added_to(self, said: Notice) -> Notice:
        """Gives the notice with these parts; what it said before stays where it said something."""
        return replace(
            said,
            places=said.places or self.places,
            statements=said.statements | self.statements,
            authority=said.authority or self.authority,
            signature=said.signature or self.signature,
            email=said.email or self.email,
        )


async def receive(
    database: Database, clock: Clock, settings: PlatformSettings, said: Notice, *, flagger: str | None = None
) -> Receipt:
    """Keeps a notice and gives the receipt. `flagger` is the id of the trusted flagger that sends it."""
    secret, now, places = new_secret(), clock.now(), Places(settings.notice_places)

    async def work(connection: AsyncConnection) -> ReceivedNotice:
        notifier = notices.notifier_index(connection, said.email) if said.email else None
        new = received(new_number(), said, now, flagger=flagger, notifier=notifier)
        await notices.add(connection, new, digest_of(secret))
        await notice_log.record(connection, new.number, NoticeEvent.RECEIVED, now, _facts(new))
        return await _keep(connection, settings, places, new, said, now)

    notice = await database.run("receive-notice", work)
    metrics.NOTICES.labels(NoticeEvent.RECEIVED.value).inc()
    return Receipt(notice, secret, missing_parts(said))


async def complete(
    database: Database, clock: Clock, settings: PlatformSettings, number: str, secret: str, parts: Parts
) -> tuple[Part, ...]:
    """Adds what was missing, and gives what still is. The clock begins when nothing is.

    Raises NotFoundError for an unknown number and a wrong secret alike, ConflictError for a notice that is complete.
    """
    now, places = clock.now(), Places(settings.notice_places)

    async def work(connection: AsyncConnection) -> tuple[Part, ...]:
        notice = await opened_by(connection, number, secret)
        text = await notices.opened(connection, notice.number)
        if notice.state is not NoticeState.INCOMPLETE or text is None:
            raise ConflictError("Nothing is missing in this notice, or it is closed.")
        said = parts.added_to(wire.notice(text))
        if said.email and notice.notifier is None:
            notice = replace(notice, notifier=notices.notifier_index(connection, said.email))
        await _keep(connection, settings, places, notice, said, now)
        return missing_parts(said)

    return await database.run("complete-notice", work)


async def _keep(
    connection: AsyncConnection,
    settings: PlatformSettings,
    places: Places,
    notice: ReceivedNotice,
    said: Notice,
    now: datetime,
) -> ReceivedNotice:
    """Seals what it says; begins the clock where nothing is missing."""
    await notices.seal(connection, notice.number, wire.notice_bytes(said))
    if missing_parts(said):
        await notices.save(connection, notice)
        return notice
    named = places_text(said)
    head = None if named is None else await notices.open_with_places(connection, named)
    must_lead(notice.state, NoticeState.OPEN)
    due = notice_clock.due_at(now, settings.notice_due_hours)
    valid = replace(notice, state=NoticeState.OPEN, valid_at=now, due_at=due, joined_to=head)
    await notices.save(connection, valid)
    await notices.set_places(connection, valid.number, named)
    await notice_log.record(connection, valid.number, NoticeEvent.VALID, now, {"joined": head is not None})
    for alarm in notice_clock.alarms(now, settings.notice_warn_hours, settings.notice_due_hours):
        await notice_tasks.plan(connection, Task(valid.number, alarm.kind, alarm.at))
    if said.email and settings.answers_notices:
        await notice_tasks.plan(connection, Task(valid.number, CONFIRM, now))
    contents = [Named(one, "video" if said.content.value == "video" else "image") for one in places.contents_of(said)]
    await take_in(connection, settings, valid, contents, now)
    return valid


def _facts(of: ReceivedNotice) -> dict[str, str | bool]:
    return {
        "law": of.law.value,
        "depicted": of.depicted.value,
        "content": of.content.value,
        "signer": of.signer.value,
        "computer_made": of.computer_made,
        "lane": of.flagger or PUBLIC,
    }
