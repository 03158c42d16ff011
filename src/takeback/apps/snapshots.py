"""The whole list in one answer, for a reader that begins: a stream that is written while it is sent.

No file of it lies at the clearinghouse: it would hold what is withdrawn later.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from litestar import Request, get
from litestar.response import Stream

from takeback.apps.dependencies import TheListKey, TheLog, TheSettings, TheStretches
from takeback.apps.encoding import compressor
from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.problems import answers
from takeback.clearinghouse.feed import page_bytes_for
from takeback.clearinghouse.public_log import state_salt
from takeback.errors import InvalidInputError, NotAuthorisedError, NotFoundError, SuspendedError, UnavailableError
from takeback.model.participant import ParticipantState
from takeback.storage import list_state
from takeback.wire import changes as wire
from takeback.wire.snapshot import Writer

MEDIA_TYPE = "application/x-ndjson"


@get(
    "/v1/snapshot",
    media_type=MEDIA_TYPE,
    responses=answers(InvalidInputError, NotFoundError, NotAuthorisedError, SuspendedError, UnavailableError),
)
async def snapshot(
    request: Request[Any, Any, Any],
    database: TheDatabase,
    clock: TheClock,
    settings: TheSettings,
    list_key: TheListKey,
    stretches: TheStretches,
    log: TheLog,
) -> Stream:
    """Gives everything that is listed, line by line, with one signature at the end."""
    participant = request.state.participant
    if participant.state is ParticipantState.SANDBOX:
        raise NotFoundError("There is no snapshot of test entries. Ask page by page.")
    state = await database.read("read-head", list_state.read)
    writer = Writer(list_id=settings.list_id, participant=participant.id, issued=clock.now(), began_at=state.head)

    async def lines() -> AsyncIterator[bytes]:
        yield writer.header()
        while not writer.ended:
            body = await page_bytes_for(
                database,
                clock,
                participant,
                stretches,
                list_id=settings.list_id,
                after=writer.after,
                limit=wire.MAX_PAGE_CHANGES,
                salt_of=partial(state_salt, log),
                acknowledges=False,
            )
            yield writer.page(body)
        yield writer.signature(list_key)

    found = compressor(request.headers.get("accept-encoding", ""))
    headers = {"vary": "accept-encoding"}
    if found is None:
        return Stream(lines(), media_type=MEDIA_TYPE, headers=headers)
    name, compress = found

    async def compressed() -> AsyncIterator[bytes]:
        async for part in lines():
            yield compress.compress(part)
        yield compress.flush()

    return Stream(compressed(), media_type=MEDIA_TYPE, headers=headers | {"content-encoding": name})
