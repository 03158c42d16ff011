"""One thing after the other, as reposts go."""

from __future__ import annotations

from PIL import Image, ImageOps

from attacks import codec, crops, frames, overlays, screens, tones
from draw import Draw, again, jpeg, scaled


def repost(picture: Image.Image, draw: Draw) -> bytes:
    """Mirrored, cut a little, made smaller, encoded low."""
    cut = crops.ATTACKS["middle_5"](ImageOps.mirror(picture), draw)
    return jpeg(scaled(cut, draw.between(0.4, 0.7)), draw.dice.randint(40, 60))


def to_story(picture: Image.Image, draw: Draw) -> bytes:
    """Blurred bars, a caption over it, a messenger."""
    return codec.messenger(overlays.caption_small(frames.blurred_fill(picture, draw), draw), draw)


def screen_cut(picture: Image.Image, draw: Draw) -> bytes:
    """A screenshot cut to about the picture."""
    return jpeg(again(codec.messenger(screens.cropped_screen(picture, draw), draw)), 60)


def warm_cut(picture: Image.Image, draw: Draw) -> bytes:
    return jpeg(crops.ATTACKS["middle_10"](tones.warm(picture, draw), draw), draw.dice.randint(45, 55))


def meme_seen(picture: Image.Image, draw: Draw) -> Image.Image:
    """A meme in a gallery's screenshot."""
    return screens.gallery(frames.meme_bars(picture, draw), draw)


def framed_mirror(picture: Image.Image, draw: Draw) -> bytes:
    return codec.messenger(frames.border_colour(ImageOps.mirror(picture), draw), draw)


def grey_marked(picture: Image.Image, draw: Draw) -> bytes:
    """Grey, marked in a corner, twice through a messenger."""
    return codec.messenger_twice(overlays.mark_in_corner(tones.grey(picture, draw), draw), draw)


ATTACKS = {
    made.__name__: made for made in (repost, to_story, screen_cut, warm_cut, meme_seen, framed_mirror, grey_marked)
}
