"""Checking one file, or fingerprints, against the list. The result is a value, never an exception for a bad file."""

from __future__ import annotations

from takeback.closing import Closing
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinter, Limits, Unscannable
from takeback.media.fingerprinter import Source
from takeback.participant.hash_list import HashList
from takeback.participant.look_up import Clear, LookUp, Matched

__all__ = ["Clear", "Matched", "Screen"]


class Screen(Closing):
    """Checks files against one list. Safe to use from several threads; `close` ends its decoder.

    `effort` says how much is tried for each file: its own hash alone, as other software does (`plain`); what is cheap,
    such as screenshots and mirror images (`first`); or also cut and tilted copies (`full`). docs/recall.md says what
    each finds and costs.
    """

    def __init__(self, hashlist: HashList, *, limits: Limits | None = None, effort: Effort = Effort.FIRST) -> None:
        self._hashlist, self._look_up = hashlist, LookUp(hashlist, effort)
        self._fingerprinter = Fingerprinter(limits, quick=True, effort=effort)

    def close(self) -> None:
        """Ends the decoder."""
        self._fingerprinter.close()

    def check(self, file: Source | tuple[Fingerprint, ...]) -> Clear | Matched | Unscannable:
        """Says whether a path, bytes, binary file, or fingerprints made before, are on the list.

        Raises StaleListError when the list is too old to be asked. Bad media never raise: `Unscannable` says why.
        """
        self._hashlist.require_fresh()
        if isinstance(file, tuple):
            return self._look_up.one(file)
        made = self._fingerprinter.fingerprint(file)
        if not isinstance(made, Unscannable):
            return self._look_up.one(made.fingerprints)
        # A file that cannot be decoded may still be, byte for byte, what is listed.
        found = self._look_up.one(made.exact)
        return found if isinstance(found, Matched) else made
