"""Fingerprints against one list: what is near, and what that amounts to. No file is opened here.

Many uploads are looked up at once as cheaply as one: the index and the replica are asked once for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from takeback.fingerprints.distance import STRONG_BITS, hamming
from takeback.fingerprints.scan import VALUE_BYTES
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import UPLOAD, VARIANTS, Effort, VariantKind
from takeback.matching.policy import Evidence, Match, decide, strength
from takeback.matching.thresholds import MOST_BITS, Find, Grade, Graded, graded
from takeback.participant.film_screening import Asked, films_shown
from takeback.participant.hash_list import HashList
from takeback.participant.lists.index import EDITS, FRAMES, MD5, PICTURES, SHA256

#: Looks that can make a strong match are asked about first, as near as that takes: a wide radius costs ten times more.
_ITSELF = frozenset({VariantKind.UPLOAD, VariantKind.CARD})
_FIRST = _ITSELF | {VariantKind.TURNED, VariantKind.NEGATIVE, VariantKind.BOX}

#: One upload's fingerprints.
Prints = tuple[Fingerprint, ...]
#: The number of the upload among those asked about, and the row of an entry.
_Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing on the list is near. `checked` says which types could be checked: a flat picture has no pdq."""

    checked: tuple[FingerprintType, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """At least one entry is near; the strongest match comes first. A match is a reason to hold, not a verdict."""

    matches: tuple[Match, ...]


class LookUp:
    """Asks one list. Safe to use from several threads."""

    def __init__(self, hashlist: HashList, effort: Effort = Effort.FIRST) -> None:
        self._hashlist, self._replica, self._effort = hashlist, hashlist.replica, effort

    def one(self, prints: Prints) -> Clear | Matched:
        """Says what is near to one upload. Raises StaleListError when the list is too old to be asked."""
        return self.many([prints])[0]

    def many(self, uploads: Sequence[Prints], *, strong_only: bool = False, threads: int = 1) -> list[Clear | Matched]:
        """Says it of each upload. `strong_only` leaves out what is only probable, for a tenth of the work."""
        self._hashlist.require_fresh()
        evidence: dict[_Pair, Evidence] = defaultdict(Evidence)
        self._equal(uploads, evidence)
        self._pictures(uploads, evidence, strong_only=strong_only, threads=threads)
        self._films(uploads, evidence)
        matches: dict[int, list[Match]] = defaultdict(list)
        for (at, row), found in evidence.items():
            match = self._decided(row, found)
            if match is not None and not (strong_only and match.grade is Grade.PROBABLE):
                matches[at].append(match)
        return [
            Matched(tuple(sorted(matches[at], key=strength))) if at in matches else Clear(types_of(prints))
            for at, prints in enumerate(uploads)
        ]

    def _equal(self, uploads: Sequence[Prints], evidence: dict[_Pair, Evidence]) -> None:
        for type_, of in ((FingerprintType.SHA256, SHA256), (FingerprintType.MD5, MD5)):
            asked = [(at, one.value) for at, prints in enumerate(uploads) for one in prints if one.type is type_]
            if not asked:
                continue
            values = [value.ljust(VALUE_BYTES, b"\0") for _, value in asked]
            found = self._hashlist.index.current().within_many(values, of=of)
            for (at, _), rows in zip(asked, found, strict=True):
                for row, _ in rows:
                    now = evidence[at, row]
                    same = type_ is FingerprintType.SHA256
                    evidence[at, row] = replace(now, sha256=now.sha256 or same, md5=now.md5 or not same)

    def _pictures(
        self, uploads: Sequence[Prints], evidence: dict[_Pair, Evidence], *, strong_only: bool, threads: int
    ) -> None:
        """Listed pictures, seen in the upload's picture, or in a film's frame: there are many, so only strong ones."""
        looks = [(at, _look(one)) for at, prints in enumerate(uploads) for one in prints if one.type.perceptual]
        first = [(at, look, STRONG_BITS if strong_only else look.nearest) for at, look in looks if look.kind in _FIRST]
        found = self._near(first, threads)
        if self._effort is Effort.FULL and not strong_only:
            done = {at for (at, _), best in found.items() if best.grade is Grade.STRONG}
            again = [(at, look, look.farthest) for at, look in looks if at not in done]
            kept = {pair: best for pair, best in found.items() if pair[0] in done}
            found = kept | self._near(again, threads)
        for pair, best in found.items():
            evidence[pair] = replace(evidence[pair], picture=best)

    def _near(self, looks: Sequence[tuple[int, _Look, int]], threads: int) -> dict[_Pair, Graded]:
        """Gives what looks, each as far as its radius in bits, find of the listed pictures and their edits."""
        index, finds = self._hashlist.index.current(), defaultdict[_Pair, list[Find]](list)
        values, radii = b"".join(look.value for _, look, _ in looks), [radius for _, _, radius in looks]
        pictures = index.within_many(values, radii, of=PICTURES, threads=threads)
        for (at, look, _), near in zip(looks, pictures, strict=True):
            for row, distance in near:
                finds[at, row].append(Find(look.variant, None, distance))
        edits = index.within_many(values, radii, of=EDITS, threads=threads)
        for (at, look, radius), near in zip(looks, edits, strict=True):
            for row in {row for row, _ in near}:
                finds[at, row] += look.finds_among(self._replica.edits_of(row), radius)
        return {pair: best for pair, all_ in finds.items() if (best := graded(all_)) is not None}

    def _films(self, uploads: Sequence[Prints], evidence: dict[_Pair, Evidence]) -> None:
        if not self._replica.holds_films():
            return
        index = self._hashlist.index.current()

        def near(values: Sequence[bytes], radii: Sequence[int]) -> list[set[int]]:
            return [{row for row, _ in found} for found in index.within_many(values, radii, of=FRAMES)]

        for at, prints in enumerate(uploads):
            for row, film in films_shown(Asked.all_of(prints), near, self._replica.frames_of):
                evidence[at, row] = replace(evidence[at, row], film=film)

    def _decided(self, row: int, found: Evidence) -> Match | None:
        listed = self._replica.listed(row)
        if listed is None:  # withdrawn since it was found
            return None
        return decide(
            replace(found, entry_has_sha256=listed.has_sha256),
            entry=listed.name,
            tier=listed.tier,
            action=listed.action,
            listed_on=listed.listed_on,
        )


def types_of(prints: Prints) -> tuple[FingerprintType, ...]:
    """Gives which types an upload could be checked by."""
    if len(prints) == 1:
        return _ALONE[prints[0].type]
    return tuple(dict.fromkeys(one.type for one in prints))


_ALONE = {type_: (type_,) for type_ in FingerprintType}


class _Look(msgspec.Struct, frozen=True, gc=False):
    """One value that the list is asked for, and how far around it in bits."""

    value: bytes
    variant: str
    kind: VariantKind
    farthest: int
    nearest: int

    def finds_among(self, edits: Iterable[tuple[str, bytes]], radius: int) -> list[Find]:
        """Gives the edits of an entry that are within the radius in bits."""
        apart = ((name, hamming(self.value, value)) for name, value in edits)
        return [Find(self.variant, name, distance) for name, distance in apart if distance <= radius]


def _look(fingerprint: Fingerprint) -> _Look:
    variant = fingerprint.variant or UPLOAD.name
    kind = VARIANTS[variant].kind
    farthest = MOST_BITS if fingerprint.type is FingerprintType.PDQ else STRONG_BITS
    return _Look(fingerprint.value, variant, kind, farthest, farthest if kind in _ITSELF else STRONG_BITS)
