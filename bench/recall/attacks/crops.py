"""Parts of the photograph. Percentages are of each side, taken off both ends or one."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from draw import Draw


def _middle(share: float) -> Callable[[Image.Image, Draw], Image.Image]:
    def crop(picture: Image.Image, draw: Draw) -> Image.Image:
        taken = share * draw.between(0.9, 1.1) / 2
        width, height = picture.size
        return picture.crop(
            (round(width * taken), round(height * taken), round(width * (1 - taken)), round(height * (1 - taken)))
        )

    return crop


def _side(share: float) -> Callable[[Image.Image, Draw], Image.Image]:
    def crop(picture: Image.Image, draw: Draw) -> Image.Image:
        box, edge = [0, 0, *picture.size], draw.dice.randrange(4)
        taken = round(picture.size[edge % 2] * share * draw.between(0.9, 1.1))
        box[edge] += taken if edge < 2 else -taken
        return picture.crop(tuple(box))

    return crop


def corner(picture: Image.Image, draw: Draw) -> Image.Image:
    """Off two sides that meet."""
    width, height = (round(side * (1 - draw.between(0.1, 0.2))) for side in picture.size)
    x, y = draw.dice.choice((0, picture.width - width)), draw.dice.choice((0, picture.height - height))
    return picture.crop((x, y, x + width, y + height))


def square(picture: Image.Image, _: Draw) -> Image.Image:
    side = min(picture.size)
    x, y = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((x, y, x + side, y + side))


def uneven(picture: Image.Image, draw: Draw) -> Image.Image:
    """By hand: a little off every side, never the same."""
    width, height = picture.size
    left, top, right, bottom = (draw.between(0.0, 0.12) for _ in range(4))
    return picture.crop(
        (round(width * left), round(height * top), round(width * (1 - right)), round(height * (1 - bottom)))
    )


ATTACKS = {
    "middle_2": _middle(0.02),
    "middle_5": _middle(0.05),
    "middle_10": _middle(0.1),
    "middle_20": _middle(0.2),
    "middle_30": _middle(0.3),
    "side_5": _side(0.05),
    "side_10": _side(0.1),
    "side_20": _side(0.2),
    "side_30": _side(0.3),
    "corner": corner,
    "square": square,
    "uneven": uneven,
}
