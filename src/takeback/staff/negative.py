"""The negative list of an installation: values of pictures that everybody has, put there and taken off by two persons.

A clearinghouse lists nothing that is near to one of them; a platform holds nothing for that.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from takeback.clock import Clock, today
from takeback.errors import ConflictError, InvalidInputError, NotFoundError
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.negative import NegativeList, Value, patterns
from takeback.model.proposal import Proposal
from takeback.storage import negative
from takeback.storage.database import Database
from takeback.storage.negative import NegativeValue

#: Values of one picture, and characters of its name and of its id.
MAX_VALUES = 40
MAX_LABEL_CHARACTERS = 120
MAX_ID_CHARACTERS = 40
_TYPES = (FingerprintType.MD5, FingerprintType.SHA256, FingerprintType.PDQ)


class NegativeGate:
    """The negative list, asked all the time: read again from the database when it has changed, and only then."""

    def __init__(self) -> None:
        self._version: tuple[int, int] | None = None
        self._list = NegativeList([])

    async def read(self, connection: AsyncConnection) -> NegativeList:
        """Gives the list as of this transaction.

        A clearinghouse holds it in the transaction that adds entries: whatever is added to the negative list, either
        this sees it, or the comparison in the background sees the entries.
        """
        version = await negative.version(connection)
        if version != self._version:
            added = [(one.type, one.value) for one in await negative.all_(connection)]
            self._list, self._version = NegativeList([*patterns(), *added]), version
        return self._list


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
    """Gives what was put there."""
    return await database.read("list-negative", negative.all_)
