"""A Takeback clearinghouse over HTTP (spec/list-format.md)."""

from __future__ import annotations

import logging
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import httpx2
import msgspec
import stamina
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from stamina.instrumentation import RetryDetails, get_on_retry_hooks, set_on_retry_hooks

from takeback.clock import Clock, SystemClock
from takeback.closing import Closing
from takeback.errors import (
    ConflictError,
    InvalidInputError,
    NotAuthorisedError,
    NotFoundError,
    SettingsError,
    SuspendedError,
    TakebackError,
    TooLargeError,
    UnavailableError,
    UntrustedListError,
)
from takeback.model.change import ChangePage
from takeback.model.feedback import Feedback
from takeback.model.hits import Hits
from takeback.wire import changes as wire
from takeback.wire import list_files, signed
from takeback.wire.agreement import AcceptBody, AgreedBody, AgreementBody, answer_of
from takeback.wire.credentials import Credentials, credentials
from takeback.wire.json import Answer, encode
from takeback.wire.list_files import Directory, ListFile
from takeback.wire.request_signature import sign_request
from takeback.wire.snapshot import verified_pages

log = logging.getLogger(__name__)

#: Seconds for connecting and for each read, and how often a request is tried when the other side does not answer.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
TRIES = 4
#: Longest that the clearinghouse is asked to wait for news, in seconds: shorter than a read may take.
MAX_WAIT_S = 50
NONCE_BYTES = 16
#: Largest answer that is read, in bytes: a page of 100,000 fingerprints stays far below.
MAX_ANSWER_BYTES = 64 * 1024 * 1024


class _Problem(Answer, frozen=True):
    code: str = ""
    detail: str = ""
    field: str = "request"


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    content: bytes


class _TryAgainError(Exception):
    """The other side did not answer, or said that it cannot now."""


class TakebackExchange(Closing):
    """One clearinghouse, as one participant. Safe to use from several threads; `close` ends its connections."""

    def __init__(
        self, given: Credentials, *, clock: Clock | None = None, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._credentials = given
        self._clock = clock or SystemClock()
        timeout = httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        self._client = httpx2.Client(base_url=given.exchange, timeout=timeout, transport=transport)
        _log_retries_without_arguments()

    def __repr__(self) -> str:
        return f"TakebackExchange({self._credentials.exchange!r})"

    @property
    def list_id(self) -> str:
        """The list's name."""
        return self._credentials.list_id

    @property
    def participant(self) -> str:
        """Who we are there."""
        return self._credentials.participant

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def changes(self, after: int, limit: int, *, wait_s: int = 0) -> ChangePage:
        """Gives a page of changes whose signature is the list's own; waits so long while there is none."""
        wait = f"&wait={min(wait_s, MAX_WAIT_S)}" if wait_s else ""
        answer = self._ask("GET", f"/v1/changes?after={after}&limit={limit}{wait}", b"")
        signed.verify(answer.content, answer.headers.get(signed.HEADER, ""), self._credentials.list_key)
        return wire.page(answer.content)

    def snapshot(self) -> Iterator[ChangePage]:
        """Gives the whole list as pages, none of them before the list's signature over all of it is verified.

        It is kept in a temporary file meanwhile, which has no name and is gone when the last page is taken.
        """
        with tempfile.TemporaryFile() as file:
            self._ask("GET", "/v1/snapshot", b"", into=file)
            yield from verified_pages(file, self._credentials.list_key)

    def directory(self, after: int) -> Directory:
        """Gives the files of the feed behind a cursor; the list's signature over it is verified."""
        key = X25519PrivateKey.generate()
        answer = self._ask("GET", f"/v1/files?after={after}&key={key.public_key().public_bytes_raw().hex()}", b"")
        signed.verify(answer.content, answer.headers.get(signed.HEADER, ""), self._credentials.list_key)
        return list_files.directory(answer.content, key)

    def file(self, file: ListFile) -> tuple[bytes, bytes]:
        """Gives our names for a file's changes, 16 bytes each, and all their texts, as the directory sealed them."""
        names = list_files.names(self._ask("GET", file.names, b"", signs=False).content, file)
        return names, list_files.text(self._ask("GET", file.text, b"", signs=False).content, self.list_id, file)

    def send_feedback(self, verdicts: tuple[Feedback, ...]) -> None:
        """Hands verdicts over, in as many requests as it takes; repeating them is safe."""
        for begin in range(0, len(verdicts), wire.MAX_FEEDBACK_PER_REQUEST):
            part = verdicts[begin : begin + wire.MAX_FEEDBACK_PER_REQUEST]
            self._ask("POST", "/v1/feedback", wire.feedback_bytes(part))

    def send_hits(self, counted: tuple[Hits, ...]) -> None:
        """Says how often entries were found on a day, coarsely; repeating it is safe."""
        for begin in range(0, len(counted), wire.MAX_FEEDBACK_PER_REQUEST):
            part = counted[begin : begin + wire.MAX_FEEDBACK_PER_REQUEST]
            self._ask("POST", "/v1/hits", wire.hits_bytes(part))

    def agreement(self) -> AgreementBody:
        """Gives the agreement that participants take part under, as it is now."""
        return answer_of(self._ask("GET", "/v1/agreement", b"", signs=False).content, AgreementBody)

    def agree(self, version: str) -> date:
        """Accepts the agreement for this participant, and gives the day that is kept; repeating it is safe.

        Raises ConflictError where another version is the current one, or there is no agreement with this participant.
        """
        answer = self._ask("POST", "/v1/agreement", encode(AcceptBody(version)))
        return answer_of(answer.content, AgreedBody).agreed_on

    def _ask(
        self, method: str, target: str, body: bytes, *, into: BinaryIO | None = None, signs: bool = True
    ) -> _Answer:
        try:
            for attempt in stamina.retry_context(on=_TryAgainError, attempts=TRIES):
                with attempt:
                    return self._ask_once(method, target, body, into, signs=signs)
        except _TryAgainError as error:
            raise UnavailableError(
                f"The clearinghouse did not answer ({error}). What is here stays as it is; sync again later."
            ) from None
        raise UnavailableError("The clearinghouse was not asked.")

    def _ask_once(self, method: str, target: str, body: bytes, into: BinaryIO | None, *, signs: bool) -> _Answer:
        headers = self._signature(method, target, body) if signs else {}
        headers |= {"content-type": "application/json"} if body else {}
        try:
            answer = self._fetch(method, target, body, headers, into)
        except httpx2.TransportError as error:
            raise _TryAgainError(type(error).__name__) from None
        if answer.status in (429, 502, 503, 504):
            raise _TryAgainError(f"status {answer.status}")
        if not 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110's successes
            raise _refused(answer)
        return answer

    def _signature(self, method: str, target: str, body: bytes) -> dict[str, str]:
        signature = sign_request(
            method=method,
            url=f"{self._credentials.exchange}{target}",
            body=body,
            key=self._credentials.private_key,
            key_id=self._credentials.participant,
            created=self._clock.now(),
            nonce=secrets.token_bytes(NONCE_BYTES),  # a fresh one for every try: none is taken twice
        )
        return dict(signature)

    def _fetch(self, method: str, target: str, body: bytes, headers: dict[str, str], into: BinaryIO | None) -> _Answer:
        with self._client.stream(method, target, content=body or None, headers=headers) as answer:
            if into is not None and answer.is_success:
                into.seek(0)
                into.truncate()
                into.writelines(answer.iter_bytes())
                return _Answer(answer.status_code, dict(answer.headers), b"")
            content = bytearray()
            for part in answer.iter_bytes():
                content += part
                if len(content) > MAX_ANSWER_BYTES:
                    raise UntrustedListError(
                        f"The answer is over {MAX_ANSWER_BYTES} bytes; nothing was kept. Check the exchange's address."
                    )
            return _Answer(answer.status_code, dict(answer.headers), bytes(content))


def connect(credentials_file: str | Path) -> TakebackExchange:
    """Gives the exchange that a credentials file names; raises SettingsError when the file is not one."""
    try:
        content = Path(credentials_file).read_bytes()
    except OSError as error:
        raise SettingsError(
            f"The credentials file cannot be read: {error.strerror}. "
            "The clearinghouse makes one by `takeback participant invite`."
        ) from None
    return TakebackExchange(credentials(content))


def _refused(answer: _Answer) -> TakebackError:
    """Gives the error of our tree that a problem document stands for."""
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        problem = _Problem()
    detail = problem.detail or f"The other side answered {answer.status} without saying why."
    plain: dict[str, type[TakebackError]] = {
        error.code: error for error in (NotAuthorisedError, SuspendedError, NotFoundError, ConflictError)
    }
    if problem.code in plain:
        return plain[problem.code](detail)
    wrong = TooLargeError if problem.code == TooLargeError.code else InvalidInputError
    if problem.code in (InvalidInputError.code, TooLargeError.code):
        return wrong(field=problem.field, problem="was refused.", remedy=detail)
    return UnavailableError(f"{detail} Check the exchange address in the credentials.")


def _log_retries_without_arguments() -> None:
    """Replaces stamina's own hook, whose log line holds the call's arguments."""
    if _log_retry not in get_on_retry_hooks():
        set_on_retry_hooks([_log_retry])


def _log_retry(details: RetryDetails) -> None:
    log.info("trying again: attempt %d", details.retry_num + 1)
