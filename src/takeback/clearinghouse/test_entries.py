"""The sandbox's list: a few drawn pictures that say what they are, and what happens to them, one step a sync.

A new participant's engineers see everything that a list does: entries that come, one that changes, one that is taken
back. A reader who begins again at 0 sees it all again. The pictures are served at /test-pictures, to be uploaded to the
platform; the film has no file. The ids are the same for ever, and no real entry has one of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.model.channel import Channel
from takeback.model.entry import KNOWN_BY, Age, EntryId, EntryState, Kind
from takeback.model.tier import Tier
from takeback.storage.entries import StoredEntry

#: Files of the pictures, in the order of their entries.
PICTURES = ("rings.png", "squares.png", "waves.png")
#: Where a reader's list stands after each sync: entries come, one is confirmed, one is withdrawn.
_STEPS = (4, 5, 6)
_LISTED_ON = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class _Picture:
    md5: str
    sha256: str
    pdq: str
    centre: str


_PICTURES = (
    _Picture(
        "2a97c4482439e40f0bae346bb414cb6e",
        "a9f747895d77d978a96e8c9beb617d99108ee267ec541f1671cfce728d4020c1",
        "e32fc4269fe4163e482ec0b986bb46f96b147ac9a107a95117d407d1faaafbc0",
        "9e663ece5c443af9683beed1d679bf446150b90615ab852ffac016aae819490e",
    ),
    _Picture(
        "1dfb3b9a617366cb711c974fa54b108c",
        "f7b5f477da98f74f67bd882f1f2e7bcd3bcad8a2f318f9f485aecf26420d50a1",
        "274a7237f0b5dd805f1e2a16e03d8c720ae401c1a56ad5915a95aab7f43faaed",
        "103a5272a2958d917d6a047246e4bfe1ff446bc955aa5552aa17aaf500befbac",
    ),
    _Picture(
        "9a39b67d314d86d6047fec41cf5eac4e",
        "5c48de0d57b1b4c81a6a71520ec89498f97ce1ddf24915f0a0653111e81e808b",
        "285e2666ede11bd31e460e6efd6813e35f46a85ee17eac545a80d3d1f0ab500b",
        "596a4e7efe84b9917a0e5c7c44e8f9dbfe06045e01fcfc54a9d103c1029f02af",
    ),
)


def head_after(sequence: int) -> int:
    """Gives where the list stands for a reader who has everything up to `sequence`: one step further, or at its end."""
    return next((step for step in _STEPS if step > sequence), _STEPS[-1])


def changed_after(after: int, until: int) -> list[StoredEntry]:
    """Gives each entry at its latest change up to `until`, where that lies behind `after`, in order."""
    latest = {one.id: one for one in _HISTORY if _sequence(one) <= until}
    return sorted((one for one in latest.values() if _sequence(one) > after), key=_sequence)


def fingerprints_of(id_: EntryId) -> tuple[Fingerprint, ...]:
    """Gives the fingerprints of one, or none for another id."""
    return _PRINTS.get(id_, ())


def is_test(id_: EntryId) -> bool:
    """Says whether it is a test entry's id."""
    return id_ in _PRINTS


def having(value: Fingerprint) -> list[StoredEntry]:
    """Gives those that are known by a value, each as it is after the last step."""
    last = changed_after(0, _STEPS[-1])
    return [one for one in last if KNOWN_BY[one.kind] is value.type and value.value in _own(one, value.type)]


def distance_of(pdq: bytes) -> int:
    """Gives the bits between a PDQ value and the picture that is nearest, of those on the list after the last step."""
    listed = [one for one in changed_after(0, _STEPS[-1]) if one.state is EntryState.LISTED]
    return min(hamming(pdq, value) for one in listed for value in _own(one, FingerprintType.PDQ))


def _own(one: StoredEntry, type_: FingerprintType) -> list[bytes]:
    return [found.value for found in _PRINTS[one.id] if found.type is type_ and found.edit is None]


def _sequence(one: StoredEntry) -> int:
    return one.sequence or 0


def _id(name: str) -> EntryId:
    return hashlib.sha256(f"takeback test entry {name}".encode()).digest()[:16]


def _entry(name: str, kind: Kind, sequence: int) -> StoredEntry:
    return StoredEntry(
        id=_id(name),
        state=EntryState.LISTED,
        kind=kind,
        age=Age.UNDER_18,
        tier=Tier.SUBMITTED,
        receipt=b"",
        listed_on=_LISTED_ON,
        sequence=sequence,
        state_since=sequence,
        listed_hash=None,
        withdraw_on=None,
        channel=Channel.TEST,
        first_listed=sequence,
    )


def _exact(md5: bytes, sha256: bytes) -> tuple[Fingerprint, ...]:
    return Fingerprint(FingerprintType.MD5, md5), Fingerprint(FingerprintType.SHA256, sha256)


def _prints(one: _Picture) -> tuple[Fingerprint, ...]:
    return (
        *_exact(bytes.fromhex(one.md5), bytes.fromhex(one.sha256)),
        Fingerprint(FingerprintType.PDQ, bytes.fromhex(one.pdq), 100),
        Fingerprint(FingerprintType.PDQ, bytes.fromhex(one.centre), 100, edit="centre-10"),
    )


#: A film that nobody has: its frames are the pictures, a second each.
_FILM = b"takeback test film"
_FILM_PRINTS = (
    *_exact(hashlib.md5(_FILM, usedforsecurity=False).digest(), hashlib.sha256(_FILM).digest()),
    *(Fingerprint(FingerprintType.VPDQ, bytes.fromhex(one.pdq), 100, at) for at, one in enumerate(_PICTURES)),
)
_RINGS, _SQUARES, _WAVES = (_entry(name, Kind.IMAGE, at) for at, name in enumerate(PICTURES, start=1))
_HISTORY = (
    _RINGS,
    _SQUARES,
    _WAVES,
    _entry("film", Kind.VIDEO, 4),
    replace(_RINGS, sequence=5, tier=Tier.CONFIRMED),
    replace(_SQUARES, sequence=6, state=EntryState.WITHDRAWN, tier=Tier.SUBMITTED, listed_on=None),
)
_PRINTS = {
    **{_id(name): _prints(one) for name, one in zip(PICTURES, _PICTURES, strict=True)},
    _id("film"): _FILM_PRINTS,
}
