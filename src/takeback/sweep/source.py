"""Where stored media are: a folder, or object storage. Listed as a stream, read as a stream, never changed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from takeback.errors import InvalidInputError, SettingsError, UnavailableError
from takeback.media.fingerprinter import Source as Readable
from takeback.model.sweep import Item

#: Addresses of object storage, as obstore knows them. Credentials come from the environment, as its documentation says.
SCHEMES = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss")
#: Bytes of an object that are in memory at a time.
CHUNK_BYTES = 1 << 20
#: Seconds for a connection, for a whole request, and for all tries of one together.
CONNECT_S, REQUEST_S, RETRY_S = 10, 600, 120
TRIES = 5


class Source(Protocol):
    """Somewhere media are stored."""

    def items(self) -> Iterator[Item]:
        """Gives every object there is."""
        ...

    @contextmanager
    def opened(self, key: str) -> Iterator[Readable]:
        """Gives an object to read. Raises FileNotFoundError where it has gone, OSError where it cannot be read."""
        ...


def source_of(address: str) -> Source:
    """Gives the source that an address names; raises InvalidInputError for what is none."""
    if "://" not in address:
        return Folder(Path(address))
    parts = urlsplit(address)
    if parts.username or parts.password or parts.query:
        raise InvalidInputError(
            field="source",
            problem="carries credentials.",
            remedy="Leave them out: they come from the environment (AWS_…, GOOGLE_…, AZURE_…).",
        )
    if parts.scheme == "file":
        return Folder(Path(parts.path))
    if parts.scheme not in SCHEMES:
        raise InvalidInputError(
            field="source",
            problem="is neither a folder nor object storage.",
            remedy=f"Name a folder, or an address that begins with {', '.join(f'{one}://' for one in SCHEMES[:4])}.",
        )
    return Objects(_store(address))


class Folder:
    """Files below a folder. Links are not followed: what they lead to is found where it lies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def items(self) -> Iterator[Item]:
        """Gives every file, folder by folder in order; a folder that cannot be read is given, too, with no bytes."""
        if not self._folder.is_dir():
            raise InvalidInputError(field="source", problem="is no folder that is there.", remedy="Name another one.")
        yield from self._below("")

    def _below(self, prefix: str) -> Iterator[Item]:
        try:
            with os.scandir(self._folder / prefix) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            yield Item(prefix, 0)
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from self._below(f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False):
                with suppress(FileNotFoundError):
                    yield Item(prefix + entry.name, entry.stat(follow_symlinks=False).st_size)

    @contextmanager
    def opened(self, key: str) -> Iterator[Readable]:
        """Gives a file by its path: films are then read where they lie."""
        path = self._folder / key
        path.open("rb").close()
        yield path


class Objects:
    """Objects of a store that obstore made. One request for each object, and no more of it in memory than a chunk."""

    def __init__(self, store: Any) -> None:  # noqa: ANN401 - obstore's stores have no common public type
        self._store = store

    def items(self) -> Iterator[Item]:
        """Gives every object in the order in which the store lists them."""
        import obstore  # noqa: PLC0415 - the extra `sweep`; folders do without
        from obstore.exceptions import BaseError, InvalidPathError  # noqa: PLC0415

        try:
            for some in obstore.list(self._store):
                for one in some:
                    yield Item(one["path"], one["size"])
        except InvalidPathError:
            raise InvalidInputError(
                field="source",
                problem="holds an object whose key cannot be listed: an empty part (a//b) or a control character.",
                remedy="Plan the prefixes beside it one by one, or give that object another key.",
            ) from None
        except (BaseError, OSError) as error:
            raise UnavailableError(
                f"The object storage cannot be listed ({type(error).__name__}). Check address, credentials and network."
            ) from None

    @contextmanager
    def opened(self, key: str) -> Iterator[Readable]:
        """Gives an object as a stream."""
        import obstore  # noqa: PLC0415 - the extra `sweep`
        from obstore.exceptions import BaseError  # noqa: PLC0415

        try:
            stream = iter(obstore.get(self._store, key).stream(min_chunk_size=CHUNK_BYTES))
        except BaseError as error:
            raise OSError(type(error).__name__) from None
        with io.BufferedReader(_Stream(stream), CHUNK_BYTES) as opened:
            yield opened


class _Stream(io.RawIOBase):
    """Chunks as a file that is read once. Whatever breaks it is an OSError."""

    def __init__(self, chunks: Iterator[Any]) -> None:
        self._chunks, self._rest = chunks, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        from obstore.exceptions import BaseError  # noqa: PLC0415 - the extra `sweep`

        while not self._rest:
            try:
                chunk = next(self._chunks, None)
            except BaseError as error:
                raise OSError(type(error).__name__) from None
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        part = self._rest[: len(buffer)]
        buffer[: len(part)] = part
        self._rest = self._rest[len(part) :]
        return len(part)


def _store(address: str) -> Any:  # noqa: ANN401 - see Objects
    try:
        from obstore.exceptions import BaseError  # noqa: PLC0415 - the extra `sweep`
        from obstore.store import from_url  # noqa: PLC0415
    except ImportError:
        raise SettingsError("obstore is missing. Install takeback[sweep] for object storage.") from None
    try:
        return from_url(
            address,
            client_options={
                "connect_timeout": timedelta(seconds=CONNECT_S),
                "timeout": timedelta(seconds=REQUEST_S),
                "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true"),
            },
            retry_config={"max_retries": TRIES, "retry_timeout": timedelta(seconds=RETRY_S)},
        )
    except (BaseError, ValueError) as error:
        raise InvalidInputError(
            field="source",
            problem=f"is not understood by the object storage ({type(error).__name__}).",
            remedy="Give s3://bucket/prefix, gs://bucket/prefix or az://account/container/prefix.",
        ) from None
