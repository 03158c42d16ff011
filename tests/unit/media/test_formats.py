"""Every format that is read gives the fingerprint of the picture in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from support.pictures import photograph
from takeback.media import Fingerprinted, Fingerprinter
from takeback.media.canonical import _over_white
from takeback.media.sniff import image_format

ORIENTATION = 0x0112
#: Bits by which a lossy copy may differ from the original.
NEAR = 16


@pytest.fixture(scope="module")
def fingerprinter() -> Iterator[Fingerprinter]:
    with Fingerprinter() as made:
        yield made


def opened() -> Image.Image:
    return Image.open(io.BytesIO(photograph("coffee.png"))).convert("RGB")


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdq(made: object) -> int:
    assert isinstance(made, Fingerprinted)
    (found,) = (one for one in made.fingerprints if one.type == "pdq")
    return int(found.hex, 16)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
        ("TIFF", {"big_tiff": True}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"quality": 80}),
        ("AVIF", {"quality": 80}),
        ("JPEG", {"quality": 80}),
    ],
)
def test_each_format_is_read(fingerprinter: Fingerprinter, kind: str, options: dict[str, Any]) -> None:
    exact = pdq(fingerprinter.fingerprint(saved(opened(), "PNG")))
    made = pdq(fingerprinter.fingerprint(saved(opened(), kind, **options)))
    lossless = (kind in ("PNG", "BMP", "TIFF") and options.get("compression") != "jpeg") or options.get("lossless")
    assert (made ^ exact).bit_count() <= (0 if lossless else NEAR)


@pytest.mark.parametrize("kind", ["TIFF", "AVIF", "PNG", "JPEG", "WEBP"])
def test_each_format_is_turned_upright(fingerprinter: Fingerprinter, kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # stored lying on its side
    lying = saved(opened().transpose(Image.Transpose.ROTATE_90), kind, exif=exif)
    assert (
        pdq(fingerprinter.fingerprint(lying)) ^ pdq(fingerprinter.fingerprint(photograph("coffee.png")))
    ).bit_count() <= NEAR


def test_iphone_pictures_are_read(fingerprinter: Fingerprinter, test_data: Path) -> None:
    """HEIC, with the extra `heif`: as large as the phone made it, and of full quality."""
    files = [path for path in (test_data / "formats").iterdir() if path.suffix.lower() in (".heic", ".heif")]
    assert len(files) >= 4
    for file in files:
        made = fingerprinter.fingerprint(file)
        assert isinstance(made, Fingerprinted), file.name
        assert made.fingerprints[-1].quality == 100


@pytest.mark.parametrize(
    ("begin", "format_"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
        (b"\0\0\0\x20ftypavis\0\0\0\0avifavismsf1", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", None),
        (b"\0\0\0\x08ftyp", None),
        (b"BM6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "BMP"),
        (b"BM is how this letter begins, Sir", None),
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"", None),
    ],
)
def test_a_file_is_what_its_bytes_say(begin: bytes, format_: str | None) -> None:
    assert image_format(begin) == format_


def test_what_is_partly_seen_through_is_rounded_as_the_spec_says() -> None:
    channel, alpha = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(256, dtype=np.uint8))
    strip = Image.fromarray(np.stack([channel, channel, channel, alpha], axis=2))
    expected = np.floor(channel.astype(int) * alpha / 255 + 0.5) + 255 - alpha
    assert (np.asarray(_over_white(strip))[:, :, 0] == expected).all()
