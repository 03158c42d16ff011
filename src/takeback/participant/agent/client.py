"""Asking a platform's agent from its services, with the same `check` as a list in the process itself.

agent = takeback.Agent("http://127.0.0.1:8450", key)
agent.check("upload.jpg")                              # Clear, Matched or Unscannable
agent.screen("upload.jpg", content="post/17").do       # what the policy says: allow, hold, hide or remove
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO, TypeVar

import httpx2
import msgspec

from takeback.closing import Closing
from takeback.errors import (
    InvalidInputError,
    NotAuthorisedError,
    StaleListError,
    SuspendedError,
    TakebackError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.policy import Match
from takeback.matching.thresholds import Grade
from takeback.media.fingerprinter import Source, Unscannable
from takeback.media.reasons import UnscannableReason
from takeback.model.tier import StrongestAction, Tier
from takeback.participant.look_up import Clear, Matched
from takeback.wire.json import Answer
from takeback.wire.screening import (
    BatchAnswer,
    BatchBody,
    InstructionsBody,
    ItemBody,
    MatchBody,
    PrintBody,
    ScreenedBody,
    Surfaces,
)

#: Seconds for connecting, and for an answer: a film may take minutes.
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 5.0, 180.0
PART_BYTES = 1 << 20
Shape = TypeVar("Shape")


class _Problem(Answer, frozen=True):
    code: str = ""
    detail: str = ""
    field: str = "request"


class Agent(Closing):
    """One agent. Safe to use from several threads; `close` ends its connections."""

    def __init__(self, address: str, key: str = "", *, transport: httpx2.BaseTransport | None = None) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        timeout = httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        self._client = httpx2.Client(base_url=address, headers=headers, timeout=timeout, transport=transport)

    def __repr__(self) -> str:
        return "Agent(…)"

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def check(self, file: Source | tuple[Fingerprint, ...]) -> Clear | Matched | Unscannable:
        """Says whether a path, bytes, binary file, or fingerprints, are on a list.

        Raises StaleListError when a list is too old to be asked and no other matches; UnavailableError when the agent
        does not answer.
        """
        return checked(self.screen(file))

    def screen(
        self,
        file: Source | tuple[Fingerprint, ...],
        *,
        surface: str = "public",
        region: str | None = None,
        content: str | None = None,
        account: str | None = None,
    ) -> ScreenedBody:
        """Gives the whole answer: matches on every list, and what the policy says to `do`.

        With `content`, the platform's own id, what is to be held waits at the desk under that id.
        """
        said = {"surface": surface, "region": region, "content": content, "account": account}
        given = {name: value for name, value in said.items() if value is not None}
        if isinstance(file, tuple):
            body = msgspec.json.encode({"fingerprints": [_print(one) for one in file], **given})
            return self._ask("POST", "/v1/screen", ScreenedBody, content=body, media_type="application/json")
        if isinstance(file, str | Path):
            with Path(file).open("rb") as opened:
                return self._file(opened, given)
        return self._file(BytesIO(file) if isinstance(file, bytes) else file, given)

    def screen_many(
        self, uploads: list[tuple[Fingerprint, ...]], *, surface: Surfaces = "public", strong_only: bool = False
    ) -> list[ScreenedBody]:
        """Gives the answers about many uploads by their fingerprints, in order."""
        items = [ItemBody([_print(one) for one in prints], surface=surface) for prints in uploads]
        body = msgspec.json.encode(BatchBody(items, strong_only))
        answer = self._ask("POST", "/v1/screen/batch", BatchAnswer, content=body, media_type="application/json")
        return answer.items

    def instructions(self, after: int = 0, *, wait_s: int = 0) -> InstructionsBody:
        """Gives what to do with content, behind a sequence; waits so long while there is nothing new."""
        return self._ask("GET", f"/v1/instructions?after={after}&wait={wait_s}", InstructionsBody)

    def _file(self, file: IO[bytes], given: dict[str, str]) -> ScreenedBody:
        return self._ask(
            "POST",
            "/v1/screen",
            ScreenedBody,
            content=_parts(file),
            media_type="application/octet-stream",
            params=given,
        )

    def _ask(
        self,
        method: str,
        path: str,
        shape: type[Shape],
        *,
        content: bytes | Iterator[bytes] | None = None,
        media_type: str = "",
        params: dict[str, str] | None = None,
    ) -> Shape:
        headers = {"content-type": media_type} if media_type else {}
        try:
            answer = self._client.request(method, path, content=content, headers=headers, params=params or None)
        except httpx2.TransportError as error:
            raise UnavailableError(f"The agent did not answer ({type(error).__name__}). Is it running?") from None
        if not answer.is_success:
            raise _refused(answer)
        try:
            return msgspec.json.decode(answer.content, type=shape)
        except msgspec.MsgspecError:
            raise UnavailableError("The answer is not an agent's. Check its address.") from None


def checked(answer: ScreenedBody) -> Clear | Matched | Unscannable:
    """Gives an agent's answer as the values of a list in the process itself."""
    if answer.matches:
        return Matched(tuple(_match(one) for one in answer.matches))
    if answer.stale:
        raise StaleListError(f"The list {answer.stale[0]} is too old to be asked. `takeback agent status` says why.")
    if answer.reason is not None:
        return Unscannable(UnscannableReason(answer.reason))
    return Clear(tuple(FingerprintType(one) for one in answer.checked))


def _match(one: MatchBody) -> Match:
    return Match(
        one.entry,
        FingerprintType(one.type),
        one.distance,
        one.threshold,
        Tier(one.tier),
        StrongestAction(one.action),
        date.fromisoformat(one.listed_on),
        one.frames,
        Grade(one.grade),
        one.variant,
        one.edit,
    )


def _print(one: Fingerprint) -> PrintBody:
    return PrintBody(one.type.value, one.hex, one.quality, one.at, one.variant)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(PART_BYTES):
        yield part


def _refused(answer: httpx2.Response) -> TakebackError:
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        problem = _Problem()
    detail = problem.detail or f"The agent answered {answer.status_code}."
    if problem.code == TooManyRequestsError.code:
        return TooManyRequestsError(detail, int(answer.headers.get("retry-after", "1")))
    wrong = TooLargeError if problem.code == TooLargeError.code else InvalidInputError
    if problem.code in (InvalidInputError.code, TooLargeError.code):
        return wrong(field=problem.field, problem="was refused.", remedy=detail)
    plain: dict[str, type[TakebackError]] = {one.code: one for one in (NotAuthorisedError, SuspendedError)}
    return plain.get(problem.code, UnavailableError)(detail)
