"""Why a file could not be turned into a perceptual fingerprint."""

from __future__ import annotations

from enum import StrEnum


class UnscannableReason(StrEnum):
    """A closed set, so that a platform's policy can name each."""

    EMPTY = "empty"
    UNSUPPORTED_FORMAT = "unsupported-format"
    DAMAGED = "damaged"
    TOO_MANY_BYTES = "too-many-bytes"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_SLOW = "too-slow"
    TOO_MUCH_MEMORY = "too-much-memory"
    DECODER_DIED = "decoder-died"


#: The one byte that the child answers for each reason; 0 is success.
CODES: dict[int, UnscannableReason] = dict(enumerate(UnscannableReason, start=1))
CODE_OF: dict[UnscannableReason, int] = {reason: code for code, reason in CODES.items()}
