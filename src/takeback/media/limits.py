"""What one file may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for decoding, each with its unit in its name."""

    file_bytes: int = 100 * 1024 * 1024
    """Larger files get exact fingerprints only."""

    pixels: int = 200_000_000
    """Width times height, known from the header before anything is decoded."""

    seconds: float = 20.0
    """Wall time and CPU time of one file; then the child is killed."""

    memory_bytes: int = 2 * 1024 * 1024 * 1024
    """Address space of the child, the interpreter included."""

    files_per_child: int = 1_000
    """After so many files a child is replaced, so that nothing builds up in it."""

    children: int = 1
    """How many files are decoded side by side."""
