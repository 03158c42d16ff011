"""Light, colour and filters."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from draw import Draw, as_array, as_picture


def brighter(picture: Image.Image, draw: Draw) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(draw.between(1.2, 1.35))


def darker(picture: Image.Image, draw: Draw) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(draw.between(0.6, 0.75))


def more_contrast(picture: Image.Image, draw: Draw) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(draw.between(1.3, 1.5))


def less_contrast(picture: Image.Image, draw: Draw) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(draw.between(0.55, 0.75))


def lifted_shadows(picture: Image.Image, draw: Draw) -> Image.Image:
    return as_picture(255 * (as_array(picture) / 255) ** draw.between(0.55, 0.7))


def deep_shadows(picture: Image.Image, draw: Draw) -> Image.Image:
    return as_picture(255 * (as_array(picture) / 255) ** draw.between(1.5, 1.8))


def strong_colours(picture: Image.Image, draw: Draw) -> Image.Image:
    return ImageEnhance.Color(picture).enhance(draw.between(1.5, 2.0))


def grey(picture: Image.Image, _: Draw) -> Image.Image:
    return ImageOps.grayscale(picture).convert("RGB")


def warm(picture: Image.Image, draw: Draw) -> Image.Image:
    return as_picture(
        as_array(picture) * np.array([draw.between(1.08, 1.18), 1.0, draw.between(0.75, 0.88)], np.float32)
    )


def cold(picture: Image.Image, draw: Draw) -> Image.Image:
    return as_picture(
        as_array(picture) * np.array([draw.between(0.75, 0.88), 1.0, draw.between(1.05, 1.15)], np.float32)
    )


def old_film(picture: Image.Image, draw: Draw) -> Image.Image:
    """Faded and yellow, its corners dark."""
    values = as_array(picture)
    height, width, _ = values.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    dark = 1 - draw.between(0.35, 0.55) * np.clip(np.hypot(x, y) - 0.4, 0, 1)
    return as_picture(
        (values * 0.8 + 30) * np.array([1.08, 1.0, 0.85], np.float32) * dark[..., None].astype(np.float32)
    )


def negative(picture: Image.Image, _: Draw) -> Image.Image:
    return ImageOps.invert(picture)


ATTACKS = {
    made.__name__: made
    for made in (
        *(brighter, darker, more_contrast, less_contrast, lifted_shadows, deep_shadows),
        *(strong_colours, grey, warm, cold, old_film, negative),
    )
}
