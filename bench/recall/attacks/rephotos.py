"""A photograph of the photograph: on a screen, or printed."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from attacks.tilts import seen_from
from draw import Draw, as_array, as_picture, blurred, canvas, pasted, within


def _camera(picture: Image.Image, draw: Draw, *, moire: float, noise: float) -> Image.Image:
    """What screen and camera add: stripes, a veil of light, noise, softness."""
    values = as_array(picture.filter(ImageFilter.GaussianBlur(draw.between(0.6, 1.4))))
    height, width, _ = values.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle, period = draw.between(0, np.pi), draw.between(4, 11)
    stripes = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    light = (x / width) * draw.between(-1, 1) + (y / height) * draw.between(-1, 1)
    tint = np.array([draw.between(0.9, 1.08) for _ in range(3)], np.float32)
    values = values * tint * (1 + moire * stripes[..., None]) + 22 * light[..., None]
    return as_picture(values + draw.numbers.normal(0, noise, values.shape).astype(np.float32))


def _stood(picture: Image.Image, draw: Draw, *, margin: float, skew: float) -> Image.Image:
    """The picture on a dark device on a table, seen by a hand that is not quite straight."""
    shown = within(picture, 1000, 1000)
    bezel = draw.share(min(shown.size), 0.02, 0.05) if margin > 0.02 else 0
    edge_x, edge_y = (round(side * margin * draw.between(0.7, 1.3)) for side in shown.size)
    table = blurred(draw.other(shown.width + 2 * (bezel + edge_x), shown.height + 2 * (bezel + edge_y)), 0.03)
    device = canvas(shown.width + 2 * bezel, shown.height + 2 * bezel, draw.colour(5, 30))
    pasted(device, shown, bezel, bezel)
    pasted(table, device, edge_x, edge_y)
    width, height = table.size

    def off(side: int) -> float:
        return side * draw.between(-skew, skew)

    corners = [(0.0, 0.0), (0.0, height), (float(width), height), (float(width), 0.0)]
    return seen_from(table, [(x + off(width), y + off(height)) for x, y in corners])


def screen(picture: Image.Image, draw: Draw) -> Image.Image:
    return _camera(_stood(picture, draw, margin=0.12, skew=0.02), draw, moire=0.04, noise=5)


def screen_tight(picture: Image.Image, draw: Draw) -> Image.Image:
    """Almost nothing but the picture."""
    return _camera(_stood(picture, draw, margin=0.01, skew=0.015), draw, moire=0.04, noise=5)


def screen_hard(picture: Image.Image, draw: Draw) -> Image.Image:
    """Far, crooked, with stripes and a reflection."""
    seen = _camera(_stood(picture, draw, margin=0.25, skew=0.06), draw, moire=0.1, noise=9)
    glare = Image.new("L", seen.size, 0)
    x, y = int(seen.width * draw.between(0.2, 0.8)), int(seen.height * draw.between(0.2, 0.8))
    reach = int(min(seen.size) * 0.12)
    glare.paste(150, (x - reach, y - reach, x + reach, y + reach))
    glare = glare.filter(ImageFilter.GaussianBlur(reach / 2))
    return Image.composite(canvas(*seen.size, (255, 255, 255)), seen, glare)


def printed(picture: Image.Image, draw: Draw) -> Image.Image:
    """On paper with a white edge, in warm light."""
    shown = within(picture, 1000, 1000)
    edge = draw.share(min(shown.size), 0.03, 0.06)
    paper = canvas(shown.width + 2 * edge, shown.height + 2 * edge, (250, 248, 240))
    pasted(paper, ImageEnhance.Contrast(shown).enhance(draw.between(0.75, 0.9)), edge, edge)
    return _camera(_stood(paper, draw, margin=0.06, skew=0.015), draw, moire=0.0, noise=4)


ATTACKS = {made.__name__: made for made in (screen, screen_tight, screen_hard, printed)}
