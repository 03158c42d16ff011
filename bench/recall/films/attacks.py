"""What happens to clips on their way. Each takes frames and their rate, and gives an upload's bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from draw import (
    Draw,
    as_array,
    as_picture,
    blurred,
    buttons,
    canvas,
    filled,
    pasted,
    scaled,
    status_bar,
    sticker,
    within,
    written,
)
from support.films import encoded

Change = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True)
class Cut:
    """Pictures and how many are shown a second."""

    frames: list[np.ndarray]
    fps: Fraction

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.frames) / float(self.fps)

    def part(self, begin: float, end: float) -> Cut:
        """Gives what is shown between two seconds."""
        return replace(self, frames=self.frames[round(begin * self.fps) : round(end * self.fps)])

    def changed(self, change: Change) -> Cut:
        """Gives each picture changed."""
        return replace(self, frames=[np.asarray(change(Image.fromarray(one))) for one in self.frames])

    def at_rate(self, fps: Fraction) -> Cut:
        """Gives the same at another rate: pictures are left out or shown twice."""
        count = int(len(self.frames) * fps / self.fps)
        return Cut([self.frames[min(len(self.frames) - 1, int(at * self.fps / fps))] for at in range(count)], fps)


Attack = Callable[[Cut, Draw, Callable[[], Cut]], bytes | None]

_H264 = {"crf": "26", "preset": "ultrafast", "g": "60"}


def h264(cut: Cut, **options: str) -> bytes:
    """Gives an MP4; sides become even."""
    frames = cut.frames
    height, width = frames[0].shape[:2]
    if height % 2 or width % 2:
        frames = [one[: height // 2 * 2, : width // 2 * 2] for one in frames]
    return encoded(frames, "mp4", options={**_H264, **options}, fps=cut.fps)


def _plain(change: Callable[[Cut, Draw], Cut | None], **options: str) -> Attack:
    def attack(cut: Cut, draw: Draw, _: Callable[[], Cut]) -> bytes | None:
        made = change(cut, draw)
        return h264(made, **options) if made else None

    return attack


def _each(make: Callable[[Cut, Draw], Change]) -> Attack:
    """One change for all pictures, drawn once."""
    return _plain(lambda cut, draw: cut.changed(make(cut, draw)))


def _size(cut: Cut) -> tuple[int, int]:
    height, width = cut.frames[0].shape[:2]
    return width, height


def _cropped(share: float) -> Callable[[Cut, Draw], Change]:
    def make(cut: Cut, _: Draw) -> Change:
        width, height = _size(cut)
        x, y = round(width * share / 2), round(height * share / 2)
        return lambda picture: picture.crop((x, y, width - x, height - y))

    return make


def _on(width: int, height: int, shown: tuple[int, int], at: tuple[int, int], ground: Image.Image) -> Change:
    def put(picture: Image.Image) -> Image.Image:
        onto = ground.copy()
        pasted(onto, picture.resize(shown), *at)
        return onto

    assert ground.size == (width, height)
    return put


def _boxed(cut: Cut, draw: Draw, width: int, height: int) -> Change:
    shown = within(Image.fromarray(cut.frames[0]), width, height).size
    at = (width - shown[0]) // 2, (height - shown[1]) // 2
    return _on(width, height, shown, at, canvas(width, height, draw.colour(0, 25)))


def letterbox(cut: Cut, draw: Draw) -> Change:
    side = max(_size(cut)) // 2 * 2
    return _boxed(cut, draw, side, side if _size(cut)[0] != _size(cut)[1] else side * 4 // 3)


def pillarbox(cut: Cut, draw: Draw) -> Change:
    width, height = _size(cut)
    return _boxed(cut, draw, 360, 640) if width >= height else _boxed(cut, draw, 640, 360)


def blurred_fill(cut: Cut, draw: Draw) -> Change:
    width, height = (360, 640) if _size(cut)[0] >= _size(cut)[1] else (640, 360)
    soft, dim = draw.between(0.02, 0.05), draw.between(0.6, 1.0)

    def fill(picture: Image.Image) -> Image.Image:
        small = blurred(filled(picture, width // 4, height // 4), soft).resize((width, height))
        onto = ImageEnhance.Brightness(small).enhance(dim)
        shown = within(picture, width, height)
        pasted(onto, shown, (width - shown.width) // 2, (height - shown.height) // 2)
        return onto

    return fill


def border(cut: Cut, draw: Draw) -> Change:
    edge = draw.share(min(_size(cut)), 0.06, 0.1) // 2 * 2
    width, height = (side + 2 * edge for side in _size(cut))
    return _on(width, height, _size(cut), (edge, edge), canvas(width, height, draw.colour()))


def screen_recording(cut: Cut, draw: Draw) -> Change:
    width, height = draw.dice.choice(((540, 960), (540, 1170), (486, 1052)))
    ground, ink = draw.theme()
    screen, bar = canvas(width, height, ground), height // 26
    status_bar(screen, draw, bar, ink)
    written(screen, (bar * 2, bar * 2), draw.words(1, 3), bar * 0.5, ink)
    buttons(screen, draw, height - bar * 2, bar * 2, ink, 5)
    shown = within(Image.fromarray(cut.frames[0]), width, height - bar * 6).size
    at = (width - shown[0]) // 2, (height - shown[1]) // 2 + draw.dice.randint(-bar, bar)
    return _on(width, height, shown, at, screen)


def warm(_: Cut, draw: Draw) -> Change:
    tint = np.array([draw.between(1.08, 1.18), 1.0, draw.between(0.75, 0.88)], np.float32)
    return lambda picture: as_picture(as_array(picture) * tint)


def brighter(_: Cut, draw: Draw) -> Change:
    factor = draw.between(1.2, 1.35)
    return lambda picture: ImageEnhance.Brightness(picture).enhance(factor)


def grey(_: Cut, __: Draw) -> Change:
    return lambda picture: ImageOps.grayscale(picture).convert("RGB")


def mirror(_: Cut, __: Draw) -> Change:
    return ImageOps.mirror


def quarter_turn(_: Cut, draw: Draw) -> Change:
    way = draw.dice.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270))
    return lambda picture: picture.transpose(way)


def _over(paint: Callable[[Image.Image, Draw], None]) -> Callable[[Cut, Draw], Change]:
    """The same thing painted on every picture."""

    def make(_: Cut, draw: Draw) -> Change:
        seed = str(draw.dice.random())

        def change(picture: Image.Image) -> Image.Image:
            painted = picture.copy()
            paint(painted, Draw(seed, lambda _: ("", picture)))
            return painted

        return change

    return make


def _logo(picture: Image.Image, draw: Draw) -> None:
    sticker(picture, draw, picture.width * 0.9, picture.height * 0.12, min(picture.size) * draw.between(0.08, 0.12))
    written(
        picture,
        (picture.width * 0.84, picture.height * 0.12),
        draw.words(1, 1),
        picture.height * 0.05,
        (255, 255, 255),
        anchor="rm",
    )


def _caption(picture: Image.Image, draw: Draw) -> None:
    at = picture.width / 2, picture.height * draw.dice.choice((0.1, 0.88))
    written(
        picture, at, draw.words(2, 4), picture.height * draw.between(0.06, 0.09), (255, 255, 255), anchor="mm", edge=2
    )


def _stickers(picture: Image.Image, draw: Draw) -> None:
    for _ in range(2):
        x, y = picture.width * draw.between(0.15, 0.85), picture.height * draw.between(0.15, 0.85)
        sticker(picture, draw, x, y, min(picture.size) * draw.between(0.14, 0.22))


def _excerpt(seconds: float) -> Attack:
    """From anywhere, so that it does not begin on a whole second; of what is longer by two seconds at least."""

    def cut_out(cut: Cut, draw: Draw) -> Cut | None:
        if cut.seconds < seconds + 2:
            return None
        begin = draw.between(0, cut.seconds - seconds)
        return cut.part(begin, begin + seconds)

    return _plain(cut_out)


def _long(seconds: float, change: Callable[[Cut, Draw], Cut]) -> Attack:
    """Of clips that are so long only."""
    return _plain(lambda cut, draw: change(cut, draw) if cut.seconds >= seconds else None)


def _at_speed(factor: Fraction) -> Attack:
    """The same pictures shown quicker, then at the usual rate again."""
    return _plain(lambda cut, _: Cut(cut.frames, cut.fps * factor).at_rate(cut.fps))


def _joined(cut: Cut, size: tuple[int, int], parts: Iterable[Cut]) -> Cut:
    frames = [np.asarray(filled(Image.fromarray(one), *size)) for part in parts for one in part.at_rate(cut.fps).frames]
    return Cut(frames, cut.fps)


def after_unrelated(cut: Cut, _: Draw, other: Callable[[], Cut]) -> bytes:
    before = other().part(0, 5)
    return h264(_joined(cut, _size(cut), (before, cut)))


def inside_unrelated(cut: Cut, draw: Draw, other: Callable[[], Cut]) -> bytes:
    """A middle part, between two halves of another film."""
    around, long = other(), min(cut.seconds * 0.6, 6.0)
    begin, half = draw.between(0, cut.seconds - long), min(around.seconds / 2, 5.0)
    parts = around.part(0, half), cut.part(begin, begin + long), around.part(half, 2 * half)
    return h264(_joined(cut, _size(cut), parts))


def vp9_low(cut: Cut, _: Draw, __: Callable[[], Cut]) -> bytes:
    options = {"cpu-used": "8", "deadline": "realtime", "b": "150k"}
    return encoded(cut.frames, "webm", "libvpx-vp9", options=options, fps=cut.fps)


def mpeg4_avi(cut: Cut, _: Draw, __: Callable[[], Cut]) -> bytes:
    return encoded(cut.frames, "avi", "mpeg4", options={"b": "500k"}, fps=cut.fps)


def gif(cut: Cut, _: Draw, __: Callable[[], Cut]) -> bytes:
    """At five a second, 320 pixels."""
    few = cut.at_rate(Fraction(5)).frames
    frames = [scaled(Image.fromarray(one), 320 / max(one.shape)).quantize(128) for one in few]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)
    return out.getvalue()


def _smaller(cut: Cut, factor: float) -> Cut:
    width, height = (max(2, round(side * factor) // 2 * 2) for side in _size(cut))
    return cut.changed(lambda picture: picture.resize((width, height)))


def _both(*makers: Callable[[Cut, Draw], Change]) -> Callable[[Cut, Draw], Cut]:
    """One change after the other."""

    def change(cut: Cut, draw: Draw) -> Cut:
        for make in makers:
            cut = cut.changed(make(cut, draw))
        return cut

    return change


ATTACKS: dict[str, Attack] = {
    "encoded anew": _plain(lambda cut, _: cut),
    "crf 38": _plain(lambda cut, _: cut, crf="38"),
    "low bitrate, 240 p": _plain(lambda cut, _: _smaller(cut, 0.55), b="100k", crf="-1", preset="veryfast"),
    "vp9, low": vp9_low,
    "mpeg-4 in avi": mpeg4_avi,
    "gif": gif,
    "10 frames a second": _plain(lambda cut, _: cut.at_rate(Fraction(10))),
    "50 frames a second": _plain(lambda cut, _: cut.at_rate(Fraction(50))),
    "half size": _plain(lambda cut, _: _smaller(cut, 0.5)),
    "crop 5 %": _each(_cropped(0.05)),
    "crop 10 %": _each(_cropped(0.1)),
    "crop 20 %": _each(_cropped(0.2)),
    "letterbox": _each(letterbox),
    "pillarbox": _each(pillarbox),
    "blurred fill": _each(blurred_fill),
    "border": _each(border),
    "screen recording": _each(screen_recording),
    "mirror": _each(mirror),
    "quarter turn": _each(quarter_turn),
    "speed 1.25": _at_speed(Fraction(5, 4)),
    "speed 0.8": _at_speed(Fraction(4, 5)),
    "grey": _each(grey),
    "brighter": _each(brighter),
    "warm": _each(warm),
    "start cut off": _long(5, lambda cut, draw: cut.part(draw.between(1.5, 2.5), cut.seconds)),
    "end cut off": _long(5, lambda cut, draw: cut.part(0, cut.seconds - draw.between(1.5, 2.5))),
    "middle half": _plain(lambda cut, _: cut.part(cut.seconds / 4, cut.seconds * 3 / 4)),
    "excerpt 10 s": _excerpt(10),
    "excerpt 5 s": _excerpt(5),
    "excerpt 2 s": _excerpt(2),
    "logo": _each(_over(_logo)),
    "caption": _each(_over(_caption)),
    "stickers": _each(_over(_stickers)),
    "after another film": after_unrelated,
    "inside another film": inside_unrelated,
    "mirror, crop, logo": _plain(_both(mirror, _cropped(0.06), _over(_logo))),
    "screen recording, excerpt": _long(6, lambda cut, draw: _both(screen_recording)(cut.part(1.3, 6.0), draw)),
    "border, caption, low": _plain(_both(border, _over(_caption)), crf="36"),
    "grey, speed 1.25": _plain(
        lambda cut, draw: Cut(_both(grey)(cut, draw).frames, cut.fps * Fraction(5, 4)).at_rate(cut.fps)
    ),
}
