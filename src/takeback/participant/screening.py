"""Whether a file is on the list: fingerprints, look-ups, and the policy's word on what was found."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from takeback.closing import Closing
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.policy import PDQ_THRESHOLD_BITS, Evidence, Match, decide, strength
from takeback.matching.radius import RadiusIndex
from takeback.media import Fingerprinter, Limits, Unscannable
from takeback.media.fingerprinter import Source
from takeback.participant.film_screening import Asked, films_shown
from takeback.participant.hash_list import HashList


@dataclass(frozen=True, slots=True)
class Clear:
    """Nothing on the list is near. `checked` says which types could be checked: a flat picture has no pdq."""

    checked: tuple[FingerprintType, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """At least one entry is near; the strongest match comes first. A match is a reason to hold, not a verdict."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    """PDQ values in memory, as of one version of the replica; `entries` holds the row of each value's entry.

    The same for the frames of films, with the second of each.
    """

    version: tuple[int, int]
    radius: RadiusIndex
    entries: list[int]
    frames: RadiusIndex
    frame_entries: list[int]
    frame_seconds: list[int]


class Screen(Closing):
    """Checks files against one list. Safe to use from several threads; `close` ends its decoder."""

    def __init__(self, hashlist: HashList, *, limits: Limits | None = None) -> None:
        self._hashlist, self._replica = hashlist, hashlist.replica
        self._fingerprinter = Fingerprinter(limits, quick=True)
        self._index: _Index | None = None
        self._loading = threading.Lock()

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
            if fingerprint.type.perceptual:  # a film's frame may show a listed picture
                self._near(fingerprint, evidence)
            else:
                self._equal(fingerprint, evidence)
        self._shown(prints, evidence)
        matches = [match for row, found in evidence.items() if (match := self._decided(row, found))]
        if matches:
            return Matched(tuple(sorted(matches, key=strength)))
        return Clear(tuple(fingerprint.type for fingerprint in prints))

    def _near(self, fingerprint: Fingerprint, evidence: dict[int, Evidence]) -> None:
        index = self._loaded()
        for position, distance in index.radius.within(fingerprint.value, PDQ_THRESHOLD_BITS):
            row = index.entries[position]
            nearest = evidence[row].pdq_distance
            if nearest is None or distance < nearest:
                evidence[row] = replace(evidence[row], pdq_distance=distance)

    def _shown(self, prints: tuple[Fingerprint, ...], evidence: dict[int, Evidence]) -> None:
        index = self._loaded()

        def near(values: Sequence[bytes], radii: Sequence[int]) -> list[set[int]]:
            found = [index.frames.within(value, radius) for value, radius in zip(values, radii, strict=True)]
            return [{index.frame_entries[position] for position, _ in one} for one in found]

        for row, film in films_shown(Asked.of(prints), near, self._replica.frames_of):
            evidence[row] = replace(evidence[row], film=film)

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

    def _loaded(self) -> _Index:
        with self._loading:
            version = (self._replica.version(), self._replica.position().cursor)
            if self._index is None or self._index.version != version:
                values, entries, _ = self._replica.pdq_values()
                frames, frame_entries, seconds = self._replica.frame_values()
                self._index = _Index(version, RadiusIndex(values), entries, RadiusIndex(frames), frame_entries, seconds)
            return self._index
