"""What an agent is asked about uploads, and what it answers (openapi of the agent at /schema)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from takeback.errors import InvalidInputError
from takeback.fingerprints.evidence import MIN_PDQ_QUALITY, says_too_little
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import VARIANTS
from takeback.wire.json import Answer, Request

#: Values of one upload: a picture's with all its variants, or a film's frames.
MAX_FINGERPRINTS = 4_000
Surfaces = Literal["public", "message", "profile"]
Region = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
OwnId = Annotated[str, Meta(min_length=1, max_length=200, description="the platform's own id, opaque here")]
_Value = Annotated[str, Meta(max_length=64)]


class PrintBody(Request, frozen=True, gc=False):
    """One fingerprint, as `takeback hash --json` prints it."""

    type: Annotated[str, Meta(max_length=8)]
    value: _Value
    quality: Annotated[int, Meta(ge=0, le=100)] | None = None
    at: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    variant: Annotated[str, Meta(max_length=24)] | None = None


class ItemBody(Request, frozen=True, gc=False):
    """An upload by its fingerprints; the file stays where it is."""

    fingerprints: Annotated[list[PrintBody], Meta(max_length=MAX_FINGERPRINTS)]
    surface: Surfaces = "public"
    region: Region | None = None
    content: OwnId | None = None
    account: OwnId | None = None
    uploaded_at: datetime | None = None


class BatchBody(Request, frozen=True):
    """Many uploads. `strong_only` leaves out what is only probable: ten times as fast."""

    items: list[ItemBody]
    strong_only: bool = False


class MatchBody(Answer, frozen=True, kw_only=True, gc=False):
    """One match: on which list, how near (bits), what the list allows, and what the policy's row says."""

    list: str
    entry: str
    type: str
    distance: int
    threshold: int
    grade: str
    variant: str
    edit: str | None = None
    frames: tuple[int, int] | None = None
    tier: str
    action: str
    listed_on: str
    policy: str
    do: str
    dry_run: bool = False


class ScreenedBody(Answer, frozen=True, kw_only=True, gc=False):
    """The answer about one upload. `do` is what is to be done; `because` names the policy's row."""

    outcome: str
    do: str
    because: str | None = None
    would: str | None = None
    hold: str | None = None
    kind: str = "image"
    matches: tuple[MatchBody, ...] = ()
    checked: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    reason: str | None = None
    content: str | None = None


class BatchAnswer(Answer, frozen=True):
    """The answers, in the order of the items."""

    items: list[ScreenedBody]


class ListBody(Struct, frozen=True):
    """How one list stands. `complete_as_of` is when its last whole sync was issued."""

    name: str
    kind: str
    entries: int
    fresh: bool
    complete_as_of: datetime | None
    tried_at: datetime | None
    skipped: int
    error: str | None
    detail: str | None


class StatusBody(Struct, frozen=True):
    """How an agent stands."""

    version: str
    lists: list[ListBody]


class InstructionBody(Struct, frozen=True):
    """What to do with a piece of content: `hide`, `restore` or `remove`."""

    sequence: int
    content: str
    doing: str
    because: str
    at: datetime


class InstructionsBody(Struct, frozen=True):
    """Instructions behind a sequence, in order. Ask again with `next`."""

    instructions: list[InstructionBody]
    next: int


def prints_of(item: ItemBody, field: str) -> tuple[Fingerprint, ...]:
    """Gives an item's fingerprints; a PDQ that says too little is left out. Raises InvalidInputError."""
    prints = item.fingerprints
    if len(prints) == 1:
        made = _print(prints[0], field, 0)
        return () if _little(made) else (made,)
    every = (_print(one, field, at) for at, one in enumerate(prints))
    return tuple(one for one in every if not _little(one))


def _print(one: PrintBody, field: str, at: int) -> Fingerprint:
    made = Fingerprint.parse(one.type, one.value, one.quality, one.at, field=f"{field}.fingerprints[{at}]")
    if one.variant is None:
        return made
    if one.variant not in VARIANTS:
        raise InvalidInputError(
            field=f"{field}.fingerprints[{at}].variant",
            problem="is not a way to look at an upload.",
            remedy="Leave it out, or send what the fingerprinter of this version names.",
        )
    return Fingerprint(made.type, made.value, made.quality, made.at, None, one.variant)


def _little(one: Fingerprint) -> bool:
    if one.type is not FingerprintType.PDQ and one.type is not FingerprintType.VPDQ:
        return False
    return (one.quality is not None and one.quality < MIN_PDQ_QUALITY) or says_too_little(one.value) is not None
