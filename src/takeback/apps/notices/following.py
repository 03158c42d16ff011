"""The submitter's pages: how a notice stands, what is missing, and taking it back."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from takeback.apps.notices.api import parts_of
from takeback.apps.notices.choosing import PagesFor
from takeback.apps.notices.form import Fields, one, parts_body
from takeback.apps.notices.handling import Again, Asked, guarded
from takeback.apps.notices.office import Office
from takeback.apps.notices.writing import Pages
from takeback.errors import TakebackError
from takeback.participant.notices.following import standing, withdraw
from takeback.participant.notices.receiving import complete


def following(office: Office, pages_for: PagesFor) -> list[Any]:
    """Gives the handlers, each in the language that is chosen for a request."""

    @get("/status", include_in_schema=False, sync_to_thread=False)
    def ask_status(request: Asked) -> Response[str]:
        """Asks for number and secret. They are sent in a form, so that no address holds them."""
        return pages_for(request).ask_status()

    @post("/status", include_in_schema=False, status_code=200)
    async def status(request: Asked) -> Response[str]:
        """Shows how a notice stands."""
        pages = pages_for(request)

        async def work(fields: Fields) -> Response[str]:
            number, secret = one(fields, "number"), one(fields, "secret")
            return pages.standing(await standing(office.database, number, secret), secret)

        return await guarded(office, request, work, pages.ask_status)

    @post("/parts", include_in_schema=False, status_code=200)
    async def add_parts(request: Asked) -> Response[str]:
        """Takes what was missing."""
        pages = pages_for(request)

        async def work(fields: Fields) -> Response[str]:
            number, body = one(fields, "number"), parts_body(fields)
            await complete(office.database, office.clock, office.settings, number, body.secret, parts_of(body))
            return pages.standing(await standing(office.database, number, body.secret), body.secret)

        return await guarded(office, request, work, _still_missing(office, pages))

    @post("/withdraw", include_in_schema=False, status_code=200)
    async def take_back(request: Asked) -> Response[str]:
        """Takes a notice back, when the box is ticked."""
        pages = pages_for(request)

        async def work(fields: Fields) -> Response[str]:
            number, secret = one(fields, "number"), one(fields, "secret")
            if one(fields, "sure"):
                await withdraw(office.database, office.clock, number, secret)
            return pages.standing(await standing(office.database, number, secret), secret)

        return await guarded(office, request, work, pages.ask_status)

    return [ask_status, status, add_parts, take_back]


def _still_missing(office: Office, pages: Pages) -> Again:
    async def again(fields: Fields, error: TakebackError) -> Response[str]:
        """Shows what is missing with what was filled in, to whoever has number and secret."""
        number, secret = one(fields, "number"), one(fields, "secret")
        try:
            found = await standing(office.database, number, secret)
        except TakebackError:
            return pages.ask_status(fields, error)
        return pages.standing(found, secret, fields, error)

    return again
