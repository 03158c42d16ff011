"""Files of the feed, for anything that keeps and hands out files: nobody is asked who they are.

What is in them is sealed; addresses and keys stand in the directory (`exchange.py`), and an address that it did not
tell is answered by nothing.
"""

from __future__ import annotations

from litestar import Request, Response, Router, get
from litestar.datastructures import State

from takeback.apps.admission import EXCHANGE, ZONE
from takeback.apps.dependencies import TheListFiles
from takeback.apps.installed import TheDatabase
from takeback.apps.problems import answers
from takeback.errors import NotFoundError, UnavailableError

#: The bytes at an address never change. A day, and not for ever: what was withdrawn shall not lie about.
_HEADERS = {"cache-control": "public, max-age=86400, immutable", "x-content-type-options": "nosniff"}
_MEDIA_TYPE = "application/octet-stream"


@get("/v1/files/text/{address:str}", responses=answers(NotFoundError, UnavailableError), media_type=_MEDIA_TYPE)
async def text(
    request: Request[None, None, State], database: TheDatabase, files: TheListFiles, address: str
) -> Response[bytes]:
    """Gives the text of a file, sealed: the same for every participant."""
    return _answer(request, address, await files.text(database, address))


@get("/v1/files/names/{address:str}", responses=answers(NotFoundError, UnavailableError), media_type=_MEDIA_TYPE)
async def names(
    request: Request[None, None, State], database: TheDatabase, files: TheListFiles, address: str
) -> Response[bytes]:
    """Gives one participant's names for the entries of a file, sealed."""
    return _answer(request, address, await files.names(database, address))


def list_files_router() -> Router:
    """Gives the addresses of files."""
    return Router("/", route_handlers=[text, names], opt={ZONE: EXCHANGE})


def _answer(request: Request[None, None, State], address: str, content: bytes) -> Response[bytes]:
    tag = f'"{address.rpartition("-")[2]}"'
    headers = {**_HEADERS, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=_MEDIA_TYPE)
    return Response(content, headers=headers, media_type=_MEDIA_TYPE)
