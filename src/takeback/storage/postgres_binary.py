"""PostgreSQL's answers as bytes: fingerprints written out in digits are twice as long, and have to be read again."""

from __future__ import annotations

import struct
from typing import Any

from psycopg import AsyncCursor, adapters
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format


class BinaryCursor(AsyncCursor[Any]):
    """A cursor to which everything comes in PostgreSQL's binary form. Values in Python are the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the base has them
        super().__init__(*args, **kwargs)
        self.format = Format.BINARY


class _ShortIntegers(Loader):
    """PostgreSQL's own lists of columns, of which the driver knows the text alone: numbers with spaces between."""

    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        """Reads an array of one dimension: its head (20 bytes), then the length and value of each."""
        values = struct.iter_unpack("!ih", bytes(data)[20:])
        return " ".join(str(value) for _, value in values)


adapters.register_loader("int2vector", _ShortIntegers)
