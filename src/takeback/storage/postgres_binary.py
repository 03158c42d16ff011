"""PostgreSQL's answers as bytes: fingerprints written out in digits are twice as long, and have to be read again."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncCursor
from psycopg.pq import Format


class BinaryCursor(AsyncCursor[Any]):
    """A cursor to which everything comes in PostgreSQL's binary form. Values in Python are the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the base has them
        super().__init__(*args, **kwargs)
        self.format = Format.BINARY
