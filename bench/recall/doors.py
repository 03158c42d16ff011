"""The doors of the project that the bench goes through: what is listed of a photograph, and how an upload is asked.

The owner's edits and the grade of a match stand here in their plainest form.
"""

from __future__ import annotations

import io
from dataclasses import replace
from enum import Enum

from PIL import Image

from photographs import upright
from takeback import HashList, Screen
from takeback.closing import Closing
from takeback.fingerprints.edits import Edit, Protection, edits_of
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.matching.policy import Match
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.fingerprinter import Source


class Listing(Enum):
    """How many PDQ hashes a photograph's owner lists."""

    ONE = "one plain PDQ"
    FIVE = "five hashes"
    NINETEEN = "nineteen hashes"


_PROTECTION = {
    Listing.ONE: Protection.PLAIN,
    Listing.FIVE: Protection.USUAL,
    Listing.NINETEEN: Protection.STRONG,
}


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
        edited = [
            replace(one, edit=edit.name)
            for edit in edits_of(_PROTECTION[listing], *picture.size)
            for one in self._made(_cut(picture, edit))
            if one.type is FingerprintType.PDQ
        ]
        return (*plain, *edited)

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


def _cut(picture: Image.Image, edit: Edit) -> bytes:
    width, height = picture.size
    out = io.BytesIO()
    box = (round(width * edit.left), round(height * edit.top), round(width * edit.right), round(height * edit.bottom))
    picture.crop(box).save(out, "BMP")
    return out.getvalue()
