"""What one file may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for decoding, each with its unit in its name."""

    file_bytes: int = 100 * 1024 * 1024
    """Larger pictures get exact fingerprints only."""

    pixels: int = 200_000_000
    """Width times height of a picture, or of a film's frame; known from the header before anything is decoded."""

    seconds: float = 20.0
    """Wall time and CPU time of one picture; then the child is killed."""

    film_bytes: int = 8 * 1024 * 1024 * 1024
    """Larger films get exact fingerprints only."""

    film_seconds: float = 120.0
    """Time for the frames of one film, or of a picture that moves; those found until then count."""

    film_frames: int = 3_600
    """Frames of one film that are compared with a list: four a second up to a quarter of an hour, then fewer."""

    memory_bytes: int = 2 * 1024 * 1024 * 1024
    """Address space of the child, the interpreter included."""

    files_per_child: int = 1_000
    """After so many files a child is replaced, so that nothing builds up in it."""

    children: int = 1
    """How many files are decoded side by side."""
