"""What can be wrong with a file, inside the child; outside it is an `UnscannableReason`."""

from __future__ import annotations


class UnsupportedFormatError(Exception):
    """The bytes are not a format that is read."""


class TooManyPixelsError(Exception):
    """The header announces more pixels than the limit."""


class DamagedError(Exception):
    """The bytes begin like a picture or a film and are not one."""
