"""The photograph beside, above or inside others."""

from __future__ import annotations

from PIL import Image

from draw import Draw, canvas, filled, pasted, scaled, within


def _limited(picture: Image.Image) -> Image.Image:
    return within(picture, 900, 900)


def two_beside(picture: Image.Image, draw: Draw) -> Image.Image:
    mine = _limited(picture)
    gap = draw.dice.choice((0, 0, 6, 14))
    theirs = draw.other(draw.share(mine.width, 0.7, 1.3), mine.height)
    ground = canvas(mine.width + gap + theirs.width, mine.height, draw.colour(200, 255))
    first = draw.dice.random() < 0.5
    pasted(ground, mine, 0 if first else theirs.width + gap, 0)
    pasted(ground, theirs, mine.width + gap if first else 0, 0)
    return ground


def two_stacked(picture: Image.Image, draw: Draw) -> Image.Image:
    mine = _limited(picture)
    gap = draw.dice.choice((0, 0, 6, 14))
    theirs = draw.other(mine.width, draw.share(mine.height, 0.7, 1.3))
    ground = canvas(mine.width, mine.height + gap + theirs.height, draw.colour(0, 40))
    first = draw.dice.random() < 0.5
    pasted(ground, mine, 0, 0 if first else theirs.height + gap)
    pasted(ground, theirs, 0, mine.height + gap if first else 0)
    return ground


def four(picture: Image.Image, draw: Draw) -> Image.Image:
    """Four squares; the photograph is cut to one."""
    side, gap, place = draw.dice.randint(380, 560), draw.dice.choice((0, 4, 10)), draw.dice.randrange(4)
    ground = canvas(2 * side + gap, 2 * side + gap, (255, 255, 255))
    for at in range(4):
        shown = filled(picture, side, side) if at == place else draw.other(side, side)
        pasted(ground, shown, (at % 2) * (side + gap), (at // 2) * (side + gap))
    return ground


def four_whole(picture: Image.Image, draw: Draw) -> Image.Image:
    """Four alike, none of them cut."""
    mine, gap, place = within(picture, 600, 600), draw.dice.choice((0, 4, 10)), draw.dice.randrange(4)
    ground = canvas(2 * mine.width + gap, 2 * mine.height + gap, draw.colour(220, 255))
    for at in range(4):
        shown = mine if at == place else draw.other(*mine.size)
        pasted(ground, shown, (at % 2) * (mine.width + gap), (at // 2) * (mine.height + gap))
    return ground


def one_large_two_small(picture: Image.Image, draw: Draw) -> Image.Image:
    mine, gap = _limited(picture), draw.dice.choice((4, 8, 12))
    half = (mine.height - gap) // 2
    ground = canvas(mine.width + gap + half, mine.height, draw.colour(230, 255))
    pasted(ground, mine, 0, 0)
    for top in (0, half + gap):
        pasted(ground, draw.other(half, half), mine.width + gap, top)
    return ground


def inside_another(picture: Image.Image, draw: Draw) -> Image.Image:
    """Picture in picture: a third to a half of another one's width."""
    ground = draw.other(1200, draw.dice.choice((800, 900, 1200)))
    mine = within(picture, int(ground.width * draw.between(0.35, 0.55)), int(ground.height * 0.6))
    edge = draw.dice.choice((0, 4, 8))
    x = draw.dice.randint(edge + 10, ground.width - mine.width - edge - 10)
    y = draw.dice.randint(edge + 10, ground.height - mine.height - edge - 10)
    pasted(ground, canvas(mine.width + 2 * edge, mine.height + 2 * edge, (255, 255, 255)), x - edge, y - edge)
    pasted(ground, mine, x, y)
    return scaled(ground, draw.between(0.7, 1.0))


ATTACKS = {
    made.__name__: made for made in (two_beside, two_stacked, four, four_whole, one_large_two_small, inside_another)
}
