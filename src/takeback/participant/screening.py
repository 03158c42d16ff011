"""Whether a file is on the list: fingerprints, look-ups, and the policy's word on what was found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from takeback.closing import Closing
from takeback.fingerprints.scan import within
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.films import FRAME_THRESHOLD_BITS, shows
from takeback.matching.policy import Evidence, Match, decide, strength
from takeback.media import Fingerprinter, Limits, Unscannable
from takeback.media.fingerprinter import Source
from takeback.participant.hash_list import HashList


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing on the list is near. `checked` says which types could be checked: a flat picture has no pdq."""

    checked: tuple[FingerprintType, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """At least one entry is near; the strongest match comes first. A match is a reason to hold, not a verdict."""

    matches: tuple[Match, ...]


class Screen(Closing):
    """Checks files against one list. Safe to use from several threads; `close` ends its decoder."""

    def __init__(self, hashlist: HashList, *, limits: Limits | None = None) -> None:
        self._hashlist, self._replica = hashlist, hashlist.replica
        self._fingerprinter = Fingerprinter(limits, quick=True)

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
            if fingerprint.type is FingerprintType.PDQ:
                self._near(fingerprint, evidence)
            elif not fingerprint.type.perceptual:
                self._equal(fingerprint, evidence)
        self._shown([one for one in prints if one.type is FingerprintType.VPDQ], evidence)
        matches = [match for row, found in evidence.items() if (match := self._decided(row, found))]
        if matches:
            return Matched(tuple(sorted(matches, key=strength)))
        return Clear(tuple(fingerprint.type for fingerprint in prints))

    def _near(self, fingerprint: Fingerprint, evidence: dict[int, Evidence]) -> None:
        for row, distance in self._hashlist.index.current().within(fingerprint.value, of=FingerprintType.PDQ):
            nearest = evidence[row].pdq_distance
            if nearest is None or distance < nearest:
                evidence[row] = replace(evidence[row], pdq_distance=distance)

    def _shown(self, frames: list[Fingerprint], evidence: dict[int, Evidence]) -> None:
        if not frames:
            return
        values = [frame.value for frame in frames]
        found: dict[int, set[bytes]] = defaultdict(set)
        near = self._hashlist.index.current().within_many(values, of=FingerprintType.VPDQ)
        for value, rows in zip(values, near, strict=True):
            for row, _ in rows:
                found[row].add(value)
        for row, finders in found.items():
            listed = self._replica.frames_of(row)  # empty where withdrawn meanwhile
            packed, shown = b"".join(value for _, value in listed), dict[tuple[int, bytes], int]()
            for value in finders:
                for at, distance in within(packed, value, FRAME_THRESHOLD_BITS):
                    shown[listed[at]] = min(distance, shown.get(listed[at], distance))
            if shows(shown, listed):
                count = len(shown), len(listed)
                evidence[row] = replace(evidence[row], frame_distance=min(shown.values()), frames=count)

    def _equal(self, fingerprint: Fingerprint, evidence: dict[int, Evidence]) -> None:
        for row in self._replica.entries_with(fingerprint):
            if fingerprint.type is FingerprintType.SHA256:
                evidence[row] = replace(evidence[row], sha256=True)
            elif fingerprint.type is FingerprintType.MD5:
                evidence[row] = replace(evidence[row], md5=True)

    def _decided(self, row: int, found: Evidence) -> Match | None:
        listed = self._replica.listed(row)
        if listed is None:  # withdrawn since the index was loaded
            return None
        return decide(
            replace(found, entry_has_sha256=listed.has_sha256),
            entry=listed.name,
            tier=listed.tier,
            action=listed.action,
            listed_on=listed.listed_on,
        )
