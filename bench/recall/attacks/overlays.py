"""Things put on the photograph."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw

from draw import Draw, sticker, written


def caption_small(picture: Image.Image, draw: Draw) -> Image.Image:
    size = picture.height * draw.between(0.03, 0.045)
    at = picture.width / 2, picture.height * draw.dice.choice((0.08, 0.92))
    written(picture, at, draw.words(2, 4), size, (255, 255, 255), anchor="mm", edge=2)
    return picture


def caption_large(picture: Image.Image, draw: Draw) -> Image.Image:
    size = picture.height * draw.between(0.07, 0.1)
    for y in (0.09, 0.91):
        text = draw.words(2, 4).upper()
        written(picture, (picture.width / 2, picture.height * y), text, size, (255, 255, 255), anchor="mm", edge=5)
    return picture


def text_band(picture: Image.Image, draw: Draw) -> Image.Image:
    """A half transparent band right across, with a line of text."""
    top, height = draw.share(picture.height, 0.15, 0.8), draw.share(picture.height, 0.06, 0.1)
    band = Image.new("RGB", (picture.width, height), draw.colour(0, 60))
    below = picture.crop((0, top, picture.width, top + height))
    picture.paste(Image.blend(below, band, draw.between(0.5, 0.75)), (0, top))
    at = picture.width / 2, top + height / 2
    written(picture, at, draw.words(3, 6), height * 0.55, (255, 255, 255), anchor="mm")
    return picture


def _stickers(count: int, low: float, high: float) -> Callable[[Image.Image, Draw], Image.Image]:
    def put(picture: Image.Image, draw: Draw) -> Image.Image:
        for _ in range(count):
            x, y = picture.width * draw.between(0.15, 0.85), picture.height * draw.between(0.15, 0.85)
            sticker(picture, draw, x, y, min(picture.size) * draw.between(low, high))
        return picture

    return put


def black_box(picture: Image.Image, draw: Draw) -> Image.Image:
    """Over about five per cent of the picture."""
    width, height = draw.share(picture.width, 0.18, 0.26), draw.share(picture.height, 0.18, 0.26)
    x, y = draw.dice.randint(0, picture.width - width), draw.dice.randint(0, picture.height - height)
    ImageDraw.Draw(picture).rectangle((x, y, x + width, y + height), fill=(0, 0, 0))
    return picture


def pixelated(picture: Image.Image, draw: Draw) -> Image.Image:
    width, height = draw.share(picture.width, 0.2, 0.35), draw.share(picture.height, 0.2, 0.35)
    x, y = draw.dice.randint(0, picture.width - width), draw.dice.randint(0, picture.height - height)
    part = picture.crop((x, y, x + width, y + height))
    small = part.resize((max(1, width // 24), max(1, height // 24)), Image.Resampling.BOX)
    picture.paste(small.resize(part.size, Image.Resampling.NEAREST), (x, y))
    return picture


def mark_in_corner(picture: Image.Image, draw: Draw) -> Image.Image:
    at = picture.width * 0.97, picture.height * draw.dice.choice((0.05, 0.95))
    written(
        picture,
        at,
        f"@{draw.words(1, 1)}{draw.dice.randint(1, 99)}",
        picture.height * 0.04,
        (230, 230, 230),
        anchor="rm",
    )
    return picture


def mark_tiled(picture: Image.Image, draw: Draw) -> Image.Image:
    marks, size = picture.copy(), picture.height * draw.between(0.035, 0.05)
    text = f"© {draw.words(1, 2)}"
    for row in range(9):
        for column in range(5):
            at = picture.width * (column - 0.2 + 0.1 * (row % 2)) / 4, picture.height * row / 8
            written(marks, at, text, size, (255, 255, 255))
    return Image.blend(picture, marks, draw.between(0.25, 0.4))


def scribble(picture: Image.Image, draw: Draw) -> Image.Image:
    """Drawn with a finger."""
    points, width = [], draw.share(min(picture.size), 0.012, 0.025)
    x, y = picture.width * draw.between(0.2, 0.8), picture.height * draw.between(0.2, 0.8)
    for _ in range(14):
        points.append((x, y))
        x += picture.width * draw.between(-0.12, 0.12)
        y += picture.height * draw.between(-0.12, 0.12)
    ImageDraw.Draw(picture).line(points, fill=draw.colour(), width=width, joint="curve")
    return picture


ATTACKS = {
    "caption_small": caption_small,
    "caption_large": caption_large,
    "text_band": text_band,
    "sticker_small": _stickers(1, 0.1, 0.16),
    "sticker_large": _stickers(1, 0.24, 0.34),
    "stickers_three": _stickers(3, 0.12, 0.2),
    "black_box": black_box,
    "pixelated": pixelated,
    "mark_in_corner": mark_in_corner,
    "mark_tiled": mark_tiled,
    "scribble": scribble,
}
