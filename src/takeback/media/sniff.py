"""What a file is by its first bytes; its name and what a client says of it count for nothing."""

from __future__ import annotations

#: Bytes needed to tell.
SNIFF_BYTES = 12


def image_format(begin: bytes) -> str | None:
    """Gives Pillow's name of the format, or None for what is not read yet."""
    if begin.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if begin.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if begin[:4] == b"RIFF" and begin[8:12] == b"WEBP":
        return "WEBP"
    if begin.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    return None
