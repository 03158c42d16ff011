"""The doors of the project that the bench goes through: what is listed of a photograph, and how an upload is asked."""

from __future__ import annotations

import os
from enum import Enum

from takeback import HashList, Screen
from takeback.closing import Closing
from takeback.fingerprints.edits import Protection
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import Effort
from takeback.matching.policy import Match
from takeback.matching.thresholds import Grade
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


#: How much the platform tries for each upload: plain, first or full.
EFFORT = Effort(os.environ.get("TAKEBACK_BENCH_EFFORT", Effort.FULL))


class Owner(Closing):
    """Makes what the owner of a photograph or a film lists."""

    def __init__(self) -> None:
        self._makers = {listing: Fingerprinter(protection=_PROTECTION[listing]) for listing in Listing}

    def close(self) -> None:
        """Ends the decoders."""
        for maker in self._makers.values():
            maker.close()

    def lists(self, source: Source, listing: Listing) -> tuple[Fingerprint, ...]:
        """Gives the fingerprints of a path or bytes; none where the file cannot be read."""
        made = self._makers[listing].fingerprint(source)
        return made.fingerprints if isinstance(made, Fingerprinted) else ()


class Platform(Closing):
    """Asks one list about uploads, with all that can be tried."""

    def __init__(self, hashlist: HashList, effort: Effort = EFFORT) -> None:
        self._screen = Screen(hashlist, effort=effort)
        self._asked = Fingerprinter(quick=True, effort=effort)

    def close(self) -> None:
        """Ends the decoders."""
        self._screen.close()
        self._asked.close()

    def check(self, source: Source) -> tuple[Match, ...]:
        """Gives the matches."""
        return getattr(self._screen.check(source), "matches", ())

    def fingerprints(self, source: Source) -> tuple[Fingerprint, ...]:
        """Gives what `matches` asks with: made once, it serves several lists."""
        made = self._asked.fingerprint(source)
        return made.fingerprints if isinstance(made, Fingerprinted) else made.exact

    def matches(self, prints: tuple[Fingerprint, ...]) -> tuple[Match, ...]:
        """Gives the matches."""
        return getattr(self._screen.check(prints), "matches", ())


def strong(match: Match) -> bool:
    """Whether a platform may act on the match before it looks."""
    return match.grade is Grade.STRONG
