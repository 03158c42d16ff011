"""Keeps the code of the error that a participant's request ended in, so that an operator sees why somebody is stuck."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import HTTPException

from takeback.apps import problems
from takeback.clearinghouse.credentials import note_error
from takeback.clock import Clock
from takeback.storage.database import Database


def noted(database: Database, clock: Clock) -> dict[Any, Any]:
    """Gives handlers of errors for a zone whose guard keeps who is `claimed` to ask; noting comes after the answer."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[problems.Problem]:
        answer = problems.handle(request, error)
        claimed = request.state.get("claimed")
        if claimed:
            answer.background = BackgroundTask(note_error, database, clock, claimed, answer.content.code)
        return answer

    return {Exception: handle, HTTPException: handle}
