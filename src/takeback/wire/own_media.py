"""What the platform tells its agent of media that it has deleted."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from takeback.wire.json import Answer, Request
from takeback.wire.screening import OwnId

#: Ids in one request.
MAX_CONTENTS = 1_000


class RemovedBody(Request, frozen=True):
    """What was deleted, by the platform's own ids."""

    contents: Annotated[list[OwnId], Meta(max_length=MAX_CONTENTS)]


class RemovedAnswer(Answer, frozen=True):
    """Of how much of it there were fingerprints: there are none any more."""

    removed: int
