"""The site over HTTP: gallery and upload for everybody, a review page for the moderator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from litestar import Litestar, MediaType, Request, get, post
from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.contrib.jinja import JinjaTemplateEngine
from litestar.datastructures import UploadFile
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotAuthorizedException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.middleware.session.client_side import CookieBackendConfig
from litestar.params import Body
from litestar.response import File, Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig

from photoshare.moderation import Moderation
from photoshare.moderator import Moderator
from photoshare.pictures import Picture, State

HERE = Path(__file__).parent
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
SESSION_SECONDS = 8 * 60 * 60
#: A picture's own bytes are never trusted to say what they are.
MEDIA_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp", b"GIF8": "image/gif"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass
class UploadForm:
    """What the upload form sends."""

    picture: UploadFile


@dataclass
class PasswordForm:
    """What the sign-in form sends."""

    password: str


def moderators_only(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    """Lets a signed-in moderator through."""
    if not connection.session.get("moderator"):
        raise NotAuthorizedException


@get("/health", media_type=MediaType.TEXT)
async def health() -> str:
    """Says that the site answers."""
    return "ok"


@get("/", sync_to_thread=True)
def gallery(moderation: Moderation, uploaded: str | None = None) -> Template:
    """Shows what everybody may see."""
    return Template("gallery.html", context={"pictures": moderation.pictures.gallery(), "uploaded": uploaded})


@post("/upload")
async def upload(
    data: Annotated[UploadForm, Body(media_type=RequestEncodingType.MULTI_PART)], moderation: Moderation
) -> Redirect:
    """Takes a picture in. The answer says only whether it is shown yet, and never why not."""
    content = await data.picture.read()
    picture = await asyncio.to_thread(moderation.upload, content)
    return Redirect("/?uploaded=shown" if picture.state is State.VISIBLE else "/?uploaded=checking")


@get("/pictures/{picture_id:str}", sync_to_thread=True)
def picture(picture_id: str, moderation: Moderation) -> File:
    """Sends a visible picture; one that is held does not exist for anybody."""
    found = moderation.pictures.find(picture_id)
    if found is None or found.state is State.HELD:
        raise NotFoundException
    return _file(found, moderation)


@get("/review", sync_to_thread=True)
def review(request: Request, moderation: Moderation, show: str | None = None) -> Template:
    """Shows the queue, or the sign-in form."""
    if not request.session.get("moderator"):
        return Template("sign_in.html", context={})
    return Template("review.html", context={"pictures": moderation.pictures.held(), "show": show})


@post("/review/sign-in", sync_to_thread=True)
def sign_in(
    request: Request,
    data: Annotated[PasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
    moderator: Moderator,
) -> Template | Redirect:
    """Signs the moderator in."""
    if not moderator.is_(data.password):
        return Template("sign_in.html", context={"wrong": True}, status_code=403)
    request.set_session({"moderator": True})
    return Redirect("/review")


@get("/review/{picture_id:str}/picture", guards=[moderators_only], sync_to_thread=True)
def held_picture(picture_id: str, moderation: Moderation) -> File:
    """Sends a held picture to the moderator who asked for it."""
    return _file(_held(picture_id, moderation), moderation)


@post("/review/{picture_id:str}/confirm", guards=[moderators_only], sync_to_thread=True)
def confirm(picture_id: str, moderation: Moderation) -> Redirect:
    """The moderator has looked: it is what the list says."""
    moderation.confirm(_held(picture_id, moderation))
    return Redirect("/review")


@post("/review/{picture_id:str}/wrong", guards=[moderators_only], sync_to_thread=True)
def wrong(picture_id: str, moderation: Moderation) -> Redirect:
    """The moderator has looked: it does not belong on the list."""
    moderation.release(_held(picture_id, moderation))
    return Redirect("/review")


def create_site(
    moderation: Moderation, moderator: Moderator, secret: bytes, *, on_stop: Callable[[], None]
) -> Litestar:
    """Gives the site. `secret` (32 bytes) signs sessions and forms."""
    return Litestar(
        route_handlers=[
            *(health, gallery, upload, picture, review, sign_in, held_picture, confirm, wrong),
            create_static_files_router(path="/static", directories=[HERE / "static"]),
        ],
        dependencies={
            "moderation": Provide(lambda: moderation, sync_to_thread=False),
            "moderator": Provide(lambda: moderator, sync_to_thread=False),
        },
        middleware=[CookieBackendConfig(secret=secret, max_age=SESSION_SECONDS, samesite="strict").middleware],
        csrf_config=CSRFConfig(secret=secret.hex(), cookie_httponly=True, cookie_samesite="strict"),
        template_config=TemplateConfig(directory=HERE / "templates", engine=JinjaTemplateEngine),
        response_headers=HEADERS,
        request_max_body_size=MAX_UPLOAD_BYTES,
        openapi_config=None,
        on_shutdown=[on_stop],
    )


def _held(picture_id: str, moderation: Moderation) -> Picture:
    found = moderation.pictures.find(picture_id)
    if found is None or found.state is not State.HELD:
        raise NotFoundException
    return found


def _file(found: Picture, moderation: Moderation) -> File:
    path = moderation.pictures.path_of(found)
    with path.open("rb") as opened:
        begin = opened.read(4)
    media_type = next((kind for magic, kind in MEDIA_TYPES.items() if begin.startswith(magic)), None)
    return File(path, media_type=media_type or "application/octet-stream", content_disposition_type="inline")
