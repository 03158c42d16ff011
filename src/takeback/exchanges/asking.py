"""Asking a list of others over HTTP: bounded answers, bounded patience, no redirects, the same errors for all."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
import stamina

from takeback.closing import Closing
from takeback.errors import (
    ConflictError,
    NotAuthorisedError,
    NotFoundError,
    SettingsError,
    UnavailableError,
    UntrustedListError,
)

#: Seconds for connecting and for each read, and how often a question is asked when there is no answer.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
TRIES = 4
#: Largest answer that is read, in bytes: a page of 50,000 entries stays far below.
MAX_ANSWER_BYTES = 64 * 1024 * 1024
_REFUSED = {401: NotAuthorisedError, 403: NotAuthorisedError, 404: NotFoundError, 410: NotFoundError}


class _TryAgainError(Exception):
    """The other side did not answer, or said that it cannot now."""


class Asking(Closing):
    """Connections to one address. Safe to use from several threads."""

    def __init__(
        self,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        if not address.startswith(("https://", "http://")):
            raise SettingsError("address: it is no web address. Write https://….")
        timeout = httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
        self._base = address.rstrip("/")
        self._client = httpx2.Client(
            headers=dict(headers or {}), auth=auth, timeout=timeout, transport=transport, follow_redirects=False
        )

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()

    def ask(self, method: str, path: str, body: bytes | None = None, media_type: str = "") -> bytes:
        """Gives what the address answers at a path below it. What is asked twice must do no harm."""
        try:
            for attempt in stamina.retry_context(on=_TryAgainError, attempts=TRIES):
                with attempt:
                    return self._once(method, path, body, media_type)
        except _TryAgainError as error:
            raise UnavailableError(
                f"The list did not answer ({error}). What is here stays as it is; it is tried again."
            ) from None
        raise UnavailableError("The list was not asked.")

    def _once(self, method: str, path: str, body: bytes | None, media_type: str) -> bytes:
        headers = {"content-type": media_type} if body is not None else {}
        content = bytearray()
        try:
            with self._client.stream(method, self._base + path, content=body, headers=headers) as answer:
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MAX_ANSWER_BYTES:
                        raise UntrustedListError(
                            f"An answer is over {MAX_ANSWER_BYTES} bytes; nothing of it was kept. Check the address."
                        )
        except httpx2.TransportError as error:
            raise _TryAgainError(type(error).__name__) from None
        status = answer.status_code
        if status in (429, 500, 502, 503, 504):
            raise _TryAgainError(f"status {status}")
        if status in _REFUSED:
            raise _REFUSED[status](f"The list answered {status}. Check its address and the keys in the settings.")
        if status == httpx2.codes.CONFLICT:
            raise ConflictError("The list answered 409: it has another state of this entry.")
        if not answer.is_success:
            raise UnavailableError(f"The list answered {status}. Check its address in the settings.")
        return bytes(content)
