"""What a list is asked about an upload: each variant undoes what it is named after."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from support.pictures import photograph
from takeback.fingerprints.distance import hamming
from takeback.fingerprints.edits import Protection, edits_of
from takeback.fingerprints.pdq import Layout, pdq_of_plane
from takeback.fingerprints.plane import BOX_SIDE, EDIT_SIDE, Plane
from takeback.fingerprints.types import Fingerprint
from takeback.fingerprints.variants import VARIANTS, Effort, VariantKind, variants_of

#: Bits: as near as a strong match.
NEAR = 31
NAMES = ("astronaut.png", "coffee.png", "motorcycle_left.png")


def plane_of(picture: Image.Image, side: int = BOX_SIDE) -> tuple[Fingerprint, Plane]:
    pixels = np.ascontiguousarray(np.asarray(picture.convert("L")))
    height, width = pixels.shape
    plane = Plane(width, height, side=side)
    plane.rows(pixels.tobytes(), layout=Layout.GREY8, rows=height, stride=width)
    return pdq_of_plane(pixels.tobytes(), width=width, height=height, layout=Layout.GREY8), plane


def variants(picture: Image.Image, effort: Effort, *, frame: bool = False) -> dict[str, bytes]:
    own, plane = plane_of(picture)
    return {str(one.variant): one.value for one in variants_of(own, plane, effort, frame=frame)}


def cut(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))


CHANGES = [
    ("turned-270", lambda p: p.rotate(90, expand=True)),
    ("turned-180", lambda p: p.rotate(180)),
    ("turned-90", lambda p: p.rotate(270, expand=True)),
    ("mirrored", ImageOps.mirror),
    ("upside-down", ImageOps.flip),
    ("transposed", lambda p: p.transpose(Image.Transpose.TRANSPOSE)),
    ("transversed", lambda p: p.transpose(Image.Transpose.TRANSVERSE)),
    ("negative", ImageOps.invert),
    ("window-10", lambda p: ImageOps.expand(p, (p.width // 8, p.height // 8), (90, 90, 90))),
    ("padded-5", lambda p: cut(p, 0.0455, 0.0455, 0.9545, 0.9545)),
    ("padded-left-10", lambda p: cut(p, 0.0909, 0, 1, 1)),
    ("padded-bottom-10", lambda p: cut(p, 0, 0, 1, 0.9091)),
    ("tilted-3-padded", lambda p: cut(p.rotate(-3, Image.Resampling.BICUBIC), 0.03, 0.03, 0.97, 0.97)),
    ("tilted--3-padded", lambda p: cut(p.rotate(3, Image.Resampling.BICUBIC), 0.03, 0.03, 0.97, 0.97)),
]


@pytest.mark.parametrize(("name", "change"), CHANGES)
def test_each_undoes_what_it_is_named_after(name: str, change) -> None:
    nearer = []
    for file in NAMES:
        picture = Image.open(io.BytesIO(photograph(file))).convert("RGB")
        listed, _ = plane_of(picture)
        own, _ = plane_of(change(picture))
        looked = hamming(variants(change(picture), Effort.FULL)[name], listed.value)
        nearer.append((looked <= NEAR or looked < hamming(own.value, listed.value) - NEAR) and looked <= 48)
    assert sum(nearer) >= len(NAMES) - 1


@pytest.mark.parametrize("effort", Effort)
def test_effort_decides_how_much_is_tried(effort: Effort) -> None:
    picture = Image.open(io.BytesIO(photograph("astronaut.png")))
    tried = variants(picture, effort)
    kinds = {VARIANTS[name].kind for name in tried}
    if effort is Effort.PLAIN:
        assert not tried
    elif effort is Effort.FIRST:
        assert kinds <= {VariantKind.UPLOAD, VariantKind.TURNED, VariantKind.NEGATIVE, VariantKind.BOX}
        assert len(tried) <= 25
    else:
        assert kinds == set(VariantKind) - {VariantKind.CARD}
        assert len(tried) <= len(VARIANTS) - 1
    assert set(variants(picture, effort, frame=True)) <= set(tried)


def test_a_part_of_the_upload_may_be_what_the_owner_listed() -> None:
    """An owner lists the middle; a platform that looks at parts of the whole upload finds it."""
    for file in NAMES:
        picture = Image.open(io.BytesIO(photograph(file)))
        _, plane = plane_of(picture, EDIT_SIDE)
        middle = next(edit for edit in edits_of(Protection.USUAL, *picture.size) if edit.name == "centre-20")
        listed = plane.pdq((middle.left, middle.top, middle.right, middle.bottom))[0].value
        assert hamming(variants(picture, Effort.FULL)["window-10"], listed) <= 8
