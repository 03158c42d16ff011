"""FastAPI and Starlette: a dependency that gives the upload with what is known of it.

@app.post("/upload")
async def upload(picture: Annotated[Upload, Depends(screened(gate, field="picture"))]): ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from takeback.hooks.gate import Gate, Looked


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form, and what is known of it. The file stands at its beginning."""

    file: UploadFile
    looked: Looked


def screened(
    gate: Gate, field: str = "file", *, surface: str = "public", content: Callable[[Request], str | None] | None = None
) -> Callable[[Request], Awaitable[Upload]]:
    """Gives the dependency for one field of a form; 400 where it is missing. `content` gives your id of the upload."""

    async def dependency(request: Request) -> Upload:
        file = (await request.form()).get(field)
        if not isinstance(file, UploadFile):
            raise HTTPException(400, f"{field}: is missing. Send the upload in this field.")
        id_ = None if content is None else content(request)
        looked = await run_in_threadpool(gate.look, file.file, content=id_, surface=surface)
        await file.seek(0)
        return Upload(file, looked)

    return dependency
