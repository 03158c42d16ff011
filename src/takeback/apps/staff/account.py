"""An operator's own account: passkeys and sessions."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import VIEWER, Asked, TheCeremonies, form, session_of
from takeback.apps.staff.zone import TheZone
from takeback.errors import NotFoundError
from takeback.staff import sessions


@get("/account", opt=VIEWER)
async def account(request: Asked, zone: TheZone, ceremonies: TheCeremonies) -> Response[str]:
    """Shows it. Passkeys can be changed only by whoever has just signed in."""
    session = session_of(request)
    fresh = ceremonies.is_fresh(session)
    return zone.page(
        request,
        "account",
        passkeys=await ceremonies.passkeys_of(session.operator),
        fresh=fresh,
        options=await ceremonies.more_options(session) if fresh else "",
        origin=ceremonies.site.origin,
    )


@post("/account/passkeys", opt=VIEWER, status_code=303)
async def add_passkey(request: Asked, zone: TheZone, ceremonies: TheCeremonies) -> Redirect:
    """Registers a further passkey."""
    fields = await form(request)
    await ceremonies.register_more(session_of(request), fields.get("answer", ""), fields.get("label", ""))
    return zone.then("/account", "added")


@post("/account/passkeys/{id_:str}/remove", opt=VIEWER, status_code=303)
async def remove_passkey(request: Asked, zone: TheZone, ceremonies: TheCeremonies, id_: str) -> Redirect:
    """Removes one."""
    try:
        known = bytes.fromhex(id_)
    except ValueError:
        raise NotFoundError("You have no such passkey.") from None
    await ceremonies.remove(session_of(request), known)
    return zone.then("/account", "removed")


@post("/account/sign-out-others", opt=VIEWER, status_code=303)
async def sign_out_others(request: Asked, zone: TheZone, database: TheDatabase, clock: TheClock) -> Redirect:
    """Ends this operator's sessions in every other browser."""
    await sessions.end_others(database, clock, session_of(request))
    return zone.then("/account", "others")
