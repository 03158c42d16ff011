"""The one gate from a file's bytes to fingerprints. Hostile bytes are decoded in a killable child, never here."""

from __future__ import annotations

from takeback.media.fingerprinter import Fingerprinted, Fingerprinter, Unscannable
from takeback.media.limits import Limits
from takeback.media.reasons import UnscannableReason

__all__ = ["Fingerprinted", "Fingerprinter", "Limits", "Unscannable", "UnscannableReason"]
