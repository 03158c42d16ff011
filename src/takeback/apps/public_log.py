"""The public log: its files, where in it a receipt's entries stand, and the task that brings it up to date."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, Router, get, post

from takeback import log as process_log
from takeback.apps.bundle import digest_of
from takeback.apps.installed import TheDatabase
from takeback.apps.portal import pad
from takeback.apps.problems import answers
from takeback.clearinghouse.log_files import CHECKPOINT, LogFiles, LogIdentity
from takeback.clearinghouse.public_log import FOLDER, publish
from takeback.clearinghouse.receipts import logged_of
from takeback.clock import Clock
from takeback.errors import InvalidInputError, NotFoundError, TakebackError, TooLargeError, UnavailableError
from takeback.settings import Settings
from takeback.storage.database import Database
from takeback.wire import intake as wire
from takeback.wire.tiles import PATH

_PLAIN = "text/plain"  # the framework adds the character set
_COMMON = {"x-content-type-options": "nosniff", "access-control-allow-origin": "*"}
#: A checkpoint is replaced; a tile or bundle never changes.
_REPLACED = {**_COMMON, "cache-control": "public, max-age=5"}
_IMMUTABLE = {**_COMMON, "cache-control": "public, max-age=31536000, immutable"}


@post("/v1/receipts/log", status_code=200, responses=answers(InvalidInputError, TooLargeError, UnavailableError))
async def receipt_log(data: wire.SecretsBody, database: TheDatabase) -> wire.LoggedListBody:
    """Says where in the public log the entry of each secret stands. Unknown and withdrawn answer alike."""
    return wire.logged(await logged_of(database, wire.secrets(data)))


def log_router(settings: Settings, identity: LogIdentity) -> Router:
    """Gives the log's own addresses, and the question for a receipt's entries."""
    receipt_log.after_request = pad
    asking = Router(
        "/",
        route_handlers=[receipt_log],
        response_headers={"cache-control": "no-store"},
        request_max_body_size=settings.intake_body_limit_bytes,
    )
    return Router("/", route_handlers=[asking, *_files(LogFiles(settings.data_path / FOLDER, identity), identity)])


def _files(files: LogFiles, identity: LogIdentity) -> list[Any]:
    def answer(name: str, kind: str, headers: dict[str, str]) -> Response[bytes]:
        content = files.fetch(name)
        if content is None:
            raise NotFoundError("There is nothing at this place of the log. `/log/checkpoint` says how far it goes.")
        return Response(content, media_type=kind, headers=headers)

    @get("/log/checkpoint", include_in_schema=False, sync_to_thread=True)
    def checkpoint() -> Response[bytes]:
        """Gives the log's size and root, signed (C2SP tlog-checkpoint)."""
        return answer(CHECKPOINT, _PLAIN, _REPLACED)

    @get("/log/key", include_in_schema=False, sync_to_thread=False)
    def key() -> Response[str]:
        """Gives the key that signs checkpoints. Compare it with one that you have from elsewhere."""
        return Response(f"{identity.verifier}\n", media_type=_PLAIN, headers=_REPLACED)

    @get("/log/tile/{name:path}", include_in_schema=False, sync_to_thread=True)
    def tile(name: str) -> Response[bytes]:
        """Gives a tile of hashes, or under `entries/` a bundle of leaves (C2SP tlog-tiles)."""
        path = f"tile/{name.lstrip('/')}"
        if not PATH.fullmatch(path):
            raise NotFoundError("There is nothing at this place of the log. `/log/checkpoint` says how far it goes.")
        return answer(path, "application/octet-stream", _IMMUTABLE)

    return [checkpoint, key, tile]


async def log_for_ever(settings: Settings, database: Database, clock: Clock, identity: LogIdentity) -> None:
    """Brings the log up to date again and again. A failure is logged and tried again: nothing that waits is lost."""
    page = digest_of(settings.portal_path)
    while True:
        try:
            await publish(database, clock, identity, settings.data_path, page=page)
        except TakebackError as error:
            process_log.logger().warning("log not published", code=error.code)
        except Exception as error:  # noqa: BLE001 - the process edge: a bug must not stop the log
            process_log.logger().error("log not published", where=process_log.failure(error))
        await asyncio.sleep(settings.log_interval_s)
