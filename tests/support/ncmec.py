"""Pages as a server of NCMEC's dialect writes them."""

from __future__ import annotations

from collections.abc import Iterable

from takeback.wire import ncmec


def page_bytes(rows: Iterable[ncmec.Row], *, at: int, next_: str | None) -> bytes:
    """Gives a page of rows, all of one time."""
    return ncmec.page_bytes([ncmec.row_bytes(row, at=at) for row in rows], at=at, next_=next_)
