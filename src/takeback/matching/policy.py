"""What a find is allowed to mean. Pure, and tested as a table.

- A picture matches by the thresholds of `thresholds.py`: strong, or probable; exact types match by equality.
- A film matches where enough of a listed film's frames are shown in it (`films.py`).
- MD5 alone is never enough: different pictures with one MD5 exist. It counts only where the entry has no SHA-256.
- The strongest action is the weaker of what the entry's tier allows and what the evidence allows. Perceptual evidence
  alone, or MD5 alone, allows no more than a hold for a person to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from takeback.fingerprints.types import FingerprintType
from takeback.fingerprints.variants import UPLOAD
from takeback.matching.films import Shown
from takeback.matching.thresholds import Grade, Graded
from takeback.model.tier import StrongestAction, Tier


@dataclass(frozen=True, slots=True)
class Match:
    """A file is near an entry, and how. `distance` and `threshold` are bits; 0 for exact types.

    `variant` says how the upload was looked at (`fingerprints/variants.py`), `edit` which simulated edit of the listed
    picture it is near, if not the picture itself. `frames`, of a film: how many of the entry's frames it shows, and how
    many the entry has.
    """

    entry: str
    type: FingerprintType
    distance: int
    threshold: int
    tier: Tier
    action: StrongestAction
    listed_on: date
    frames: tuple[int, int] | None = None
    grade: Grade = Grade.STRONG
    variant: str = UPLOAD.name
    edit: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found between one file and one entry."""

    sha256: bool = False
    md5: bool = False
    entry_has_sha256: bool = True
    #: What looks at the upload's picture, or at a film's frames, found of the entry's pictures.
    picture: Graded | None = None
    #: What the entry's frames amount to, where enough of them are shown.
    film: Shown | None = None

    @property
    def strongest_action(self) -> StrongestAction:
        """The most that this evidence allows by machine: two families, or SHA-256, may remove."""
        near = (self.film is not None and self.film.strong) or (
            self.picture is not None and self.picture.grade is Grade.STRONG
        )
        two_families = near and self.md5 and not self.entry_has_sha256
        return StrongestAction.REMOVE if self.sha256 or two_families else StrongestAction.HOLD


def decide(evidence: Evidence, *, entry: str, tier: Tier, action: StrongestAction, listed_on: date) -> Match | None:
    """Gives the match that the evidence makes, or None. A strong find of any type counts before a probable one."""
    allowed = StrongestAction.HOLD if StrongestAction.HOLD in (action, evidence.strongest_action) else action
    frames = evidence.film.frames if evidence.film else None

    def match(
        type_: FingerprintType,
        distance: int = 0,
        threshold: int = 0,
        grade: Grade = Grade.STRONG,
        variant: str = UPLOAD.name,
        edit: str | None = None,
    ) -> Match:
        return Match(entry, type_, distance, threshold, tier, allowed, listed_on, frames, grade, variant, edit)

    found = []
    if evidence.sha256:
        found.append(match(FingerprintType.SHA256))
    if (picture := evidence.picture) is not None:
        find = picture.find
        found.append(
            match(FingerprintType.PDQ, find.distance, picture.threshold, picture.grade, find.variant, find.edit)
        )
    if (film := evidence.film) is not None:
        grade = Grade.STRONG if film.strong else Grade.PROBABLE
        found.append(match(FingerprintType.VPDQ, film.distance, film.threshold, grade))
    if evidence.md5 and not evidence.entry_has_sha256:
        found.append(match(FingerprintType.MD5))
    return min(found, key=strength, default=None)


#: MD5 alone comes last: it is strong, and yet another picture may have it.
_ORDER = (FingerprintType.SHA256, FingerprintType.PDQ, FingerprintType.VPDQ, FingerprintType.MD5)


def strength(match: Match) -> tuple[bool, int, int, str]:
    """Gives a key that sorts the strongest match first."""
    weak = match.grade is Grade.PROBABLE or match.type is FingerprintType.MD5
    return weak, _ORDER.index(match.type), match.distance, match.entry
