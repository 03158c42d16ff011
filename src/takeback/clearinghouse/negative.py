"""The negative list: pictures that everybody has, none of which may be listed.

Values of blank frames, gradients and the like are there from the start (`patterns.json`). Others are put there by two
operators, as values: the authority cannot open a picture. What comes in is compared at intake; what is listed already,
in the background after a value was added.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clearinghouse.publishing import Publisher
from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotFoundError, TooCommonError
from takeback.fingerprints.distance import STRONG_BITS
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.radius import RadiusIndex
from takeback.model.entry import EntryId, EntryState, SubmittedEntry
from takeback.model.proposal import Proposal
from takeback.model.suspension import SuspendedBy
from takeback.model.tier import Tier
from takeback.storage import audit, entries, entry_prints, negative
from takeback.storage.database import Database
from takeback.storage.negative import NegativeValue

#: A picture this near to one on the negative list would match it, in bits.
RADIUS_BITS = STRONG_BITS
#: A film is refused where at least this share of its frames are on the negative list: most films hold a blank one.
FRAME_SHARE = 0.5
#: Values of one picture, and characters of its name and of its id.
MAX_VALUES = 40
MAX_LABEL_CHARACTERS = 120
MAX_ID_CHARACTERS = 40
#: Entries that are compared in one transaction.
BATCH = 1_000
_TYPES = (FingerprintType.MD5, FingerprintType.SHA256, FingerprintType.PDQ)
Value = tuple[FingerprintType, bytes]


class NegativeList:
    """Values to compare with. Safe to use from several threads."""

    def __init__(self, values: Iterable[Value]) -> None:
        all_ = list(values)
        self._exact = frozenset(one for one in all_ if not one[0].perceptual)
        self._near = RadiusIndex.build(b"".join(v for type_, v in all_ if type_.perceptual), radius=RADIUS_BITS)

    def first_in(self, prints: Sequence[Fingerprint]) -> int | None:
        """Gives which fingerprint of an entry makes it one that may not be listed, or None."""
        perceptual = [at for at, one in enumerate(prints) if one.type.perceptual]
        found = self._near.within_many([prints[at].value for at in perceptual]) if perceptual else []
        near = {at for at, finds in zip(perceptual, found, strict=True) if finds}
        frames = [at for at in perceptual if prints[at].type is FingerprintType.VPDQ]
        if sum(at in near for at in frames) < FRAME_SHARE * len(frames):
            near -= set(frames)
        exact = (at for at, one in enumerate(prints) if (one.type, one.value) in self._exact)
        return min([*near, *exact], default=None)

    def refusal(self, submitted: Iterable[tuple[int, SubmittedEntry]]) -> TooCommonError | None:
        """Gives why these entries of one submission, each with its place in the body, may not be listed, or None."""
        for at, entry in submitted:
            found = self.first_in(entry.fingerprints)
            if found is not None:
                return _too_common(entry.fingerprints[found].type, f"entries[{at}].fingerprints[{found}].value")
        return None


class NegativeGate:
    """The negative list as intake asks it: read again from the database when it has changed, and only then."""

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._list = NegativeList([])

    async def read(self, connection: AsyncConnection) -> NegativeList:
        """Gives the list as of this transaction.

        Its version is read in the transaction that adds the entries: whatever is added to the negative list meanwhile,
        either this sees it, or the comparison in the background sees the entries.
        """
        version = await negative.version(connection)
        if version != self._version:
            added = [(one.type, one.value) for one in await negative.all_(connection)]
            self._list, self._version = NegativeList([*patterns(), *added]), version
        return self._list


def _too_common(type_: FingerprintType, field: str) -> TooCommonError:
    remedy = "Leave the value out and send the others." if type_ is FingerprintType.PDQ else "Leave this entry out."
    return TooCommonError(
        field=field,
        problem="belongs to a pattern or a public picture that very many files share: it would find files that have "
        "nothing to do with this one.",
        remedy=remedy,
    )


@cache
def patterns() -> tuple[Value, ...]:
    """Gives the values of the drawings that scripts/write_patterns.py makes."""
    drawn: dict[str, list[str]] = json.loads(Path(__file__).with_name("patterns.json").read_text(encoding="utf-8"))
    return tuple((FingerprintType.PDQ, bytes.fromhex(value)) for values in drawn.values() for value in values)


# -- what operators do


@dataclass(frozen=True, slots=True)
class Addition:
    """What two operators are to add, as a proposal carries it."""

    subject: str
    details: dict[str, str]


def addition(label: str, values: Sequence[str]) -> Addition:
    """Gives the proposal that adds a public picture by its values, each written `pdq:<64 hex>`; or md5, or sha256."""
    label, read = _checked(label, values)
    written = sorted({f"{type_.value}:{value.hex()}" for type_, value in read})
    return Addition(f"n-{secrets.token_hex(12)}", {"label": label, "values": " ".join(written)})


def _checked(label: str, values: Sequence[str]) -> tuple[str, list[Value]]:
    label = label.strip()
    if not 0 < len(label) <= MAX_LABEL_CHARACTERS or not label.isprintable():
        remedy = f"Give 1 to {MAX_LABEL_CHARACTERS} printable characters."
        raise InvalidInputError(field="label", problem="is not a name.", remedy=remedy)
    if not 0 < len(values) <= MAX_VALUES:
        raise InvalidInputError(field="values", problem="are too few or too many.", remedy=f"Give 1 to {MAX_VALUES}.")
    return label, list(dict.fromkeys(map(read_value, values)))


def read_value(text: str) -> Value:
    """Gives the type and the bytes of a value, or raises InvalidInputError."""
    name, _, digits = text.strip().partition(":")
    if name not in {type_.value for type_ in _TYPES}:
        known = ", ".join(type_.value for type_ in _TYPES)
        raise InvalidInputError(field="values", problem="have a type that is not known.", remedy=f"Give {known}.")
    made = Fingerprint.parse(name, digits.lower(), field="values")
    return made.type, made.value


async def add_values(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Puts a public picture on the negative list, under an id of your own for it, by values such as `pdq:<64 hex>`.

    What is listed already is compared by `compare_new_values`.
    """
    label, values = _checked(proposal.details.get("label", ""), proposal.details.get("values", "").split())
    if len(proposal.subject) > MAX_ID_CHARACTERS:
        remedy = f"Give at most {MAX_ID_CHARACTERS} characters."
        raise InvalidInputError(field="subject", problem="is too long for a picture's id.", remedy=remedy)
    if await negative.has(connection, proposal.subject):
        raise ConflictError("There is a picture of this id on the negative list, or was. Choose another id.")
    await negative.add(connection, proposal.subject, label, values, today(clock))


async def remove_picture(connection: AsyncConnection, clock: Clock, proposal: Proposal) -> None:
    """Takes a picture off the negative list. What it suspended stays suspended until two operators release it."""
    if not await negative.remove(connection, proposal.subject, today(clock)):
        raise NotFoundError("There is no such picture on the negative list. See `takeback negative list`.")


async def all_values(database: Database) -> list[NegativeValue]:
    """Gives what operators have put there."""
    return await database.read("list-negative", negative.all_)


async def would_suspend(database: Database, values: Iterable[Value]) -> int:
    """Gives how many entries of now an addition would suspend. It looks at all of them: minutes on a large list."""
    found = 0
    async for ids in _near_ones(database, NegativeList(values)):
        found += len(ids)
    return found


async def compare_new_values(database: Database, clock: Clock) -> int:
    """Suspends what is near to values that were added since the last time, and gives how many that were.

    It may be interrupted at any point: the values count as compared only when everything was.
    """
    fresh = [one for one in await all_values(database) if not one.compared]
    if not fresh:
        return 0
    suspended = 0
    async for ids in _near_ones(database, NegativeList((one.type, one.value) for one in fresh)):
        suspended += await _suspend(database, clock, ids)
    pictures = {one.picture for one in fresh}
    await database.run("negative-compared", lambda c: negative.set_compared(c, pictures, today(clock)))
    return suspended


async def _near_ones(database: Database, values: NegativeList) -> AsyncIterator[list[EntryId]]:
    after = b""
    while True:

        async def work(connection: AsyncConnection, after: EntryId = after) -> tuple[list[EntryId], list[EntryId]]:
            ids = await entries.to_compare(connection, after, BATCH)
            prints = await entry_prints.fingerprints_of(connection, ids)
            return ids, [id_ for id_ in ids if values.first_in(prints.get(id_, ())) is not None]

        ids, near = await database.run("compare-with-negative", work)
        if near:
            yield near
        if len(ids) < BATCH:
            return
        after = ids[-1]


async def _suspend(database: Database, clock: Clock, ids: list[EntryId]) -> int:
    async def work(connection: AsyncConnection) -> int:
        publisher = await Publisher.begin(connection)
        count = 0
        for id_ in ids:
            entry = await entries.by_id(connection, id_)
            if entry is None or entry.state not in _LIVE or entry.tier is Tier.VERIFIED:
                continue
            await publisher.suspend(entry, tier=entry.tier, by=SuspendedBy.NEGATIVE)
            await audit.record(connection, f"machine:entry/{id_.hex()}:suspend-negative", clock.now())
            count += 1
        if count:
            await publisher.end()
        return count

    return await database.run("suspend-negative", work)


_LIVE = frozenset({EntryState.WAITING, EntryState.LISTED})
