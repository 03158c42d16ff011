"""Cards are told from scenes, in a frame and in a film."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from support import films
from support.pictures import PHOTOGRAPHS, photograph
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.types import Fingerprint, FingerprintType
from takeback.fingerprints.variants import Effort
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.cards import is_card, is_card_at

SIZE = 480, 272


def blank(colour: str = "black") -> Image.Image:
    return Image.new("RGB", SIZE, colour)


def title(ground: Image.Image, text: str = "A film by friends", size: int = 34) -> Image.Image:
    ImageDraw.Draw(ground).text((240, 136), text, fill="white", anchor="mm", font=ImageFont.load_default(size))
    return ground


def bars() -> Image.Image:
    picture = blank()
    for at, colour in enumerate(("#c0c0c0", "#c0c000", "#00c0c0", "#00c000", "#c000c0", "#c00000", "#0000c0")):
        picture.paste(colour, (at * 480 // 7, 0, (at + 1) * 480 // 7, 190))
    return picture


def ramp() -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE).convert("RGB")


def countdown() -> Image.Image:
    picture = blank("#646464")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((120, 16, 360, 256), outline="white", width=2)
    pen.line((0, 136, 480, 136), fill="white", width=2)
    return title(picture, "3", 120)


def as_jpeg(picture: Image.Image) -> Image.Image:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return Image.open(io.BytesIO(out.getvalue()))


CARDS = {"blank": blank, "bars": bars, "ramp": ramp, "countdown": countdown}
CARDS |= {"title": lambda: title(blank()), "title on a ramp": lambda: title(ramp())}


@pytest.mark.parametrize("draw", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize("scale", [0.75, 1, 4])
def test_cards(draw: Callable[[], Image.Image], scale: float) -> None:
    picture = as_jpeg(draw().resize((int(480 * scale), int(272 * scale))))
    assert is_card(picture.convert("L"))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_no_cards(name: str) -> None:
    assert not is_card(Image.open(io.BytesIO(photograph(name))).convert("L"))


@pytest.mark.parametrize("size", [(480, 480), (480, 853)], ids=["letterbox", "9:16"])
def test_a_scene_between_bars_is_no_card(size: tuple[int, int]) -> None:
    boxed = Image.new("RGB", size)
    boxed.paste(Image.fromarray(films.scenes(0.1)[0]), (0, (size[1] - 272) // 2))
    assert not is_card(as_jpeg(boxed).convert("L"))


def test_the_list_is_not_asked_for_cards() -> None:
    cards = [np.asarray(draw().convert("RGB")) for draw in CARDS.values() for _ in range(24)]
    with Fingerprinter(quick=True) as quick:
        made = quick.fingerprint(films.encoded([*cards, *films.scenes(3)]))
    assert isinstance(made, Fingerprinted)
    seconds = {one.at for one in made.fingerprints if one.type is FingerprintType.VPDQ}
    assert min(at for at in seconds if at is not None) == len(CARDS)


def seconds_of(made: object) -> list[int | None]:
    assert isinstance(made, Fingerprinted)
    return [one.at for one in made.fingerprints if one.type is FingerprintType.VPDQ]


def test_cards_are_not_listed() -> None:
    cards = [np.asarray(draw().convert("RGB")) for draw in CARDS.values() for _ in range(24)]
    frames = [*cards, *films.scenes(3)]
    moving, out = [Image.fromarray(frame) for frame in frames[::24]], io.BytesIO()
    moving[0].save(out, "WEBP", save_all=True, append_images=moving[1:], duration=1000, quality=80)
    with Fingerprinter() as canonical:
        for content in (films.encoded(frames), out.getvalue()):
            assert seconds_of(canonical.fingerprint(content)) == [len(CARDS) + at for at in range(3)]


@pytest.mark.parametrize("quick", [False, True])
def test_a_film_of_hardly_anything_but_cards_keeps_them(quick: bool) -> None:
    """It may be a room in the dark, and is then found by that."""
    with Fingerprinter(quick=quick) as fingerprinter:
        made = fingerprinter.fingerprint(films.encoded([np.asarray(countdown())] * 24 * 4))
    assert seconds_of(made)


def test_a_card_in_a_frame_is_not_looked_at() -> None:
    framed = Image.fromarray(films.scenes(0.1)[0]).resize((600, 392))
    framed.paste(countdown(), (60, 60))
    assert is_card_at(framed.convert("L"), (0.1, 60 / 392, 0.9, 332 / 392))
    assert not is_card_at(framed.convert("L"), (0, 0, 1, 1))
    frames = [np.asarray(framed)] * 24
    with Fingerprinter(quick=True, effort=Effort.FIRST) as quick, Fingerprinter() as canonical:
        asked = quick.fingerprint(films.encoded(frames))
        (card,) = [one for one in made_of(canonical, countdown()) if one.type is FingerprintType.PDQ]
    assert isinstance(asked, Fingerprinted)
    assert asked.fingerprints[2:]  # the frame around it is asked about
    assert [one for one in asked.fingerprints[2:] if hamming(one.value, card.value) <= 31] == []


def made_of(fingerprinter: Fingerprinter, picture: Image.Image) -> tuple[Fingerprint, ...]:
    out = io.BytesIO()
    picture.save(out, "PNG")
    made = fingerprinter.fingerprint(out.getvalue())
    assert isinstance(made, Fingerprinted)
    return made.fingerprints
