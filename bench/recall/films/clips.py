"""Which clips the bench uses: those of TAKEBACK_TEST_DATA where it is given, and always some that are drawn.

All are cut to some seconds and a small size, which bounds the run.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from pathlib import Path

import av
import numpy as np
from PIL import Image

from draw import Draw, canvas, filled, scaled, sticker, written
from photographs import Photograph, clip_files, copy_of, scikit_image

SECONDS, LONGEST_PIXELS, MOST_FPS = 13, 400, 12
#: The size of drawn clips.
WIDTH, HEIGHT = 400, 226

Frames = list[np.ndarray]


@dataclass(frozen=True)
class Clip:
    """A film in short: those with one `content` show the same thing and may be found for each other."""

    name: str
    content: str
    make: Callable[[], tuple[Frames, Fraction]]


def clips() -> list[Clip]:
    """Gives all of them."""
    read = [Clip(path.name, _content(path), partial(_read, path)) for path in clip_files()]
    drawn = {
        "drawn walk": partial(_walk, ("coffee.png", "chelsea.png", "rocket.jpg", "astronaut.png"), 2),
        "drawn slow": partial(_walk, ("hubble_deep_field.jpg", "motorcycle_left.png"), 6),
        "drawn quick": partial(_walk, ("ihc.png", "moon.png", "brick.png"), 1),
        "drawn motion": _motion,
    }
    return read + [Clip(name, name, make) for name, make in drawn.items()]


def title_traps() -> list[Clip]:
    """Gives films that have nothing in common but what stands before and after many films."""
    bodies = {"trap one": ("camera.png", "grass.png"), "trap two": ("retina.jpg", "coins.png")}
    return [Clip(name, name, partial(_with_titles, names)) for name, names in bodies.items()]


def _content(path: Path) -> str:
    """Variants of one film share the part of the name that is before the first `-` or `.`."""
    return path.name.split("__")[-1].split("-")[0].split(".")[0]


def _read(path: Path) -> tuple[Frames, Fraction]:
    frames: Frames = []
    with av.open(path) as container:
        stream = container.streams.video[0]
        rate = Fraction(stream.average_rate or 25).limit_denominator(1001)
        step = max(1, round(rate / MOST_FPS))
        for at, frame in enumerate(container.decode(stream)):
            if at % step == 0:
                picture = frame.to_image()
                if frame.rotation:
                    picture = picture.rotate(frame.rotation, expand=True)
                frames.append(_even(scaled(picture, min(1.0, LONGEST_PIXELS / max(picture.size)))))
            if at >= rate * SECONDS:
                break
    return frames, rate / step


def _even(picture: Image.Image) -> np.ndarray:
    width, height = (max(2, side // 2 * 2) for side in picture.size)
    return np.asarray(picture.resize((width, height)))


def _walk(names: tuple[str, ...], seconds: int) -> tuple[Frames, Fraction]:
    """Over one photograph after the other, nearer and across."""
    frames: Frames = []
    fps = MOST_FPS
    for at in range(12 * fps):
        number, since = divmod(at, seconds * fps)
        name = names[number % len(names)]
        picture = _wide(name)
        x, y = (since * 3) % 100, (since * (number % 3)) % 50
        frames.append(_even(picture.crop((x, y, x + WIDTH, y + HEIGHT))))
    return frames, Fraction(fps)


@cache
def _wide(name: str) -> Image.Image:
    return filled(copy_of(Photograph(name, scikit_image(name))), 500, 280)


def _motion() -> tuple[Frames, Fraction]:
    """Shapes that move before a still landscape."""
    dice = random.Random(7)
    ground = filled(copy_of(Photograph("gravel.png", scikit_image("gravel.png"))), WIDTH, HEIGHT)
    moving = [
        [dice.uniform(0, WIDTH), dice.uniform(0, HEIGHT), dice.uniform(-90, 90), dice.uniform(-60, 60)]
        for _ in range(6)
    ]
    frames: Frames = []
    for _ in range(12 * MOST_FPS):
        picture = ground.copy()
        draw = Draw("the same every time", lambda _: ("", ground))
        for shape in moving:
            sticker(picture, draw, shape[0] % WIDTH, shape[1] % HEIGHT, 80)
            shape[0] += shape[2] / MOST_FPS
            shape[1] += shape[3] / MOST_FPS
        frames.append(_even(picture))
    return frames, Fraction(MOST_FPS)


def _with_titles(names: tuple[str, ...]) -> tuple[Frames, Fraction]:
    """A test picture, a countdown and a title before, credits behind: as in many films."""
    body, fps = _walk(names, 3)
    cards = [(_bars(), 2), *((_count(number), 1) for number in (3, 2, 1)), (_card("A film by friends"), 2)]
    before = [_even(card) for card, seconds in cards for _ in range(seconds * MOST_FPS)]
    after = [_even(_card("Thank you for watching")) for _ in range(3 * MOST_FPS)]
    return before + body[: 6 * MOST_FPS] + after, fps


def _bars() -> Image.Image:
    card = canvas(WIDTH, HEIGHT, (16, 16, 16))
    colours = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))
    for at, colour in enumerate(colours):
        card.paste(colour, (at * WIDTH // 7, 0, (at + 1) * WIDTH // 7, HEIGHT * 2 // 3))
    return card


def _count(number: int) -> Image.Image:
    card = canvas(WIDTH, HEIGHT, (200, 200, 196))
    card.paste((90, 90, 90), (WIDTH // 2 - 2, 0, WIDTH // 2 + 2, HEIGHT))
    card.paste((90, 90, 90), (0, HEIGHT // 2 - 2, WIDTH, HEIGHT // 2 + 2))
    written(card, (WIDTH / 2, HEIGHT / 2), str(number), 150, (20, 20, 20), anchor="mm")
    return card


def _card(text: str) -> Image.Image:
    card = canvas(WIDTH, HEIGHT, (0, 0, 0))
    written(card, (WIDTH / 2, HEIGHT / 2), text, 34, (255, 255, 255), anchor="mm")
    return card
