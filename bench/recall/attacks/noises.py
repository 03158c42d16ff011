"""Blurred, sharpened, grained."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from draw import Draw, as_array, as_picture, blurred


def _blur(low: float, high: float) -> Callable[[Image.Image, Draw], Image.Image]:
    return lambda picture, draw: blurred(picture, draw.between(low, high))


def _grain(low: float, high: float) -> Callable[[Image.Image, Draw], Image.Image]:
    def grain(picture: Image.Image, draw: Draw) -> Image.Image:
        values = as_array(picture)
        return as_picture(values + draw.numbers.normal(0, draw.between(low, high), values.shape).astype(np.float32))

    return grain


def sharpened(picture: Image.Image, draw: Draw) -> Image.Image:
    return picture.filter(ImageFilter.UnsharpMask(draw.between(2, 4), draw.dice.randint(120, 220), 2))


ATTACKS = {
    "blur": _blur(0.002, 0.004),
    "blur_strong": _blur(0.006, 0.01),
    "sharpened": sharpened,
    "grain": _grain(8, 14),
    "grain_strong": _grain(25, 38),
}
