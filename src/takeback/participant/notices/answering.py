"""Letters to somebody who gave an address: that the notice came in, and how it ended. They say nothing of the picture.

They are in the language of the notice: that of the form, or the one that a letter file names.
Regulation (EU) 2022/2065, article 16(4) and (5), asks for both; the number is there to look the rest up with.
"""

from __future__ import annotations

import asyncio

from takeback import letters, log
from takeback.clock import Clock
from takeback.model.received_notice import NoticeState
from takeback.participant.notices.tasks import ANSWER, CONFIRM
from takeback.participant.notices.texts import isolated, nearest, texts_of
from takeback.platform_settings import PlatformSettings
from takeback.storage.database import Database
from takeback.storage.platform import notice_tasks, notices
from takeback.storage.platform.notice_tasks import Task
from takeback.wire import notice as wire


async def answer(database: Database, clock: Clock, settings: PlatformSettings, task: Task) -> None:
    """Writes one letter, where there is an address and letters are wanted, and ends the task."""
    text = await database.read("text-of-notice", lambda connection: notices.opened(connection, task.notice))
    notice = await database.read("find-notice", lambda connection: notices.find(connection, task.notice))
    email = wire.notice(text).email if text is not None else None
    if notice is not None and email and settings.answers_notices and _still(task, notice.state):
        tag = nearest(notice.language)
        words, number = texts_of(tag)["letters"], isolated(tag, task.notice)
        subject = words["subject"].format(number=number)
        said = words[task.kind] if task.kind == CONFIRM else words[notice.state.value]
        body = "\n\n".join([said.format(service=isolated(tag, settings.service_name), number=number), words["more"]])
        name = f"notice-{task.notice}-{task.kind}-{notice.state.value}"
        try:
            await asyncio.to_thread(letters.send, settings, email, subject, f"{body}\n", name=name)
        except ValueError:  # an address that no letter can be sent to: nobody is told, and the page still tells it
            log.logger().warning("letter of a notice", kind=task.kind)
    await database.run("answered", lambda connection: notice_tasks.finish(connection, task, clock.now()))


def _still(task: Task, state: NoticeState) -> bool:
    """Whether there is something to tell: a decision that was taken the other way meanwhile is told as it is now."""
    return task.kind == CONFIRM or (task.kind == ANSWER and state in {NoticeState.REMOVED, NoticeState.REFUSED})
