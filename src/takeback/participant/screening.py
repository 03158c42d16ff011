"""Whether a file is on the list: fingerprints, look-ups, and the policy's word on what was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from takeback.closing import Closing
from takeback.fingerprints.distance import STRONG_BITS, hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import UPLOAD, VARIANTS, Effort, VariantKind
from takeback.matching.policy import Evidence, Match, decide, strength
from takeback.matching.thresholds import MOST_BITS, Find, Grade, Graded, graded
from takeback.media import Fingerprinter, Limits, Unscannable
from takeback.media.fingerprinter import Source
from takeback.participant.film_screening import Asked, films_shown
from takeback.participant.hash_list import HashList
from takeback.participant.index import EDITS, FRAMES, PICTURES

#: Looks that can make a strong match are asked about first, as near as that takes: a wide radius costs ten times more.
_ITSELF = frozenset({VariantKind.UPLOAD, VariantKind.CARD})
_FIRST = _ITSELF | {VariantKind.TURNED, VariantKind.NEGATIVE, VariantKind.BOX}


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing on the list is near. `checked` says which types could be checked: a flat picture has no pdq."""

    checked: tuple[FingerprintType, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """At least one entry is near; the strongest match comes first. A match is a reason to hold, not a verdict."""

    matches: tuple[Match, ...]


class Screen(Closing):
    """Checks files against one list. Safe to use from several threads; `close` ends its decoder.

    `effort` says how much is tried for each file: its own hash alone, as other software does (`plain`); what is cheap,
    such as screenshots and mirror images (`first`); or also cut and tilted copies (`full`). docs/recall.md says what
    each finds and costs.
    """

    def __init__(self, hashlist: HashList, *, limits: Limits | None = None, effort: Effort = Effort.FIRST) -> None:
        self._hashlist, self._replica = hashlist, hashlist.replica
        self._fingerprinter, self._effort = Fingerprinter(limits, quick=True, effort=effort), effort

    def close(self) -> None:
        """Ends the decoder."""
        self._fingerprinter.close()

    def check(self, file: Source | tuple[Fingerprint, ...]) -> Clear | Matched | Unscannable:
        """Says whether a path, bytes, binary file, or fingerprints made before, are on the list.

        Raises StaleListError when the list is too old to be asked. Bad media never raise: `Unscannable` says why.
        """
        self._hashlist.require_fresh()
        if isinstance(file, tuple):
            return self._looked_up(file)
        made = self._fingerprinter.fingerprint(file)
        if not isinstance(made, Unscannable):
            return self._looked_up(made.fingerprints)
        # A file that cannot be decoded may still be, byte for byte, what is listed.
        found = self._looked_up(made.exact)
        return found if isinstance(found, Matched) else made

    def _looked_up(self, prints: tuple[Fingerprint, ...]) -> Clear | Matched:
        evidence: dict[int, Evidence] = defaultdict(Evidence)
        for fingerprint in prints:
            if not fingerprint.type.perceptual:
                self._equal(fingerprint, evidence)
        self._pictures(prints, evidence)
        self._films(prints, evidence)
        matches = [match for row, found in evidence.items() if (match := self._decided(row, found))]
        if matches:
            return Matched(tuple(sorted(matches, key=strength)))
        return Clear(tuple(dict.fromkeys(fingerprint.type for fingerprint in prints)))

    def _equal(self, fingerprint: Fingerprint, evidence: dict[int, Evidence]) -> None:
        for row in self._replica.entries_with(fingerprint):
            if fingerprint.type is FingerprintType.SHA256:
                evidence[row] = replace(evidence[row], sha256=True)
            elif fingerprint.type is FingerprintType.MD5:
                evidence[row] = replace(evidence[row], md5=True)

    def _pictures(self, prints: tuple[Fingerprint, ...], evidence: dict[int, Evidence]) -> None:
        """Listed pictures, seen in the upload's picture, or in a film's frame: there are many, so only strong ones."""
        looks = [_Look(one) for one in prints if one.type.perceptual]
        found = self._near([(look, look.nearest) for look in looks if look.kind in _FIRST])
        if self._effort is Effort.FULL and not any(best.grade is Grade.STRONG for best in found.values()):
            found = self._near([(look, look.farthest) for look in looks])
        for row, best in found.items():
            evidence[row] = replace(evidence[row], picture=best)

    def _near(self, looks: Sequence[tuple[_Look, int]]) -> dict[int, Graded]:
        """Gives what looks, each as far as its radius in bits, find of the listed pictures and their edits."""
        index, finds = self._hashlist.index.current(), defaultdict[int, list[Find]](list)
        values, radii = [look.value for look, _ in looks], [radius for _, radius in looks]
        for (look, _), near in zip(looks, index.within_many(values, radii, of=PICTURES), strict=True):
            for row, distance in near:
                finds[row].append(Find(look.variant, None, distance))
        for (look, radius), near in zip(looks, index.within_many(values, radii, of=EDITS), strict=True):
            for row in {row for row, _ in near}:
                finds[row] += look.finds_among(self._replica.edits_of(row), radius)
        return {row: best for row, all_ in finds.items() if (best := graded(all_)) is not None}

    def _films(self, prints: tuple[Fingerprint, ...], evidence: dict[int, Evidence]) -> None:
        index = self._hashlist.index.current()

        def near(values: Sequence[bytes], radii: Sequence[int]) -> list[set[int]]:
            return [{row for row, _ in found} for found in index.within_many(values, radii, of=FRAMES)]

        for row, film in films_shown(Asked.all_of(prints), near, self._replica.frames_of):
            evidence[row] = replace(evidence[row], film=film)

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


class _Look:
    """One value that the list is asked for, and how far around it."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        self.value = fingerprint.value
        self.variant = fingerprint.variant or UPLOAD.name
        self.kind = VARIANTS[self.variant].kind
        self.farthest = MOST_BITS if fingerprint.type is FingerprintType.PDQ else STRONG_BITS
        self.nearest = self.farthest if self.kind in _ITSELF else STRONG_BITS

    def finds_among(self, edits: Iterable[tuple[str, bytes]], radius: int) -> list[Find]:
        """Gives the edits of an entry that are within the radius in bits."""
        apart = ((name, hamming(self.value, value)) for name, value in edits)
        return [Find(self.variant, name, distance) for name, distance in apart if distance <= radius]
