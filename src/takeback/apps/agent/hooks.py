"""Other software's own hooks for uploads, answered by a status: 204 keeps the upload, 422 refuses it.

They have no way to hold an upload, so what would wait for a person is refused (docs/how-to/hooks.md).
"""

from __future__ import annotations

import tempfile
from typing import Any

from litestar import Request, Response, Router, post
from litestar.datastructures import UploadFile

from takeback.apps.agent.door import key_guard
from takeback.apps.agent.screening import IN_MEMORY_BYTES, Screening, received
from takeback.model.agent_key import KeyRole
from takeback.model.hold import Surface
from takeback.participant.agent.keys import Keys
from takeback.participant.agent.policies import Do
from takeback.participant.agent.uploads import Upload
from takeback.platform_settings import PlatformSettings
from takeback.wire import screening as wire


def hooks_router(screening: Screening, keys: Keys, settings: PlatformSettings) -> Router:
    """Gives the routes; every one takes a key of role `screen`."""

    @post(
        "/v1/hooks/pict-rs",
        status_code=204,
        request_max_body_size=settings.screen_body_limit_bytes,
        include_in_schema=False,
    )
    async def pict_rs(request: Request[Any, Any, Any], surface: wire.Surfaces = "public") -> Response[None]:
        """Lets pict-rs keep a file (204), or has it refuse the upload (422): its `external_validation`."""
        screening.files.take(request)
        with screening.room(), tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as spooled:
            await received(request, spooled)
            found = await screening.of_file(spooled, Upload(Surface(surface)))
        return Response(None, status_code=204 if found.do is Do.ALLOW else 422)

    @post(
        "/v1/hooks/form",
        status_code=204,
        request_max_body_size=settings.screen_body_limit_bytes,
        include_in_schema=False,
    )
    async def form(request: Request[Any, Any, Any], surface: wire.Surfaces = "public") -> Response[None]:
        """Lets a proxy pass a form on (204), or refuse it (422), by every file in it."""
        allowed = True
        with screening.room():
            for _, part in (await request.form()).multi_items():
                if isinstance(part, UploadFile):
                    screening.files.take(request)
                    found = await screening.of_file(part.file, Upload(Surface(surface)))
                    allowed = allowed and found.do is Do.ALLOW
        return Response(None, status_code=204 if allowed else 422)

    return Router(
        "/",
        route_handlers=[pict_rs, form],
        guards=[key_guard(KeyRole.SCREEN, keys, settings)],
        response_headers={"cache-control": "no-store"},
    )
