"""A clearinghouse's public log, read from its address or from a folder that holds a copy (spec/public-log.md)."""

from __future__ import annotations

from pathlib import Path

import httpx2

from takeback.closing import Closing
from takeback.errors import UnavailableError
from takeback.wire import checkpoint as note
from takeback.wire.checkpoint import Checkpoint, LogKey

#: Seconds for one file of the log, and the largest file that is read: 256 leaves of 65,535 bytes.
TIMEOUT_S = 30.0
MAX_FILE_BYTES = 17_000_000
_NOT_FOUND = 404


class PublicLog(Closing):
    """One log. Whoever reads it has to prove what is read: `checkpoint` is believed for its signature, nothing else is.

    `source` is the address below which `checkpoint` is found, such as `https://list.example.org/log`, or a folder.
    `key` is the line that `takeback log key` prints.
    """

    def __init__(self, source: str | Path, key: LogKey | str, *, transport: httpx2.BaseTransport | None = None) -> None:
        self.key = note.log_key(key) if isinstance(key, str) else key
        self._client: httpx2.Client | None = None
        self._folder = Path(source)
        if isinstance(source, str) and source.startswith(("http://", "https://")):
            self._client = httpx2.Client(base_url=source.rstrip("/") + "/", timeout=TIMEOUT_S, transport=transport)

    def close(self) -> None:
        """Ends the connections."""
        if self._client is not None:
            self._client.close()

    def checkpoint(self) -> Checkpoint:
        """Gives the newest checkpoint; raises UntrustedListError unless it is signed by the log's key."""
        found = self.fetch("checkpoint")
        if found is None:
            raise UnavailableError("There is no log at this place yet. Check the address, or try again later.")
        return note.verify(found, self.key)

    def fetch(self, path: str) -> bytes | None:
        """Gives the bytes at a path of the log, or None where there is nothing."""
        if self._client is None:
            try:
                return (self._folder / path).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
        try:
            with self._client.stream("GET", path) as answer:
                if answer.status_code == _NOT_FOUND:
                    return None
                content = bytearray()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > MAX_FILE_BYTES:
                        raise UnavailableError(f"A file of the log is over {MAX_FILE_BYTES} bytes. Check the address.")
        except httpx2.TransportError as error:
            raise UnavailableError(f"The log did not answer ({type(error).__name__}). Try again later.") from None
        if not answer.is_success:
            raise UnavailableError(f"The log answered {answer.status_code}. Try again later.")
        return bytes(content)
