"""Tilted, stretched and bent."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image

from draw import Draw

#: Where the corners of the output lie in the input: upper left, lower left, lower right, upper right.
Corners = list[tuple[float, float]]


def seen_from(picture: Image.Image, corners: Corners, size: tuple[int, int] | None = None) -> Image.Image:
    """Gives what lies between four corners of the picture, stretched to a rectangle. Outside of it is black."""
    width, height = size or picture.size
    rows, target = [], []
    out = [(0, 0), (0, height), (width, height), (width, 0)]
    for (x, y), (u, v) in zip(out, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        target += [u, v]
    found = np.linalg.solve(np.array(rows, float), np.array(target, float))
    return picture.transform((width, height), Image.Transform.PERSPECTIVE, tuple(found), Image.Resampling.BICUBIC)


def _tilted(low: float, high: float) -> Callable[[Image.Image, Draw], Image.Image]:
    def tilt(picture: Image.Image, draw: Draw) -> Image.Image:
        """Straightened by an editor: turned by some degrees, and cut so that no corner is empty."""
        degrees = draw.between(low, high) * draw.dice.choice((-1, 1))
        turned = picture.rotate(degrees, Image.Resampling.BICUBIC)
        width, height = picture.size
        angle = math.radians(abs(degrees))
        scale = 1 / (math.cos(angle) + max(width / height, height / width) * math.sin(angle))
        x, y = width * (1 - scale) / 2, height * (1 - scale) / 2
        return turned.crop((math.ceil(x), math.ceil(y), math.floor(width - x), math.floor(height - y)))

    return tilt


def tilt_empty_corners(picture: Image.Image, draw: Draw) -> Image.Image:
    degrees = draw.between(2.0, 4.0) * draw.dice.choice((-1, 1))
    fill = draw.dice.choice(((0, 0, 0), (255, 255, 255)))
    return picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=fill)


def perspective(picture: Image.Image, draw: Draw) -> Image.Image:
    width, height = picture.size

    def off(side: int) -> float:
        return side * draw.between(0.0, 0.035)

    return seen_from(
        picture,
        [
            (off(width), off(height)),
            (off(width), height - off(height)),
            (width - off(width), height - off(height)),
            (width - off(width), off(height)),
        ],
    )


def wider(picture: Image.Image, draw: Draw) -> Image.Image:
    return picture.resize((round(picture.width * draw.between(1.12, 1.3)), picture.height))


def to_square(picture: Image.Image, _: Draw) -> Image.Image:
    side = min(picture.size)
    return picture.resize((side, side))


def bent(picture: Image.Image, draw: Draw) -> Image.Image:
    """A wide lens: the middle nearer than the edges."""
    strength, steps = draw.between(0.05, 0.1), 12
    width, height = picture.size

    def source(x: float, y: float) -> tuple[float, float]:
        u, v = 2 * x / width - 1, 2 * y / height - 1
        factor = (1 - strength) + strength * (u * u + v * v) / 2
        return (u * factor + 1) * width / 2, (v * factor + 1) * height / 2

    mesh = []
    for i in range(steps):
        for j in range(steps):
            left, right = width * i // steps, width * (i + 1) // steps
            top, bottom = height * j // steps, height * (j + 1) // steps
            corners = ((left, top), (left, bottom), (right, bottom), (right, top))
            mesh.append(((left, top, right, bottom), tuple(part for corner in corners for part in source(*corner))))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


ATTACKS = {
    "tilt_1": _tilted(0.7, 1.3),
    "tilt_2": _tilted(1.7, 2.4),
    "tilt_5": _tilted(4.0, 6.0),
    "tilt_10": _tilted(8.0, 11.0),
    "tilt_empty_corners": tilt_empty_corners,
    "perspective": perspective,
    "wider": wider,
    "to_square": to_square,
    "bent": bent,
}
