"""Benign pictures for tests: scikit-image's bundled photographs, and what reposting makes of them."""

from __future__ import annotations

import io
from importlib.resources import files

from PIL import Image

#: Photographs (no drawings, no text pages) that scikit-image ships inside its package.
PHOTOGRAPHS = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "chelsea.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "retina.jpg",
    "rocket.jpg",
)


def photograph(name: str) -> bytes:
    """Gives the bytes of one of scikit-image's photographs."""
    return (files("skimage") / "data" / name).read_bytes()


def half_size_jpeg(picture: bytes, quality: int = 75) -> bytes:
    """Gives a copy at half the size, encoded again as JPEG: what a messenger does."""
    with Image.open(io.BytesIO(picture)) as opened:
        upright = opened.convert("RGB")
        small = upright.resize((upright.width // 2, upright.height // 2), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()


def truncated(picture: bytes, keep: float = 0.5) -> bytes:
    """Gives the first part of a file, as a broken download leaves it."""
    return picture[: int(len(picture) * keep)]
