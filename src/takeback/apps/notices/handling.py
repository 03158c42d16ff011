"""A form of the page at work: admitted, read, done; or told what is to be put right, with what was filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from takeback.apps.notices.form import Fields, fields_of
from takeback.apps.notices.office import Office
from takeback.apps.problems import in_our_tree
from takeback.errors import EDGES, TakebackError

Asked = Request[Any, Any, Any]
Work = Callable[[Fields], Awaitable[Response[str]]]
Again = Callable[[Fields, TakebackError], Response[str] | Awaitable[Response[str]]]


async def guarded(office: Office, request: Asked, work: Work, again: Again) -> Response[str]:
    """Does the work of a form; what goes wrong is shown again."""
    fields: Fields = {}
    try:
        office.admit(request)
        fields = await fields_of(request)
        return await work(fields)
    except (TakebackError, HTTPException, UnicodeDecodeError) as error:
        known = in_our_tree(error)
        if known is None:
            raise
        shown = again(fields, known)
        answer = shown if isinstance(shown, Response) else await shown
        answer.status_code = EDGES[known.code].status
        return answer
