"""Encoded anew, made smaller: what every messenger and site does."""

from __future__ import annotations

from PIL import Image

from draw import Draw, again, encoded, jpeg, scaled


def jpeg_high(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(picture, draw.dice.randint(85, 95))


def jpeg_middle(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(picture, draw.dice.randint(55, 75))


def jpeg_low(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(picture, draw.dice.randint(28, 42))


def jpeg_lowest(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(picture, draw.dice.randint(15, 22))


def png(picture: Image.Image, _: Draw) -> bytes:
    return encoded(picture, "PNG", compress_level=1)


def webp(picture: Image.Image, draw: Draw) -> bytes:
    return encoded(picture, "WEBP", quality=draw.dice.randint(45, 80), method=1)


def avif(picture: Image.Image, draw: Draw) -> bytes:
    return encoded(picture, "AVIF", quality=draw.dice.randint(40, 70), speed=10)


def gif(picture: Image.Image, _: Draw) -> bytes:
    return encoded(picture.quantize(256), "GIF")


def half(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(scaled(picture, draw.between(0.45, 0.6)), 85)


def quarter(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(scaled(picture, draw.between(0.22, 0.3)), 85)


def thumbnail(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(scaled(picture, draw.dice.randint(150, 240) / max(picture.size)), 85)


def messenger(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(scaled(picture, min(1.0, draw.dice.choice((800, 1024, 1280)) / max(picture.size))), 70)


def messenger_twice(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(scaled(again(messenger(picture, draw)), draw.between(0.6, 0.9)), draw.dice.randint(45, 60))


ATTACKS = {
    made.__name__: made
    for made in (
        *(jpeg_high, jpeg_middle, jpeg_low, jpeg_lowest, png, webp, avif, gif),
        *(half, quarter, thumbnail, messenger, messenger_twice),
    )
}
