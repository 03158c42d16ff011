"""The doors of the project that the bench goes through: what is listed of a photograph, and how an upload is asked.

The owner's edits and the grade of a match stand here in their plainest form.
"""

from __future__ import annotations

import io
from enum import Enum

from PIL import Image

from photographs import upright
from takeback import HashList, Screen
from takeback.closing import Closing
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.policy import Match
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.fingerprinter import Source


class Listing(Enum):
    """How many PDQ hashes a photograph's owner lists."""

    ONE = "one plain PDQ"
    FIVE = "five hashes"
    NINETEEN = "nineteen hashes"


class Owner(Closing):
    """Makes what the owner of a photograph lists."""

    def __init__(self) -> None:
        self._fingerprinter = Fingerprinter()

    def close(self) -> None:
        """Ends the decoder."""
        self._fingerprinter.close()

    def lists(self, source: Source, listing: Listing) -> tuple[Fingerprint, ...]:
        """Gives the fingerprints of a path or bytes; none where the file cannot be read."""
        plain = self._made(source)
        if listing is Listing.ONE or not plain:
            return plain
        picture = upright(io.BytesIO(source) if isinstance(source, bytes) else source)
        crops = _FOUR if listing is Listing.FIVE else (*_FOUR, *_FOURTEEN)
        edited = [one for crop in crops for one in self._made(_cut(picture, crop)) if one.type is FingerprintType.PDQ]
        return tuple(dict.fromkeys((*plain, *edited)))

    def _made(self, source: Source) -> tuple[Fingerprint, ...]:
        made = self._fingerprinter.fingerprint(source)
        return made.fingerprints if isinstance(made, Fingerprinted) else ()


class Platform(Closing):
    """Asks one list about uploads."""

    def __init__(self, hashlist: HashList) -> None:
        self._screen = Screen(hashlist)
        self._asked = Fingerprinter(quick=True)

    def close(self) -> None:
        """Ends the decoders."""
        self._screen.close()
        self._asked.close()

    def check(self, source: Source) -> tuple[Match, ...]:
        """Gives the matches."""
        return getattr(self._screen.check(source), "matches", ())

    def asked(self, source: Source) -> tuple[bytes, ...]:
        """Gives the values that the list is asked for."""
        made = self._asked.fingerprint(source)
        prints = made.fingerprints if isinstance(made, Fingerprinted) else ()
        return tuple(one.value for one in prints if one.type.perceptual)


def strong(match: Match) -> bool:
    """Whether a platform may act on the match before it looks."""
    return match.distance <= match.threshold


#: Left, top, right, bottom: what is taken off, as a share of the side.
Crop = tuple[float, float, float, float]
_FOUR: tuple[Crop | None, ...] = (*((share / 2,) * 4 for share in (0.1, 0.2, 0.3)), None)  # the last: the middle square
_FOURTEEN: tuple[Crop, ...] = (
    *((share / 2,) * 4 for share in (0.05, 0.4)),
    *((share, 0, 0, 0) for share in (0.1, 0.2, 0.3)),
    *((0, share, 0, 0) for share in (0.1, 0.2, 0.3)),
    *((0, 0, share, 0) for share in (0.1, 0.2, 0.3)),
    *((0, 0, 0, share) for share in (0.1, 0.2, 0.3)),
)


def _cut(picture: Image.Image, crop: Crop | None) -> bytes:
    width, height = picture.size
    if crop is None:
        left, top = max(0, width - height) / 2 / width, max(0, height - width) / 2 / height
        crop = (left, top, left, top)
    left, top, right, bottom = crop
    out = io.BytesIO()
    box = (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    picture.crop(box).save(out, "BMP")
    return out.getvalue()
