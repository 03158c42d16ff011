"""What happens to photographs on their way, by family: each takes an RGB picture and dice, and gives an upload."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from attacks import (
    chains,
    codec,
    collages,
    crops,
    frames,
    noises,
    overlays,
    rephotos,
    screens,
    tilts,
    tones,
    turns,
)
from draw import Draw, encoded, jpeg

Attack = Callable[[Image.Image, Draw], Image.Image | bytes]

FAMILIES: dict[str, dict[str, Attack]] = {
    "codec, size": codec.ATTACKS,
    "screenshot": screens.ATTACKS,
    "frame": frames.ATTACKS,
    "collage": collages.ATTACKS,
    "crop": crops.ATTACKS,
    "tilt, warp": tilts.ATTACKS,
    "mirror, turn": turns.ATTACKS,
    "re-photo": rephotos.ATTACKS,
    "overlay": overlays.ATTACKS,
    "tone": tones.ATTACKS,
    "noise": noises.ATTACKS,
    "chain": chains.ATTACKS,
}


def made(attack: Attack, picture: Image.Image, draw: Draw) -> bytes:
    """Gives the upload's bytes: what an attack does not encode itself is a JPEG, or now and then a PNG."""
    upload = attack(picture.copy(), draw)
    if isinstance(upload, bytes):
        return upload
    if draw.dice.random() < 0.2:
        return encoded(upload, "PNG", compress_level=1)
    return jpeg(upload, draw.dice.randint(72, 92))
