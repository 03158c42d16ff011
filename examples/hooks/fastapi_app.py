"""Uploads of a FastAPI site. Run: uvicorn --app-dir examples/hooks fastapi_app:app."""

import uuid
from typing import Annotated

from checker import gate
from fastapi import Depends, FastAPI
from starlette.requests import Request

from takeback.hooks.starlette import Upload, screened

app = FastAPI()
GATE = gate()
published: dict[str, bytes] = {}
waiting: dict[str, bytes] = {}


def content_id(request: Request) -> str:
    """Our own id of the upload, under which the desk holds it."""
    request.state.content = f"picture/{uuid.uuid4().hex}"
    return str(request.state.content)


@app.post("/upload")
async def upload(
    request: Request, picture: Annotated[Upload, Depends(screened(GATE, "picture", content=content_id))]
) -> dict[str, str]:
    """Publishes, or keeps the upload for a person to look. The answer never says why."""
    kept = published if picture.looked.publish else waiting
    kept[request.state.content] = await picture.file.read()
    return {"picture": "shown" if picture.looked.publish else "being checked"}
