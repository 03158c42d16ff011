"""What attacks draw with: everything random comes from one seed, so that an upload can be made again."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, int, int]

_TEXT = (
    "when the light is right over the hills we walk home and nobody says a word about yesterday so bring the dog "
    "a coffee and the blue jacket see you at eight near the old bridge it was great fun thanks for everything"
)
WORDS = _TEXT.split()
PHONES = ((1080, 1920), (1080, 2340), (1170, 2532), (750, 1334), (828, 1792), (720, 1600))


class Draw:
    """One upload's dice, and which photographs are visible in it beside its own."""

    def __init__(self, seed: str, others: Callable[[str], tuple[str, Image.Image]]) -> None:
        self.dice = random.Random(seed)
        self.numbers = np.random.default_rng(self.dice.getrandbits(64))
        self.shown: set[str] = set()
        self._others = others

    def between(self, low: float, high: float) -> float:
        """Gives a real number of the range."""
        return self.dice.uniform(low, high)

    def share(self, pixels: int, low: float, high: float) -> int:
        """Gives a whole number of pixels: a random share of so many, 1 at least."""
        return max(1, round(pixels * self.dice.uniform(low, high)))

    def one_of(self, *choices: object) -> object:
        """Gives one of them."""
        return self.dice.choice(choices)

    def colour(self, low: int = 0, high: int = 255) -> Colour:
        """Gives a colour."""
        return self.dice.randint(low, high), self.dice.randint(low, high), self.dice.randint(low, high)

    def theme(self) -> tuple[Colour, Colour]:
        """Gives a background and a colour to write on it: a light or a dark screen."""
        if self.dice.random() < 0.5:
            return self.colour(236, 255), self.colour(0, 60)
        return self.colour(0, 34), self.colour(200, 255)

    def words(self, least: int, most: int) -> str:
        """Gives some words."""
        return " ".join(self.dice.choices(WORDS, k=self.dice.randint(least, most)))

    def phone(self) -> tuple[int, int]:
        """Gives a phone's screen in pixels."""
        return self.dice.choice(PHONES)

    def other(self, width: int, height: int) -> Image.Image:
        """Gives another photograph, cut to this size; it counts as shown."""
        name, picture = self._others(str(self.dice.random()))
        self.shown.add(name)
        return filled(picture, width, height)


def jpeg(picture: Image.Image, quality: int) -> bytes:
    """Gives the bytes."""
    return encoded(picture, "JPEG", quality=quality)


def encoded(picture: Image.Image, format_: str, **options: int) -> bytes:
    """Gives the bytes."""
    out = io.BytesIO()
    picture.save(out, format_, **options)
    return out.getvalue()


def again(content: bytes) -> Image.Image:
    """Gives the picture that the bytes hold."""
    with Image.open(io.BytesIO(content)) as opened:
        return opened.convert("RGB")


def scaled(picture: Image.Image, factor: float) -> Image.Image:
    """Gives it larger or smaller."""
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    return picture.resize(size, Image.Resampling.BICUBIC)


def within(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Gives it as large as it fits, whole."""
    return scaled(picture, min(width / picture.width, height / picture.height))


def filled(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Gives it so that it covers the size, its middle cut out."""
    large = scaled(picture, max(width / picture.width, height / picture.height) * 1.001)
    x, y = max(0, (large.width - width) // 2), max(0, (large.height - height) // 2)
    return large.crop((x, y, x + width, y + height)).resize((width, height))


def canvas(width: int, height: int, colour: Colour) -> Image.Image:
    """Gives an empty picture."""
    return Image.new("RGB", (width, height), colour)


def pasted(onto: Image.Image, picture: Image.Image, x: int, y: int, radius: int = 0) -> None:
    """Puts a picture there, with round corners of so many pixels."""
    if not radius:
        onto.paste(picture, (x, y))
        return
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height - 1), radius, fill=255)
    onto.paste(picture, (x, y), mask)


def written(
    onto: Image.Image,
    at: tuple[float, float],
    text: str,
    size: float,
    colour: Colour,
    *,
    anchor: str = "lm",
    edge: int = 0,
) -> None:
    """Writes a line; `edge` is the width of a dark outline, in pixels."""
    font = ImageFont.load_default(max(8, size))
    ImageDraw.Draw(onto).text(at, text, font=font, fill=colour, anchor=anchor, stroke_width=edge, stroke_fill=(0, 0, 0))


def status_bar(onto: Image.Image, draw: Draw, height: int, colour: Colour) -> None:
    """Draws a phone's: time, network, battery."""
    written(onto, (height, height / 2), f"{draw.dice.randint(0, 23)}:{draw.dice.randint(10, 59)}", height * 0.5, colour)
    written(
        onto, (onto.width - height * 2, height / 2), f"{draw.dice.randint(5, 100)}%", height * 0.4, colour, anchor="rm"
    )
    pen = ImageDraw.Draw(onto)
    right, middle = onto.width - height // 2, height // 2
    pen.rounded_rectangle(
        (right - height, middle - height // 6, right, middle + height // 6), 4, outline=colour, width=3
    )


def buttons(onto: Image.Image, draw: Draw, top: int, height: int, colour: Colour, count: int) -> None:
    """Draws a row of icons."""
    pen = ImageDraw.Draw(onto)
    for at in range(count):
        x, y, r = onto.width * (at + 0.5) / count, top + height / 2, height * 0.18
        box = (x - r, y - r, x + r, y + r)
        kind = draw.dice.randrange(4)
        if kind == 0:
            pen.ellipse(box, outline=colour, width=4)
        elif kind == 1:
            pen.rectangle(box, outline=colour, width=4)
        elif kind == 2:
            pen.polygon([(x, y - r), (x - r, y + r), (x + r, y + r)], outline=colour, width=4)
        else:
            pen.line((x - r, y, x + r, y), fill=colour, width=5)


def sticker(onto: Image.Image, draw: Draw, x: float, y: float, size: float) -> None:
    """Draws a face, a heart or a star, `size` pixels wide, around a point."""
    pen, r = ImageDraw.Draw(onto), size / 2
    kind, colour = draw.dice.randrange(3), draw.colour(60, 255)
    if kind == 0:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(250, draw.dice.randint(180, 220), 40))
        for side in (-0.35, 0.35):
            pen.ellipse((x + r * (side - 0.1), y - r * 0.4, x + r * (side + 0.1), y - r * 0.1), fill=(40, 25, 10))
        pen.chord((x - r * 0.5, y - r * 0.2, x + r * 0.5, y + r * 0.6), 10, 170, fill=(120, 30, 20))
    elif kind == 1:
        for side in (-0.5, 0.5):
            pen.ellipse((x + r * (side - 0.5), y - r, x + r * (side + 0.5), y + r * 0.1), fill=colour)
        pen.polygon([(x - r * 0.93, y - r * 0.2), (x + r * 0.93, y - r * 0.2), (x, y + r)], fill=colour)
    else:
        turn = draw.between(0, 6.28)
        points = [(r if at % 2 == 0 else r * 0.45, turn + at * 0.6283) for at in range(10)]
        pen.polygon([(x + d * np.cos(a), y + d * np.sin(a)) for d, a in points], fill=colour, outline=(255, 255, 255))


def blurred(picture: Image.Image, share: float) -> Image.Image:
    """Gives it blurred, by a share of its shorter side."""
    return picture.filter(ImageFilter.GaussianBlur(min(picture.size) * share))


def as_array(picture: Image.Image) -> np.ndarray:
    """Gives height × width × 3 real numbers, 0 to 255."""
    return np.asarray(picture, np.float32)


def as_picture(values: np.ndarray) -> Image.Image:
    """Gives the picture of such numbers, cut to what bytes hold."""
    return Image.fromarray(np.clip(values + 0.5, 0, 255).astype(np.uint8))
