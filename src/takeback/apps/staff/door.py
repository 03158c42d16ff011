"""The door: signing in and out, and the link that registers a first passkey."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response.redirect import Redirect

from takeback.apps.installed import TheClock, TheDatabase
from takeback.apps.staff.access import ANYBODY, VIEWER, Asked, TheCeremonies, cookie, form, session_of
from takeback.apps.staff.zone import TheZone
from takeback.staff import sessions

#: What the browser kept of the zone goes when its operator goes. The cookie is ended by name: browsers take
#: "cookies" for those of every site below the same domain.
CLEAR = {"clear-site-data": '"cache", "storage"'}


@get("/sign-in", opt=ANYBODY)
async def sign_in_page(request: Asked, zone: TheZone, ceremonies: TheCeremonies) -> Response[str]:
    """Shows the door."""
    return zone.page(request, "sign_in", options=ceremonies.sign_in_options(), origin=ceremonies.site.origin)


@post("/sign-in", opt=ANYBODY, status_code=303)
async def sign_in(
    request: Asked, zone: TheZone, ceremonies: TheCeremonies, database: TheDatabase, clock: TheClock
) -> Redirect:
    """Begins a session with a token that is new in every case; the one before in this browser ends."""
    token = await ceremonies.sign_in((await form(request)).get("answer", ""))
    if session_of(request) is not None:
        await sessions.end(database, clock, session_of(request))
    return Redirect(zone.base, status_code=303, cookies=[cookie(ceremonies.site, token)])


@post("/sign-out", opt=VIEWER, status_code=303)
async def sign_out(
    request: Asked, zone: TheZone, ceremonies: TheCeremonies, database: TheDatabase, clock: TheClock
) -> Response[Any]:
    """Ends the session, and has the browser forget."""
    await sessions.end(database, clock, session_of(request))
    answer = zone.then("/sign-in", "signed-out")
    answer.set_cookie(cookie(ceremonies.site, ""))
    answer.headers.update(CLEAR)
    return answer


@get("/enrol", opt=ANYBODY)
async def enrol_page(request: Asked, zone: TheZone) -> Response[str]:
    """Asks for the link's code. It stands behind the # of the link, which browsers send to nobody."""
    return zone.page(request, "enrol")


@post("/enrol/open", opt=ANYBODY, status_code=200)
async def open_link(request: Asked, zone: TheZone, ceremonies: TheCeremonies) -> Response[str]:
    """Shows whom the link lets in, and asks for a passkey. The link stays good until one is registered."""
    code = (await form(request)).get("code", "").strip()
    operator, options = await ceremonies.link_options(code)
    return zone.page(request, "register", who=operator, code=code, options=options, origin=ceremonies.site.origin)


@post("/enrol", opt=ANYBODY, status_code=303)
async def enrol(request: Asked, zone: TheZone, ceremonies: TheCeremonies) -> Redirect:
    """Registers the passkey and ends the link."""
    fields = await form(request)
    await ceremonies.register_by_link(fields.get("code", ""), fields.get("answer", ""), fields.get("label", ""))
    return zone.then("/sign-in", "registered")
