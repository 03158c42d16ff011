"""Mirrored, or turned by quarters."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from draw import Draw, jpeg

_WAYS = {
    "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
    "upside_down_mirror": Image.Transpose.FLIP_TOP_BOTTOM,
    "turn_90": Image.Transpose.ROTATE_90,
    "turn_180": Image.Transpose.ROTATE_180,
    "turn_270": Image.Transpose.ROTATE_270,
}


def _turned(way: Image.Transpose) -> Callable[[Image.Image, Draw], bytes]:
    return lambda picture, draw: jpeg(picture.transpose(way), draw.dice.randint(75, 92))


ATTACKS = {name: _turned(way) for name, way in _WAYS.items()}
