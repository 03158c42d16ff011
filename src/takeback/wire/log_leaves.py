"""The leaves of the public log that can be read: a day that has ended, and states that the list was in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, field

from takeback.wire.json import encode

DAY = "takeback-log-day/1"
STATES = "takeback-log-states/1"
#: A leaf of an entry is a hash, which nothing that can be read is as short as.
ENTRY_BYTES = 32
#: States in one leaf: their hexadecimal digits must fit into MAX_LEAF_BYTES.
MAX_STATES = 512

_Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class DayBody(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One day, in UTC, that has ended. All counts are rounded and merged; the fields are in spec/public-log.md."""

    format: str = field(name="format", default="")
    list_id: str = field(name="list")
    day: date
    since: Annotated[int, Meta(ge=0)]
    state: _Hash
    audit: _Hash
    page: _Hash | None = None
    listed: dict[str, int]
    suspended: dict[str, int]
    withdrawn: dict[str, int]
    added: dict[str, int]
    taken_back: int


class StatesBody(msgspec.Struct, frozen=True):
    """Hashes of states of the list, in no order, some of them of no state at all."""

    format: str
    states: Annotated[list[_Hash], Meta(max_length=MAX_STATES)]


Leaf = DayBody | StatesBody | bytes | None


def leaf_bytes(leaf: DayBody | StatesBody) -> bytes:
    """Gives the bytes that are hashed."""
    return encode(leaf)


def leaf_of(data: bytes) -> Leaf:
    """Gives what a leaf says: a day, states, an entry's hash; None for a kind of a later version."""
    if len(data) == ENTRY_BYTES:
        return data
    for format_, shape in ((DAY, DayBody), (STATES, StatesBody)):
        if data.startswith(f'{{"format":"{format_}"'.encode()):
            try:
                return msgspec.json.decode(data, type=shape)  # type: ignore[return-value]  # one of both
            except msgspec.MsgspecError:
                return None
    return None
