"""What a find is allowed to mean. Pure, and tested as a table.

- PDQ within 31 bits is a match; exact types match by equality.
- A film matches where enough of a listed film's frames are shown in it (`films.py`).
- MD5 alone is never enough: different pictures with one MD5 exist. It counts only where the entry has no SHA-256.
- The strongest action is the weaker of what the entry's tier allows and what the evidence allows. Perceptual evidence
  alone, or MD5 alone, allows no more than a hold for a person to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from takeback.fingerprints.types import FingerprintType
from takeback.matching.films import Shown
from takeback.model.tier import StrongestAction, Tier

#: Largest PDQ distance that is a match, in bits (Meta's pdq/README recommends 31).
PDQ_THRESHOLD_BITS = 31


@dataclass(frozen=True, slots=True)
class Match:
    """A file is near an entry, and how. `distance` and `threshold` are bits; 0 for exact types.

    `frames`, of a film: how many of the entry's frames it shows, and how many the entry has.
    """

    entry: str
    type: FingerprintType
    distance: int
    threshold: int
    tier: Tier
    action: StrongestAction
    listed_on: date
    frames: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found between one file and one entry."""

    sha256: bool = False
    md5: bool = False
    entry_has_sha256: bool = True
    pdq_distance: int | None = None
    #: What the entry's frames amount to, where enough of them are shown.
    film: Shown | None = None

    @property
    def best(self) -> tuple[FingerprintType, int] | None:
        """The strongest type that matches, with its distance, or None when nothing counts."""
        if self.sha256:
            return FingerprintType.SHA256, 0
        if self.pdq_distance is not None and self.pdq_distance <= PDQ_THRESHOLD_BITS:
            return FingerprintType.PDQ, self.pdq_distance
        if self.film is not None:
            return FingerprintType.VPDQ, self.film.distance
        if self.md5 and not self.entry_has_sha256:
            return FingerprintType.MD5, 0
        return None

    @property
    def strongest_action(self) -> StrongestAction:
        """The most that this evidence allows by machine: two families, or SHA-256, may remove."""
        near = (self.film is not None and self.film.strong) or (
            self.pdq_distance is not None and self.pdq_distance <= PDQ_THRESHOLD_BITS
        )
        two_families = near and self.md5 and not self.entry_has_sha256
        return StrongestAction.REMOVE if self.sha256 or two_families else StrongestAction.HOLD


def decide(evidence: Evidence, *, entry: str, tier: Tier, action: StrongestAction, listed_on: date) -> Match | None:
    """Gives the match that the evidence makes, or None."""
    best = evidence.best
    if best is None:
        return None
    type_, distance = best
    allowed = StrongestAction.HOLD if StrongestAction.HOLD in (action, evidence.strongest_action) else action
    film = evidence.film
    thresholds = {FingerprintType.PDQ: PDQ_THRESHOLD_BITS, FingerprintType.VPDQ: film.threshold if film else 0}
    frames = film.frames if film else None
    return Match(entry, type_, distance, thresholds.get(type_, 0), tier, allowed, listed_on, frames)


def strength(match: Match) -> tuple[int, int, str]:
    """Gives a key that sorts the strongest match first."""
    order = (FingerprintType.SHA256, FingerprintType.PDQ, FingerprintType.VPDQ, FingerprintType.MD5)
    return order.index(match.type), match.distance, match.entry
