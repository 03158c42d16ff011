"""The operators' zone: pages written by the server, below /console. Default deny: every route names its least role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get
from litestar.di import Provide
from litestar.exceptions import HTTPException

from takeback.apps.console import account, audit, door, entries, installation, operators, participants, proposals, today
from takeback.apps.console.access import ANYBODY, BASE, guard
from takeback.apps.console.pages import HEADERS, failed
from takeback.clock import Clock
from takeback.settings import Settings
from takeback.staff.passkeys import Ceremonies
from takeback.storage.database import Database

#: The console's own files, and what each is. There is no other.
_FILES = {
    "style.css": "text/css; charset=utf-8",
    "passkey.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def console_router(settings: Settings, database: Database, clock: Clock) -> Router:
    """Gives the zone."""
    ceremonies = Ceremonies(database, clock, settings)
    handlers: dict[Any, Any] = {Exception: failed, HTTPException: failed}
    return Router(
        BASE,
        route_handlers=[
            *(door.sign_in_page, door.sign_in, door.sign_out, door.enrol_page, door.open_link, door.enrol),
            *(today.today, today.statistics, installation.settings_page, installation.health_page, audit.audit),
            *(participants.participants, participants.participant, participants.suspend),
            *(entries.suspended, entries.fingerprints),
            *(proposals.proposals, proposals.new, proposals.propose, proposals.carry_out, proposals.refuse),
            *(operators.operators, operators.add, operators.enrol, operators.change_role, operators.close),
            *(account.account, account.add_passkey, account.remove_passkey, account.sign_out_others),
            *(_file(name, media_type) for name, media_type in _FILES.items()),
        ],
        guards=[guard(database, clock, ceremonies)],
        dependencies={"ceremonies": Provide(lambda: ceremonies, sync_to_thread=False)},
        exception_handlers=handlers,
        response_headers=HEADERS,
        request_max_body_size=settings.staff_body_limit_bytes,
        include_in_schema=False,
    )


def _file(name: str, media_type: str) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    content = (Path(__file__).parents[1] / "static" / "console" / name).read_bytes()

    @get(f"/{name}", opt=ANYBODY, sync_to_thread=False)
    def file() -> Response[bytes]:
        """Gives one of the console's own files."""
        return Response(content, media_type=media_type)

    return file
