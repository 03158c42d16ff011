"""What every zone of staff has: the door, accounts, changes that take two, the audit. Default deny.

A clearinghouse has its console, a platform its desk. Each is a `StaffZone` (zone.py), and adds screens of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from takeback.apps.staff import account, audit, door, operators, proposals
from takeback.apps.staff.access import ANYBODY, guard
from takeback.apps.staff.zone import HEADERS, StaffZone
from takeback.clock import Clock
from takeback.settings import StaffSettings
from takeback.staff.passkeys import Ceremonies
from takeback.storage.database import Database

#: The files of every zone, and what each is. There is no other.
_FILES = {
    "style.css": "text/css; charset=utf-8",
    "passkey.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def staff_router(
    zone: StaffZone,
    settings: StaffSettings,
    database: Database,
    clock: Clock,
    screens: list[ControllerRouterHandler],
    **provided: Provide,
) -> Router:
    """Gives a zone: what every one has, and `screens` of its own. `provided` are dependencies of those."""
    ceremonies = Ceremonies(database, clock, settings)
    handlers: dict[Any, Any] = {Exception: zone.failed, HTTPException: zone.failed}
    return Router(
        zone.base,
        route_handlers=[
            *(door.sign_in_page, door.sign_in, door.sign_out, door.enrol_page, door.open_link, door.enrol),
            *(proposals.proposals, proposals.new, proposals.propose, proposals.carry_out, proposals.refuse),
            *(operators.operators, operators.add, operators.enrol, operators.change_role, operators.close),
            *(account.account, account.add_passkey, account.remove_passkey, account.sign_out_others),
            *(audit.audit, *screens),
            *(_file(name, media_type) for name, media_type in _FILES.items()),
        ],
        guards=[guard(database, clock, ceremonies)],
        dependencies={
            "ceremonies": Provide(lambda: ceremonies, sync_to_thread=False),
            "zone": Provide(lambda: zone, sync_to_thread=False),
            **provided,
        },
        exception_handlers=handlers,
        response_headers=HEADERS,
        request_max_body_size=settings.staff_body_limit_bytes,
        include_in_schema=False,
    )


def _file(name: str, media_type: str) -> Any:  # noqa: ANN401 - what the framework's decorator gives
    content = (Path(__file__).parents[1] / "static" / "staff" / name).read_bytes()

    @get(f"/{name}", opt=ANYBODY, sync_to_thread=False)
    def file() -> Response[bytes]:
        """Gives one of the zone's own files."""
        return Response(content, media_type=media_type)

    return file
