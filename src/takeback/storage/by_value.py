"""Entries by their values, for participants who have no ids of ours (spec/stopncii.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.entry import EntryId, EntryState, Kind
from takeback.storage.schema import entry, fingerprint

#: The type of value by which an image or a video is known: of the picture, or of the film itself.
KNOWN_BY = {Kind.IMAGE: FingerprintType.PDQ, Kind.VIDEO: FingerprintType.MD5}
NAMED_BY = fingerprint.c.edit.is_(None) & fingerprint.c.type.in_([type_.value for type_ in KNOWN_BY.values()])
#: Stands in `entry.forget_on` until `date_forgetting` says which day.
NOT_YET = date.max
_PART = 500


async def judged_with(connection: AsyncConnection, value: Fingerprint) -> list[EntryId]:
    """Gives the entries that are or were on the list with this value of their own, and are not withdrawn."""
    states = (EntryState.LISTED.value, EntryState.SUSPENDED.value)
    rows = await connection.execute(
        select(entry.c.id)
        .join(fingerprint, fingerprint.c.entry == entry.c.id)
        .where(NAMED_BY, fingerprint.c.value == value.value, fingerprint.c.type == value.type.value)
        .where(entry.c.state.in_(states))
    )
    return [row.id for row in rows]


async def listed_among(connection: AsyncConnection, values: Iterable[Fingerprint]) -> set[tuple[str, bytes]]:
    """Gives which of these (type, value) some listed entry has for its own."""
    asked = [(one.type.value, one.value) for one in values]
    found: set[tuple[str, bytes]] = set()
    for begin in range(0, len(asked), _PART):
        rows = await connection.execute(
            select(fingerprint.c.type, fingerprint.c.value)
            .join(entry, fingerprint.c.entry == entry.c.id)
            .where(NAMED_BY, entry.c.state == EntryState.LISTED.value)
            .where(tuple_(fingerprint.c.type, fingerprint.c.value).in_(asked[begin : begin + _PART]))
        )
        found |= {(row.type, row.value) for row in rows}
    return found


async def date_forgetting(connection: AsyncConnection, day: date) -> None:
    """Sets the day on which values that are kept for telling are erased at the latest; an earlier one stays."""
    await connection.execute(update(entry).where(entry.c.forget_on > day).values(forget_on=day))


async def forget(connection: AsyncConnection, *, day: date, told: int | None) -> int:
    """Erases the values of withdrawn entries whose day has come, or of which all are told up to this sequence.

    `told` is None when there is nobody to tell. Gives of how many entries.
    """
    over = select(entry.c.id).where(entry.c.forget_on.is_not(None)).limit(_PART)
    if told is not None:
        over = over.where((entry.c.forget_on <= day) | (entry.c.sequence <= told))
    gone = list((await connection.execute(over)).scalars())
    if gone:
        await connection.execute(delete(fingerprint).where(fingerprint.c.entry.in_(gone)))
        await connection.execute(update(entry).where(entry.c.id.in_(gone)).values(forget_on=None))
    return len(gone)
