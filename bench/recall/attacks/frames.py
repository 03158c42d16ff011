"""Borders, bars and fills around the whole photograph."""

from __future__ import annotations

from PIL import Image, ImageEnhance

from draw import Colour, Draw, blurred, canvas, filled, pasted, within, written


def _around(picture: Image.Image, colour: Colour, left: int, top: int, right: int, bottom: int) -> Image.Image:
    ground = canvas(picture.width + left + right, picture.height + top + bottom, colour)
    pasted(ground, picture, left, top)
    return ground


def border_thin(picture: Image.Image, draw: Draw) -> Image.Image:
    edge = draw.share(min(picture.size), 0.03, 0.07)
    return _around(picture, draw.colour(235, 255), edge, edge, edge, edge)


def border_dark(picture: Image.Image, draw: Draw) -> Image.Image:
    edge = draw.share(min(picture.size), 0.04, 0.1)
    return _around(picture, draw.colour(0, 20), edge, edge, edge, edge)


def border_colour(picture: Image.Image, draw: Draw) -> Image.Image:
    edge = draw.share(min(picture.size), 0.08, 0.16)
    return _around(picture, draw.colour(), edge, edge, edge, edge)


def border_double(picture: Image.Image, draw: Draw) -> Image.Image:
    one, two = draw.share(min(picture.size), 0.01, 0.02), draw.share(min(picture.size), 0.04, 0.09)
    return _around(_around(picture, draw.colour(0, 60), one, one, one, one), draw.colour(200, 255), two, two, two, two)


def instant_photo(picture: Image.Image, draw: Draw) -> Image.Image:
    edge = draw.share(min(picture.size), 0.04, 0.07)
    framed = _around(picture, draw.colour(240, 255), edge, edge, edge, edge * draw.dice.randint(3, 5))
    written(framed, (framed.width / 2, framed.height - edge * 1.5), draw.words(1, 3), edge, (60, 60, 80), anchor="mm")
    return framed


def letterbox_square(picture: Image.Image, draw: Draw) -> Image.Image:
    side = int(max(picture.size) * draw.between(1.0, 1.06))
    ground = canvas(side, side, draw.colour(0, 12) if draw.dice.random() < 0.7 else (255, 255, 255))
    pasted(ground, picture, (side - picture.width) // 2, (side - picture.height) // 2)
    return ground


def pillarbox_tall(picture: Image.Image, draw: Draw) -> Image.Image:
    """A 9:16 screen with plain bars."""
    width, height = 900, 1600
    ground = canvas(width, height, draw.colour(0, 60))
    shown = within(picture, width, height)
    pasted(ground, shown, (width - shown.width) // 2, int((height - shown.height) * draw.between(0.4, 0.6)))
    return ground


def blurred_fill(picture: Image.Image, draw: Draw) -> Image.Image:
    """A 9:16 screen whose bars are the photograph itself, large and blurred."""
    width, height = draw.dice.choice(((900, 1600), (1080, 1920), (720, 1280)))
    ground = blurred(filled(picture, width, height), draw.between(0.02, 0.05))
    ground = ImageEnhance.Brightness(ground).enhance(draw.between(0.6, 1.0))
    shown = within(picture, width, height)
    pasted(ground, shown, (width - shown.width) // 2, (height - shown.height) // 2)
    return ground


def meme_bars(picture: Image.Image, draw: Draw) -> Image.Image:
    top, bottom = draw.share(picture.height, 0.1, 0.22), draw.share(picture.height, 0.1, 0.22)
    light = draw.dice.random() < 0.5
    ground = _around(picture, (255, 255, 255) if light else (0, 0, 0), 0, top, 0, bottom)
    ink = (0, 0, 0) if light else (255, 255, 255)
    for y, bar in ((top / 2, top), (ground.height - bottom / 2, bottom)):
        written(ground, (ground.width / 2, y), draw.words(2, 5).upper(), bar * 0.4, ink, anchor="mm")
    return ground


def caption_bar(picture: Image.Image, draw: Draw) -> Image.Image:
    bar = draw.share(picture.height, 0.12, 0.3)
    ground, ink = draw.theme()
    framed = _around(picture, ground, 0, bar, 0, 0)
    for line in range(2):
        written(framed, (bar * 0.15, bar * (0.3 + 0.4 * line)), draw.words(4, 8), bar * 0.25, ink)
    return framed


def bar_below(picture: Image.Image, draw: Draw) -> Image.Image:
    """A site's mark below, on a coloured bar."""
    bar = draw.share(picture.height, 0.05, 0.12)
    framed = _around(picture, draw.colour(20, 230), 0, 0, 0, bar)
    written(
        framed, (framed.width - 10, framed.height - bar / 2), draw.words(1, 2), bar * 0.5, (255, 255, 255), anchor="rm"
    )
    return framed


ATTACKS = {
    made.__name__: made
    for made in (
        *(border_thin, border_dark, border_colour, border_double, instant_photo, letterbox_square),
        *(pillarbox_tall, blurred_fill, meme_bars, caption_bar, bar_below),
    )
}
