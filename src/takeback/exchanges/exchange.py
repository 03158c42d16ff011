"""What every exchange can do. A replica syncs from anything that can do this."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, runtime_checkable

from takeback.model.change import ChangePage
from takeback.model.feedback import Feedback
from takeback.model.hits import Hits
from takeback.wire.list_files import Directory, ListFile


class Exchange(Protocol):
    """A place that a list can be fetched from and feedback sent to."""

    @property
    def list_id(self) -> str:
        """The list's name, the same for ever."""
        ...

    @property
    def participant(self) -> str:
        """Who we are there."""
        ...

    def changes(self, after: int, limit: int, *, wait_s: int = 0) -> ChangePage:
        """Gives a page of what has changed since a cursor. Its signature has been verified, and nothing else of it.

        Where it can, it waits up to so many seconds while nothing has changed.
        """
        ...

    def send_feedback(self, verdicts: tuple[Feedback, ...]) -> None:
        """Hands verdicts over; when it returns, they are on the other side's disk."""
        ...

    def send_hits(self, counted: tuple[Hits, ...]) -> None:
        """Says how often entries were found on a day; when it returns, that is on the other side's disk."""
        ...


@runtime_checkable
class SnapshotExchange(Exchange, Protocol):
    """One that gives a whole list at once, to a reader that begins."""

    def snapshot(self) -> Iterator[ChangePage]:
        """Gives everything as pages, of which none comes before the signature over all has been verified."""
        ...


@runtime_checkable
class FilesExchange(Exchange, Protocol):
    """One that gives its feed as files, too. Several threads may ask for files at a time."""

    def directory(self, after: int) -> Directory:
        """Gives the files behind a cursor. The signature has been verified, and nothing else."""
        ...

    def file(self, file: ListFile) -> tuple[bytes, bytes]:
        """Gives our names for a file's changes, 16 bytes each, and all their texts; or raises NotFoundError."""
        ...
