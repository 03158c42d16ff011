"""What the child finds in one file."""

from __future__ import annotations

from dataclasses import dataclass

from takeback.fingerprints.types import Fingerprint


@dataclass(frozen=True, slots=True)
class Found:
    """A picture's own PDQ, the frames of what moves as (whole seconds, PDQ), and the stored size in pixels.

    `parts` holds what was made beside the picture's own PDQ: its edits, or variants to ask a list about.
    `complete` is false where frames were left out: time ran out, or the rest of the file is damaged.
    """

    pdq: Fingerprint | None
    frames: tuple[tuple[int, Fingerprint], ...]
    width: int
    height: int
    complete: bool = True
    parts: tuple[Fingerprint, ...] = ()
